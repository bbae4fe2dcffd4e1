using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using PbxGrains.Benchmarks.Polling;
using PbxGrains.Benchmarks.Running;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>
/// How long it takes until a silo polls, and for how long nobody polls a site when its silo leaves or dies, as the PBXs see it.
/// Three silos: whatever is left takes over.
/// </summary>
internal sealed class ComingAndGoing : IFigure
{
    private const int Sites = 60;
    private const int MostRounds = 1;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan WatchAtLeast = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LeftWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(120);

    private static readonly Measure Start = new("from the start of the process to its first poll", "s", Aim: Aim.ValueAtMost(3));
    private static readonly Measure StartCpu = new("CPU of the process until then", "s");
    private static readonly Measure HandOver = new("SIGTERM: a site is not polled beyond its period, longest", "s", Aim: Aim.ValueAtMost(1));
    private static readonly Measure Ended = new("SIGTERM: until the process has ended", "s", Aim: Aim.ValueAtMost(10));
    private static readonly Measure Logins = new("SIGTERM: logins the hand-over costs, per site moved", "");
    private static readonly Measure Recovery = new("kill -9: a site is not polled beyond its period, longest", "s", Aim: Aim.ValueAtMost(20));

    public string Name => "silos";

    public string Title => string.Create(CultureInfo.InvariantCulture, $"Silos come and go; {Sites} sites polled every {Period.TotalSeconds} s");

    public IReadOnlyList<Measure> Measures => [Start, StartCpu, HandOver, Ended, Logins, Recovery];

    public async IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var lab = await PollLab.StartAsync(Sites, Period, ct);

        // The tables are made before: an installation is made once.
        var first = lab.StartWorker(core: null);
        await first.ReadyAsync(ct);
        await EndAsync(first, ct);
        await lab.RegisterAsync(Sites, ct);

        for (var i = 0; i < Math.Min(scale.Rounds, MostRounds); i++)
        {
            var round = new FigureRound();
            var clock = Stopwatch.StartNew();
            var before = (await lab.Fleet.CountAsync(ct)).Lists;
            var alone = lab.StartWorker(core: null);
            await alone.Process.UntilAsync(async () => (await lab.Fleet.CountAsync(ct)).Lists > before, "the first poll", LeftWithin);
            _ = round.Add(Start, clock.Elapsed.TotalSeconds).Add(StartCpu, alone.Process.ProcessorTime.TotalSeconds);
            await alone.ReadyAsync(ct);

            // Sites find their places at a start; those of a silo that leaves are spread over both others.
            var others = new[] { lab.StartWorker(core: null), lab.StartWorker(core: null) };
            await Task.WhenAll(others.Select(other => other.ReadyAsync(ct)));
            var watch = new GapWatch(lab.Fleet);
            _ = await watch.WatchAsync(Calm, TimeSpan.Zero, RecoversWithin, ct);

            var (sites, logins) = (await SitesOfAsync(alone, ct), (await lab.Fleet.CountAsync(ct)).Logins);
            clock.Restart();
            alone.Process.AskToEnd();
            var ended = EndedAsync(alone, clock, ct);
            var gaps = await watch.WatchAsync(Calm, WatchAtLeast, LeftWithin, ct);
            _ = round
                .Add(HandOver, Beyond(gaps[0]))
                .Add(Ended, await ended)
                .Add(Logins, ((await lab.Fleet.CountAsync(ct)).Logins - logins) / Math.Max(1, sites));

            sites = await SitesOfAsync(others[0], ct);
            if (sites == 0)
            {
                _ = round.Absent(Recovery, "the silo that was killed had no sites");
            }
            else
            {
                others[0].Process.Kill();
                gaps = await watch.WatchAsync(Calm, WatchAtLeast, RecoversWithin, ct);
                _ = round.Add(Recovery, Beyond(gaps[0]));
            }

            await EndAsync(others[1], ct);
            yield return round;
        }
    }

    private static double Beyond(double gap) => Math.Max(0, gap - Period.TotalSeconds);

    private static async Task<double> SitesOfAsync(Worker worker, CancellationToken ct) => (await worker.MetricsAsync(ct)).Sum("pbx_sites");

    private static async Task<double> EndedAsync(Worker worker, Stopwatch clock, CancellationToken ct)
    {
        await worker.Process.EndedAsync(ct);
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task EndAsync(Worker worker, CancellationToken ct)
    {
        worker.Process.AskToEnd();
        await worker.Process.EndedAsync(ct);
    }
}
