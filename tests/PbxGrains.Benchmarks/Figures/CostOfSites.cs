using System.Globalization;
using System.Runtime.CompilerServices;
using PbxGrains.Benchmarks.Plots;
using PbxGrains.Benchmarks.Polling;
using PbxGrains.Benchmarks.Running;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>What more sites cost one silo on one core, and whether it still keeps up with the most of them.</summary>
internal sealed class CostOfSites : IFigure
{
    private const string FewerSites = "the same for the sites from 100 to 1,000";
    private const double MiB = 1024 * 1024;
    private const double KiB = 1024;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    private static readonly Measure Reached = new("sites one silo polls every 5 s on one core", "", Aim: Aim.ValueAtLeast(2000));
    private static readonly Measure Share = new("share of that core it takes", "%");
    private static readonly Measure Interval = new("from one poll of a site to the next, mean", "s", Aim: Aim.ValueAtMost(5.25));
    private static readonly Measure Age = new("oldest knowledge of any site", "s", Aim: Aim.ValueAtMost(10));
    private static readonly Measure Heap = new("memory per site, managed heap in use", "KiB", Aim: Aim.ValueAtMost(150));
    private static readonly Measure Resident = new("memory per site, working set", "KiB", Aim: Aim.ValueAtMost(150));
    private static readonly Measure CpuGrowth = new("CPU per second of a further site, from 1,000 on", "µs", FewerSites, Aim.RatioAtMost(1.1));
    private static readonly Measure MemoryGrowth = new("heap of a further site, from 1,000 on", "KiB", FewerSites, Aim.RatioAtMost(1.1));

    public string Name => "sites";

    public string Title => string.Create(CultureInfo.InvariantCulture, $"Sites with {SiteFleet.Extensions} extensions, polled every {Period.TotalSeconds} s over plain HTTP, nothing new; one silo on one core");

    public IReadOnlyList<Measure> Measures => [Reached, Share, Interval, Age, Heap, Resident, CpuGrowth, MemoryGrowth];

    public async IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, [EnumeratorCancellation] CancellationToken ct)
    {
        int[] sizes = scale.Quick ? [10, 100, 300, 600] : [10, 100, 1000, 5000];
        await using var lab = await PollLab.StartAsync(sizes[^1], Period, ct);
        var worker = lab.StartWorker(PollLab.MeasuredCore);
        await worker.ReadyAsync(ct);
        var memory = new List<(double Heap, double Resident)>();
        foreach (var sites in sizes)
        {
            await lab.RegisterAsync(sites, ct);
            await lab.PolledAsync(worker, sites, ct);
            memory.Add((await FullCollection.OfAsync(worker, ct), worker.Process.WorkingSet));
            scale.Say(string.Create(CultureInfo.InvariantCulture, $"{sites:#,##0} sites: heap {memory[^1].Heap / MiB:0} MiB, working set {memory[^1].Resident / MiB:0} MiB"));
        }

        // Memory on the way up, processor time on the way down: by then all that runs often is compiled for good.
        var stages = new Stack<Stage>();
        for (var i = sizes.Length - 1; i >= 0; i--)
        {
            if (i < sizes.Length - 1)
            {
                await lab.RemoveAsync(worker, sizes[i], ct);
            }

            await Task.Delay(scale.Of(Settles), ct);
            var pace = await PollPace.WatchAsync(worker.Process, async () => (await lab.Fleet.CountAsync(ct)).Lists, scale.Of(Measured), ct);
            var age = (await worker.MetricsAsync(ct)).Sum("pbx_site_knowledge_age_seconds");
            stages.Push(new Stage(sizes[i], pace, age, memory[i].Heap, memory[i].Resident));
            scale.Say(stages.Peek().ToString());
        }

        yield return Round([.. stages]);
    }

    private static FigureRound Round(List<Stage> stages)
    {
        var (few, some, many) = (stages[^3], stages[^2], stages[^1]);
        var kept = stages.FindLast(stage => stage.KeepsUp) ?? throw new InvalidOperationException("The silo is behind with the fewest sites already.");
        var round = new FigureRound()
            .Add(Reached, kept.Sites)
            .Add(Share, 100 * kept.Pace.Core)
            .Add(Interval, kept.Interval)
            .Add(Age, kept.Age)
            .Add(Heap, Slope(some, many, stage => stage.Heap) / KiB)
            .Add(Resident, Slope(some, many, stage => stage.Resident) / KiB)
            .Add(CpuGrowth, Slope(some, many, stage => stage.CpuPerSecond), Slope(few, some, stage => stage.CpuPerSecond))
            .Add(MemoryGrowth, Slope(some, many, stage => stage.Heap) / KiB, Slope(few, some, stage => stage.Heap) / KiB)
            .Remark(string.Join("; ", stages))
            .Remark("A silo keeps up while a site's turn comes after 5.25 s on average and no knowledge is older than 10 s. The simulated PBXs and PostgreSQL have the other core. Costs of a further site are differences of two sizes, so that what an empty silo takes does not count; memory is read while sites are added, processor time while they are removed again, so that nothing is compiled meanwhile.");
        var ten = stages[0];
        return round
            .Draw(FigurePlots.Growth, "CPU per site", stages.Select(stage => new PlotPoint(stage.Sites, stage.CpuPerSecond / stage.Sites / (ten.CpuPerSecond / ten.Sites))))
            .Draw(FigurePlots.Growth, "heap per site", stages.Select(stage => new PlotPoint(stage.Sites, stage.Heap / stage.Sites / (ten.Heap / ten.Sites))));
    }

    private static double Slope(Stage few, Stage many, Func<Stage, double> of) => (of(many) - of(few)) / (many.Sites - few.Sites);

    private sealed record Stage(int Sites, PollPace Pace, double Age, double Heap, double Resident)
    {
        public double Interval => Sites / Pace.PerSecond;

        public bool KeepsUp => Interval <= Period.TotalSeconds * 1.05 && Age <= 2 * Period.TotalSeconds;

        /// <summary>Microseconds of processor time in each second.</summary>
        public double CpuPerSecond => Pace.Processor.TotalMicroseconds / Pace.Elapsed.TotalSeconds;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Sites:#,##0} sites: {Pace.PerSecond:0.0} polls/s, {Pace.Core:P0} of a core, {Pace.MicrosecondsPerPoll:0} µs each, heap {Heap / MiB:0} MiB, working set {Resident / MiB:0} MiB");
    }
}
