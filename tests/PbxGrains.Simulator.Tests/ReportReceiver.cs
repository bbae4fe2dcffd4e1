using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PbxGrains.Testing;

namespace PbxGrains.Simulator.Tests;

/// <summary>Takes reports as raw bytes and answers what the test wants.</summary>
internal sealed class ReportReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _sources = new();
    private readonly Task _loop;

    public ReportReceiver()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Status line of the answers.</summary>
    public string Answer { get; set; } = "HTTP/1.1 200 OK";

    public IReadOnlyList<string> Requests => [.. _requests];

    public IReadOnlyList<string> Bodies => [.. _requests.Select(static request => request.Split("\r\n\r\n", 2)[1])];

    /// <summary>Addresses the reports came from.</summary>
    public IReadOnlyList<string> Sources => [.. _sources];

    public IReadOnlyList<string> BodiesWith(string text) => [.. Bodies.Where(body => body.Contains(text, StringComparison.Ordinal))];

    public async Task<IReadOnlyList<string>> WaitForAsync(string text, int count = 1)
    {
        await Eventually.Holds(() => BodiesWith(text).Count >= count, $"{count} reports with {text}");
        return BodiesWith(text);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                _sources.Enqueue(((IPEndPoint)socket.RemoteEndPoint!).Address.ToString());
                _requests.Enqueue(await ReadAsync(socket));
                _ = await socket.SendAsync(Encoding.ASCII.GetBytes($"{Answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task<string> ReadAsync(Socket socket)
    {
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var text = Encoding.UTF8.GetString([.. bytes]);
            if (text.Split("\r\n\r\n", 2) is [var head, var body])
            {
                var length = head.Split("\r\n").First(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))["Content-Length: ".Length..];
                if (Encoding.UTF8.GetByteCount(body).ToString(System.Globalization.CultureInfo.InvariantCulture) == length)
                {
                    return text;
                }
            }

            var read = await socket.ReceiveAsync(buffer, _stopping.Token);
            if (read == 0)
            {
                return text;
            }

            bytes.AddRange(buffer[..read]);
        }
    }
}
