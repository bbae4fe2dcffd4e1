using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// Stands on the way of reports from the PBXs to the fronts: passes each on to the next front in turn, bytes as they are,
/// loses or delays answers, and sees every 200 before the PBX does.
/// </summary>
internal sealed class ReportRelay : IAsyncDisposable
{
    private const string HeadEnd = "\r\n\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, FaultKind> _troubled = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _blocked = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Site, TimeSpan At)> _taken = [];
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task _accepting;
    private Func<Task>? _trap;
    private int _turn;

    public ReportRelay()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where PBXs push to.</summary>
    public int Port { get; }

    /// <summary>Where the fronts take reports.</summary>
    public IReadOnlyList<int> FrontPorts { get; set; } = [];

    /// <summary>Told of each record that a front acknowledged, before its PBX hears of it.</summary>
    public AcknowledgedRecords? Records { get; set; }

    /// <summary>Reports by what became of them: <c>200</c>, <c>503</c>, <c>no answer</c>, <c>answer lost</c>, <c>answer late</c>.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Of each site, when the first report after an instant of the relay's clock was taken.</summary>
    public IReadOnlyDictionary<string, TimeSpan> FirstTakenAfter(TimeSpan instant) => _taken
        .Where(taken => taken.At > instant)
        .GroupBy(taken => taken.Site, StringComparer.Ordinal)
        .ToDictionary(site => site.Key, site => site.Min(taken => taken.At), StringComparer.Ordinal);

    /// <summary>The relay's clock.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>Waits until an instant of the relay's clock, or until something has happened.</summary>
    public async Task PassAsync(TimeSpan instant, Task? unless = null) =>
        await Eventually.Holds(() => Now >= instant || unless is { IsCompleted: true }, "time to pass", TimeSpan.MaxValue);

    /// <summary>Begins to treat a site's answers badly.</summary>
    public void Trouble(string site, FaultKind kind) => _troubled[site] = kind;

    /// <summary>Treats a site's answers well again.</summary>
    public void Heal(string site) => _troubled.TryRemove(site, out _);

    /// <summary>Loses whatever a site reports, or lets it pass again.</summary>
    public void Block(string site, bool isBlocked)
    {
        if (isBlocked)
        {
            _blocked[site] = true;
        }
        else
        {
            _ = _blocked.TryRemove(site, out _);
        }
    }

    /// <summary>Springs at the next record that is acknowledged, before anything else happens.</summary>
    public void SetTrap(Func<Task> trap) => Volatile.Write(ref _trap, trap);

    /// <summary>Takes the trap away.</summary>
    /// <returns>False when it has sprung.</returns>
    public bool Disarm(Func<Task> trap) => ReferenceEquals(Interlocked.CompareExchange(ref _trap, null, trap), trap);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var pbx = await _listener.AcceptTcpClientAsync(_ending.Token);
                _ = Task.Run(() => ServeAsync(pbx));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Either the end, or a PBX that hung up before it was heard.
            }
        }
    }

    private async Task ServeAsync(TcpClient pbx)
    {
        using (pbx)
        {
            try
            {
                pbx.NoDelay = true;
                var stream = pbx.GetStream();
                if (await ReadRequestAsync(stream) is { } request && !_blocked.ContainsKey(request.Site))
                {
                    await AnswerAsync(stream, request, await AskFrontAsync(request.Bytes));
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The PBX hung up.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream pbx, Request request, byte[] answer)
    {
        var status = answer.Length == 0 ? "no answer" : Encoding.ASCII.GetString(answer).Split(' ', 3) is [_, var code, ..] ? code : "nonsense";
        if (status == "200")
        {
            _taken.Enqueue((request.Site, Now));
            if (Records is { } records && RecordKey.Of(request.Site, request.Body) is { } record)
            {
                if (Interlocked.Exchange(ref _trap, null) is { } trap)
                {
                    await trap();
                }

                await records.CheckAsync(record);
            }

            switch (_troubled.TryGetValue(request.Site, out var trouble) ? trouble : (FaultKind?)null)
            {
                case FaultKind.AnswersLost:
                    Count("answer lost");
                    return;
                case FaultKind.AnswersLate:
                    // Later than the PBX waits: until it hangs up.
                    Count("answer late");
                    _ = await pbx.ReadAsync(new byte[1], _ending.Token);
                    return;
                default:
                    break;
            }
        }

        Count(status);
        await pbx.WriteAsync(answer, _ending.Token);
    }

    private void Count(string what) => _counts.AddOrUpdate(what, 1, static (_, count) => count + 1);

    /// <summary>All the next front answers until it hangs up; empty when it does not.</summary>
    private async Task<byte[]> AskFrontAsync(byte[] request)
    {
        using var front = new TcpClient { NoDelay = true };
        using var answer = new MemoryStream();
        try
        {
            await front.ConnectAsync(IPAddress.Loopback, FrontPorts[(int)((uint)Interlocked.Increment(ref _turn) % FrontPorts.Count)], _ending.Token);
            await front.GetStream().WriteAsync(request, _ending.Token);
            await front.GetStream().CopyToAsync(answer, _ending.Token);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return [];
        }

        return answer.ToArray();
    }

    private async Task<Request?> ReadRequestAsync(NetworkStream pbx)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            var read = await pbx.ReadAsync(buffer, _ending.Token);
            if (read == 0)
            {
                return null;
            }

            bytes.Write(buffer, 0, read);
            var sofar = bytes.ToArray();
            var head = Encoding.ASCII.GetString(sofar);
            if (head.IndexOf(HeadEnd, StringComparison.Ordinal) is >= 0 and var end && sofar.Length >= end + HeadEnd.Length + BodyLength(head[..end]))
            {
                // POST /api/pbx/webhook/<site>/<secret> HTTP/1.1
                return new Request(head.Split('/')[4], sofar, sofar.AsMemory(end + HeadEnd.Length));
            }
        }
    }

    private static int BodyLength(string head) => head.Split("\r\n")
        .Select(line => line.Split(':', 2))
        .Where(line => line is [var name, _] && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line[1], CultureInfo.InvariantCulture))
        .FirstOrDefault();

    private sealed record Request(string Site, byte[] Bytes, ReadOnlyMemory<byte> Body);
}
