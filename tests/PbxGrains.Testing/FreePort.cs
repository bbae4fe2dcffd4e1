using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Testing;

/// <summary>Picks ports nobody uses.</summary>
public static class FreePort
{
    /// <summary>A TCP port that was free on the address a moment ago.</summary>
    public static int Next(string address = "127.0.0.1")
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
