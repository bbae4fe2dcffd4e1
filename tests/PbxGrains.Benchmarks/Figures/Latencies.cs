using System.Collections.Concurrent;
using System.Diagnostics;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>Times from sending something to its arrival, milliseconds.</summary>
/// <param name="Milliseconds">One for each arrival at each reader.</param>
/// <param name="Expected">Arrivals there should have been.</param>
internal sealed record LatencySample(IReadOnlyList<double> Milliseconds, int Expected);

/// <summary>The middle and the tail of times, milliseconds.</summary>
internal sealed record Quantiles(double P50, double P99, double Max, int Count, int Lost)
{
    /// <summary>Of all samples together; null when there is none.</summary>
    public static Quantiles? Of(IEnumerable<LatencySample?> samples)
    {
        var given = samples.OfType<LatencySample>().ToList();
        var times = given.SelectMany(sample => sample.Milliseconds).Order().ToList();
        return times.Count == 0 ? null : new Quantiles(At(times, 0.50), At(times, 0.99), times[^1], times.Count, given.Sum(sample => sample.Expected) - times.Count);
    }

    // Nearest rank: a time that was really seen.
    private static double At(List<double> times, double share) => Math.Round(times[Math.Max(0, (int)Math.Ceiling(share * times.Count) - 1)], 2);
}

/// <summary>Notes when each thing was sent and when each reader got it.</summary>
/// <param name="readers">How many get each.</param>
internal sealed class Latencies(int readers)
{
    private static readonly TimeSpan LastArrival = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _sent = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<double> _times = new();

    /// <summary>Notes that it is sent now.</summary>
    public void Sent(string key) => _sent[key] = Stopwatch.GetTimestamp();

    /// <summary>Notes that a reader has it; what was sent while warming up does not count.</summary>
    public void Arrived(string key)
    {
        if (_sent.TryGetValue(key, out var sent))
        {
            _times.Enqueue(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
    }

    /// <summary>Waits a little for what is still on its way.</summary>
    public async Task<LatencySample> EndAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (_times.Count < _sent.Count * readers && clock.Elapsed < LastArrival)
        {
            await Task.Delay(20, ct);
        }

        return new LatencySample([.. _times], _sent.Count * readers);
    }
}
