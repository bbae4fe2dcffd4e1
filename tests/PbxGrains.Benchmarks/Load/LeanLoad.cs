using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PbxGrains.Benchmarks.Load;

/// <summary>
/// As many call record reports as a server takes, over connections that stay open, each sending its next report when the
/// last was answered. A process of its own, on bare sockets: it shall cost next to nothing beside what it measures.
/// </summary>
internal static class LeanLoad
{
    /// <summary>Runs this program as the load: port, connections, seconds to warm up, seconds that count; paths on standard input, one a line.</summary>
    public const string Option = "--load";

    /// <summary>Printed when the time that counts begins; the outcome follows when it ends.</summary>
    public const string Begin = "begin";

    /// <summary>The zone the sites are registered with.</summary>
    public const string TimeZone = "Europe/Paris";

    /// <summary>Runs.</summary>
    public static async Task RunAsync(int port, int connections, double warmUpSeconds, double seconds)
    {
        var paths = new List<string>();
        while (await Console.In.ReadLineAsync() is { Length: > 0 } path)
        {
            paths.Add(path);
        }

        using var over = new CancellationTokenSource();
        var senders = Enumerable.Range(0, connections).Select(number => new Sender(number, connections, port, paths)).ToList();
        var running = senders.Select(sender => Task.Run(() => sender.RunAsync(over.Token), CancellationToken.None)).ToList();
        await Task.WhenAny([Task.Delay(TimeSpan.FromSeconds(warmUpSeconds), CancellationToken.None), .. running]);
        senders.ForEach(sender => sender.Counts = true);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        Console.WriteLine(Begin);
        await Task.WhenAny([Task.Delay(TimeSpan.FromSeconds(seconds), CancellationToken.None), .. running]);
        senders.ForEach(sender => sender.Counts = false);
        Console.WriteLine(LoadOutcome.Of(clock.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - cpu, [.. senders.SelectMany(sender => sender.Milliseconds)]).Written());
        await over.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <summary>One connection.</summary>
    private sealed class Sender(int number, int senders, int port, List<string> paths)
    {
        private readonly byte[] _answer = new byte[4096];
        private readonly byte[][] _heads =
        [
            .. paths.Select(path => Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}\r\nContent-Type: application/json\r\nContent-Length: ")),
        ];

        private volatile bool _counts;

        public bool Counts
        {
            set => _counts = value;
        }

        public List<double> Milliseconds { get; } = new(16 * 1024);

        public async Task RunAsync(CancellationToken ct)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, CancellationToken.None);
            var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
            for (var i = number; !ct.IsCancellationRequested; i += senders)
            {
                var request = Request(i, zone);
                var sent = Stopwatch.GetTimestamp();
                _ = await socket.SendAsync(request);
                await TakeAnswerAsync(socket);
                if (_counts)
                {
                    Milliseconds.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }
            }
        }

        private byte[] Request(int i, TimeZoneInfo zone)
        {
            var now = TimeProvider.System.GetUtcNow();
            var body = CdrReport.Body(now.ToUnixTimeSeconds(), TimeZoneInfo.ConvertTime(now, zone).DateTime, i);
            var head = _heads[i % _heads.Length];
            return [.. head, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{body.Length}\r\n\r\n")), .. body];
        }

        private async Task TakeAnswerAsync(Socket socket)
        {
            var length = 0;
            while (!IsWhole(_answer.AsSpan(0, length)))
            {
                var received = await socket.ReceiveAsync(_answer.AsMemory(length));
                length += received > 0 ? received : throw new InvalidOperationException("The server hung up.");
            }

            if (!_answer.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8))
            {
                throw new InvalidOperationException($"A report was refused: {Encoding.ASCII.GetString(_answer, 0, length)}");
            }
        }

        /// <summary>All servers here tell the length.</summary>
        private static bool IsWhole(ReadOnlySpan<byte> answer)
        {
            var end = answer.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return false;
            }

            var name = answer.IndexOf("ontent-Length: "u8);
            var digits = answer[(name + "ontent-Length: ".Length)..end];
            var line = digits.IndexOf((byte)'\r');
            var length = int.Parse(line < 0 ? digits : digits[..line], NumberStyles.None, CultureInfo.InvariantCulture);
            return answer.Length >= end + 4 + length;
        }
    }
}
