using System.Runtime.CompilerServices;
using PbxGrains.Benchmarks.Load;
using PbxGrains.Benchmarks.Plots;
using PbxGrains.Benchmarks.Running;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>How many call record reports are taken a second, each committed with its event before it is answered.</summary>
internal sealed class DurableReports : IFigure
{
    private const int Sites = 50;
    private const string Bare = "(a) one Kestrel endpoint that group-commits bodies into a table, nothing else";
    private const string Express = "(b) Node 20, Express and pg, one insert per request";

    // The product has far more code to get warm than the baselines.
    private static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongWarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(4);

    private static readonly Measure PerSecondToBare = new("reports per second, against (a)", "/s", Bare, Aim.RatioAtLeast(0.7));
    private static readonly Measure PerSecondToExpress = new("reports per second, against (b)", "/s", Express, Aim.RatioAtLeast(2.5));
    private static readonly Measure CpuToExpress = new("CPU per report of the process, against (b)", "µs", Express, Aim.RatioAtMost(0.5));
    private static readonly Measure CpuToBare = new("CPU per report of the process, against (a)", "µs", Bare);
    private static readonly Measure DatabaseToBare = new("CPU per report of PostgreSQL, against (a)", "µs", Bare);
    private static readonly Measure DatabaseToExpress = new("CPU per report of PostgreSQL, against (b)", "µs", Express);
    private static readonly Measure P99ToBare = new("p99, against (a)", "ms", Bare);
    private static readonly Measure P99ToExpress = new("p99, against (b)", "ms", Express);
    private static readonly Measure OneSite = new("reports per second, all of one site", "/s");
    private static readonly Measure LoadShare = new("share of the machine the load generator takes", "%");

    public string Name => "reports";

    public string Title => $"Call record reports, durable before their 200; {LoadProcess.Connections} connections, {Sites} sites";

    public IReadOnlyList<Measure> Measures =>
        [PerSecondToBare, PerSecondToExpress, P99ToBare, P99ToExpress, CpuToExpress, CpuToBare, DatabaseToBare, DatabaseToExpress, OneSite, LoadShare];

    public async IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var product = await ProductUnderTest.StartAsync(Sites, ct);
        await using var bareDatabase = await PostgresDatabase.CreateAsync();
        await using var bare = await BareLedger.StartAsync(bareDatabase.ConnectionString);
        await using var expressDatabase = await PostgresDatabase.CreateAsync();
        await using var express = ExpressEndpoint.Missing is null ? await ExpressEndpoint.StartAsync(expressDatabase.ConnectionString, ct) : null;
        var postgres = await PostgresCost.ProcessIdAsync(ct);
        IReadOnlyList<string> plainPaths = [.. Enumerable.Range(0, Sites).Select(site => $"/reports/bench-{site}")];

        for (var i = 0; i < scale.Rounds; i++)
        {
            var warmUp = scale.Of(i == 0 ? FirstWarmUp : WarmUp);
            var ours = await LoadAsync(product.Port, product.ReportPaths, product.ProcessId, i == 0 ? scale.Of(LongWarmUp) : null);
            var theirs = await LoadAsync(bare.Port, plainPaths, bare.Id);
            var node = express is null ? null : await LoadAsync(express.Port, plainPaths, express.ProcessId);
            var one = await LoadAsync(product.Port, [product.ReportPaths[0]], product.ProcessId);
            yield return Round(ours, theirs, node, one);

            async Task<Outcome> LoadAsync(int port, IReadOnlyList<string> paths, int process, TimeSpan? longer = null)
            {
                var (load, cpu) = await LoadProcess.RunAsync(
                    port,
                    paths,
                    longer ?? warmUp,
                    scale.Of(Measured),
                    () => [ProcessCost.Of(process), postgres is { } server ? ProcessCost.OfTree(server) : default],
                    ct);
                return new Outcome(load, cpu[0], cpu[1]);
            }
        }
    }

    private static FigureRound Round(Outcome ours, Outcome bare, Outcome? express, Outcome one)
    {
        var round = new FigureRound()
            .Add(PerSecondToBare, ours.PerSecond, bare.PerSecond)
            .Add(P99ToBare, ours.P99, bare.P99)
            .Add(CpuToBare, ours.Cpu, bare.Cpu)
            .Add(DatabaseToBare, ours.DatabaseCpu, bare.DatabaseCpu)
            .Add(OneSite, one.PerSecond)
            .Add(LoadShare, ours.LoadShare)
            .Draw(FigurePlots.Answers, "PbxGrains", ours.Line)
            .Draw(FigurePlots.Answers, "Kestrel, bare table", bare.Line)
            .Draw(FigurePlots.Throughput, "PbxGrains", [new PlotPoint(0, ours.PerSecond, $"{Sites} sites"), new PlotPoint(1, one.PerSecond, "one site")])
            .Draw(FigurePlots.Throughput, "Kestrel, bare table", [new PlotPoint(0, bare.PerSecond, $"{Sites} sites")]);
        if (express is null)
        {
            foreach (var measure in (Measure[])[PerSecondToExpress, P99ToExpress, CpuToExpress, DatabaseToExpress])
            {
                _ = round.Absent(measure, ExpressEndpoint.Missing!);
            }

            return round;
        }

        return round
            .Add(PerSecondToExpress, ours.PerSecond, express.PerSecond)
            .Add(P99ToExpress, ours.P99, express.P99)
            .Add(CpuToExpress, ours.Cpu, express.Cpu)
            .Add(DatabaseToExpress, ours.DatabaseCpu, express.DatabaseCpu)
            .Draw(FigurePlots.Answers, "Express + pg", express.Line)
            .Draw(FigurePlots.Throughput, "Express + pg", [new PlotPoint(0, express.PerSecond, $"{Sites} sites")]);
    }

    private sealed record Outcome(LoadOutcome Load, TimeSpan Process, TimeSpan Database)
    {
        private readonly LatencySample _times = new(Load.Milliseconds, Load.Milliseconds.Count);

        public double PerSecond => Load.PerSecond;

        public double P99 => Quantiles.Of(_times).P99;

        public IEnumerable<PlotPoint> Line => Quantiles.Line(_times);

        /// <summary>Microseconds.</summary>
        public double Cpu => Process.TotalMicroseconds / Load.Milliseconds.Count;

        public double DatabaseCpu => Database.TotalMicroseconds / Load.Milliseconds.Count;

        public double LoadShare => 100 * Load.CpuSeconds / (Load.Seconds * Environment.ProcessorCount);
    }
}
