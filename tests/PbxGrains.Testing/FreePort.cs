using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Testing;

/// <summary>
/// Picks ports nobody uses. They lie below those the system gives to outgoing connections, and none is handed out twice in a
/// process: between picking one and listening on it a host takes seconds to start.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int _picked = Random.Shared.Next(Count);

    /// <summary>A TCP port that was free on the address a moment ago.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static int Next(string address = "127.0.0.1")
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _picked) % Count);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Somebody's.
            }
        }

        throw new InvalidOperationException($"No port from {First} on is free on {address}.");
    }
}
