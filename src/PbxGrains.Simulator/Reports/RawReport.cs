using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PbxGrains.Simulator.Reports;

/// <summary>Sends one report over a new connection, byte for byte as the samples print it (sheet, section 7.1).</summary>
internal static class RawReport
{
    private const int LongestStatusLine = 256;

    /// <summary>The request as it goes over the wire.</summary>
    public static byte[] Compose(ReportTarget target, ReadOnlySpan<byte> body, bool hostHasSpace, bool acceptIsDoubled)
    {
        const string Accept = "Accept: application/json\r\n";
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {target.Path} HTTP/1.1\r\nUser-Agent: WebAPI\r\nHost: {target.Host}:{(hostHasSpace ? " " : "")}{target.Port}\r\nContent-Type: application/json\r\n{Accept}{(acceptIsDoubled ? Accept : "")}Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    /// <summary>Sends and waits for the answer.</summary>
    /// <param name="source">The PBX's own address, from which the connection comes.</param>
    /// <param name="target">Whom to tell; only loopback is spoken to.</param>
    /// <param name="request">The bytes of <see cref="Compose" />.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether a 200 came back.</returns>
    public static async Task<bool> SendAsync(IPAddress source, ReportTarget target, byte[] request, CancellationToken ct)
    {
        var address = target.Host is "localhost" ? IPAddress.Loopback : IPAddress.TryParse(target.Host, out var parsed) ? parsed : null;
        if (address is null || !IPAddress.IsLoopback(address) || address.AddressFamily is not AddressFamily.InterNetwork)
        {
            return false;
        }

        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(new IPEndPoint(address, target.Port), ct);
            for (var sent = 0; sent < request.Length;)
            {
                sent += await socket.SendAsync(request.AsMemory(sent), SocketFlags.None, ct);
            }

            return await ReadsOkAsync(socket, ct);
        }
        catch (Exception unreachable) when (unreachable is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<bool> ReadsOkAsync(Socket socket, CancellationToken ct)
    {
        var buffer = new byte[LongestStatusLine];
        var length = 0;
        while (length < buffer.Length && !buffer.AsSpan(0, length).Contains((byte)'\n'))
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, ct);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        var line = Encoding.ASCII.GetString(buffer, 0, length);
        return line.Split([' ', '\r'], 3) is ["HTTP/1.1" or "HTTP/1.0", "200", ..];
    }
}
