using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Yeastar.Network;

/// <summary>Finds out by which of this machine's addresses a host is reached.</summary>
public static class Outlet
{
    /// <summary>Asks the routing table: a datagram socket is tied to the address, and nothing is sent.</summary>
    /// <returns>Null when there is no route there.</returns>
    public static IPAddress? Towards(IPAddress address)
    {
        const int AnyPort = 9;
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(address, AnyPort);
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
