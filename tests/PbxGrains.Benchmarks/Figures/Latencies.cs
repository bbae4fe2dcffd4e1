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
    // Share of times that are longer, as it is drawn: every step to the right a tenth of them.
    private static readonly (double Share, string Label)[] Drawn = [(0.1, "p10"), (0.25, "p25"), (0.5, "p50"), (0.75, "p75"), (0.9, "p90"), (0.95, "p95"), (0.99, "p99"), (0.999, "p99.9")];

    /// <summary>Of a sample that is not empty.</summary>
    public static Quantiles Of(LatencySample sample)
    {
        var times = sample.Milliseconds.Order().ToList();
        return times.Count == 0
            ? throw new InvalidOperationException("Nothing arrived: there is nothing to measure.")
            : new Quantiles(At(times, 0.50), At(times, 0.99), times[^1], times.Count, sample.Expected - times.Count);
    }

    /// <summary>The distribution as a line of <see cref="FigurePlots.Latencies"/>.</summary>
    public static IEnumerable<Plots.PlotPoint> Line(LatencySample sample)
    {
        var times = sample.Milliseconds.Order().ToList();
        return Drawn.Select((drawn, index) => new Plots.PlotPoint(index, At(times, drawn.Share), drawn.Label));
    }

    // Nearest rank: a time that was really seen.
    private static double At(List<double> times, double share) => Math.Round(times[Math.Max(0, (int)Math.Ceiling(share * times.Count) - 1)], 3);
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
