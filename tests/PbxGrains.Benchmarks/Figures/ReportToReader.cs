using System.Globalization;
using System.Runtime.CompilerServices;
using PbxGrains.Benchmarks.Load;
using PbxGrains.Benchmarks.Running;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>From the moment a PBX sends a report to the moment its event is at a reader of the stream.</summary>
/// <param name="readers">How many read at the same time.</param>
internal sealed class ReportToReader(int readers) : IFigure
{
    /// <summary>Reports per second, over all sites.</summary>
    public const int PerSecond = 200;

    /// <summary>Sites that send them.</summary>
    public const int Sites = 50;

    /// <summary>What both figures of this kind are compared with.</summary>
    public const string BaselineTitle = "insert + NOTIFY → LISTEN + select";

    private static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(6);

    private readonly Measure _p50 = new("p50", "ms", BaselineTitle, readers == 1 ? Aim.ValueAtMost(15) : null);
    private readonly Measure _p99 = new("p99", "ms", BaselineTitle, readers == 1 ? Aim.ValueAtMost(60) : null);
    private readonly Measure _lost = new("lost", "", Aim: Aim.ValueAtMost(0));

    public string Name => string.Create(CultureInfo.InvariantCulture, $"stream-{readers}");

    public string Title => string.Create(CultureInfo.InvariantCulture, $"Report in → event at a reader of the stream; {PerSecond}/s, {Sites} sites, readers: {readers}");

    public IReadOnlyList<Measure> Measures => [_p50, _p99, _lost];

    public async IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var product = await ProductUnderTest.StartAsync(Sites, ct);
        await using var bare = await BareReports.StartAsync();
        for (var i = 0; i < scale.Rounds; i++)
        {
            var load = Load(scale, first: i == 0);
            var ours = await MeasureAsync(load, (latencies, ready, over) => StreamReading.RunAsync(product.Http, latencies, ready, over), product.PostAsync, ct);
            var theirs = await MeasureAsync(load, bare.ReadAsync, bare.PostAsync, ct);
            yield return Round(ours, theirs, _p50, _p99, _lost)
                .Draw(FigurePlots.Latencies, readers == 1 ? "stream" : $"stream, {readers} readers", Quantiles.Line(ours))
                .Draw(FigurePlots.Latencies, readers == 1 ? "bare" : $"bare, {readers} readers", Quantiles.Line(theirs));
        }
    }

    /// <summary>The load of a round.</summary>
    public static SteadyLoad Load(FigureScale scale, bool first) => new(PerSecond, Sites, scale.Of(first ? FirstWarmUp : WarmUp), scale.Of(Measured));

    /// <summary>A round of times.</summary>
    public static FigureRound Round(LatencySample ours, LatencySample theirs, Measure p50, Measure p99, Measure lost)
    {
        var (product, baseline) = (Quantiles.Of(ours), Quantiles.Of(theirs));
        return new FigureRound().Add(p50, product.P50, baseline.P50).Add(p99, product.P99, baseline.P99).Add(lost, product.Lost);
    }

    /// <summary>The same reports to a bare endpoint.</summary>
    public static Task<LatencySample> BaselineAsync(SteadyLoad load, BareReports bare, CancellationToken ct) =>
        new ReportToReader(readers: 1).MeasureAsync(load, bare.ReadAsync, bare.PostAsync, ct);

    private async Task<LatencySample> MeasureAsync(
        SteadyLoad load,
        Func<Latencies, TaskCompletionSource, CancellationToken, Task> read,
        Func<CallReport, CancellationToken, Task<bool>> post,
        CancellationToken ct)
    {
        var latencies = new Latencies(readers);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = new List<Task>();
        for (var i = 0; i < readers; i++)
        {
            var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            reading.Add(read(latencies, ready, over.Token));
            await await Task.WhenAny(ready.Task, reading[^1]);
        }

        await load.RunAsync(post, latencies, ct);
        var sample = await latencies.EndAsync(ct);
        await over.CancelAsync();
        await Task.WhenAll(reading).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return sample;
    }
}
