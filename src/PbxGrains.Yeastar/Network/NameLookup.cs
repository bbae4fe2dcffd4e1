using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Yeastar.Network;

/// <summary>Looks up where a PBX's name leads.</summary>
public static class NameLookup
{
    /// <summary>The addresses of a name; an address is its own. Empty when the name is not known, or nobody told in time.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="limit">Time limit.</param>
    /// <param name="time">Clock of the limit.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IReadOnlyList<IPAddress>> FindAsync(string host, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await Dns.GetHostAddressesAsync(host, either.Token);
        }
        catch (SocketException)
        {
            return [];
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return [];
        }
    }
}
