using System.Net.Sockets;
using System.Text;

namespace PbxGrains.Yeastar.Network;

/// <summary>What plain HTTP on a port came to.</summary>
/// <param name="Status">HTTP status; null when what answered was no HTTP, or nothing did.</param>
/// <param name="Location">Where it redirects to, without query; null when it does not.</param>
public sealed record RedirectReading(int? Status, Uri? Location)
{
    /// <summary>True when it sends browsers elsewhere.</summary>
    public bool Redirects => Status is >= 300 and < 400 && Location is not null;
}

/// <summary>Asks a PBX's web server for its first page over plain HTTP, and reads no more than the head of the answer.</summary>
public static class RedirectProbe
{
    private const int LongestHead = 8 * 1024;

    /// <summary>Asks once.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">The port.</param>
    /// <param name="limit">Time limit for all of it.</param>
    /// <param name="time">Clock of the limit.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<RedirectReading> ReadAsync(string host, int port, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, either.Token);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nUser-Agent: PbxGrains\r\n\r\n"), either.Token);
            return Read(await HeadAsync(stream, either.Token));
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new RedirectReading(Status: null, Location: null);
        }
    }

    /// <summary>Reads the head of an answer. Pure.</summary>
    public static RedirectReading Read(string head)
    {
        var lines = head.Split("\r\n");
        var first = lines[0].Split(' ');
        if (first.Length < 2 || !first[0].StartsWith("HTTP/", StringComparison.Ordinal) || !int.TryParse(first[1], System.Globalization.CultureInfo.InvariantCulture, out var status))
        {
            return new RedirectReading(Status: null, Location: null);
        }

        var header = Array.Find(lines, line => line.StartsWith("Location:", StringComparison.OrdinalIgnoreCase))?["Location:".Length..].Trim();
        return new RedirectReading(status, Uri.TryCreate(header, UriKind.Absolute, out var location) ? new Uri(location.GetLeftPart(UriPartial.Path)) : null);
    }

    private static async Task<string> HeadAsync(NetworkStream stream, CancellationToken ct)
    {
        var head = new byte[LongestHead];
        var length = 0;
        while (length < head.Length && head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), ct);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.Latin1.GetString(head, 0, length);
    }
}
