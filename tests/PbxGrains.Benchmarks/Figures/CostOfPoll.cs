using System.Globalization;
using System.Runtime.CompilerServices;
using PbxGrains.Benchmarks.Polling;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>
/// What one round of polling costs, with nothing new and with all extensions changed, against the least that asks the same.
/// Both poll fleets of their own at the same time on the same core, and only their own processor time counts.
/// </summary>
internal sealed class CostOfPoll : IFigure
{
    private const int Sites = 400;
    private const int MostRounds = 2;
    private const string Bare = "HttpClient and source-generated JSON, the same requests over the same kind of connections; nothing kept, compared or told";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(8);

    private static readonly Measure Quiet = new("CPU per poll, nothing changed", "µs", Bare, Aim.RatioAtMost(1.5));
    private static readonly Measure Changed = new("CPU per poll, all changed, each an event", "µs", Bare, Aim.RatioAtMost(3));

    public string Name => "poll";

    public string Title => string.Create(CultureInfo.InvariantCulture, $"A poll of a site with {SiteFleet.Extensions} extensions; plain HTTP, {Sites} sites, every second");

    public IReadOnlyList<Measure> Measures => [Quiet, Changed];

    public async IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var lab = await PollLab.StartAsync(Sites, Period, ct);
        await using var other = await SiteFleet.StartAsync(Sites, PollLab.LoadCore);
        var worker = lab.StartWorker(PollLab.MeasuredCore);
        await worker.ReadyAsync(ct);
        await lab.RegisterAsync(Sites, ct);
        await lab.PolledAsync(worker, Sites, ct);
        await using var bare = BarePoller.Start(Sites, other.Port, Period, FreePort.Next(), PollLab.MeasuredCore);

        // Both kinds of round, so that all of it is compiled for good.
        scale.Say("warming up");
        await FlapAsync(on: true);
        await Task.Delay(scale.Of(WarmUp), ct);
        await FlapAsync(on: false);
        await Task.Delay(scale.Of(WarmUp + Settles), ct);

        for (var i = 0; i < Math.Min(scale.Rounds, MostRounds); i++)
        {
            var (quiet, bareQuiet) = await WatchAsync();
            await FlapAsync(on: true);
            await Task.Delay(scale.Of(Settles), ct);
            var (changed, bareChanged) = await WatchAsync();
            await FlapAsync(on: false);
            await Task.Delay(scale.Of(Settles), ct);
            yield return new FigureRound()
                .Add(Quiet, quiet.MicrosecondsPerPoll, bareQuiet.MicrosecondsPerPoll)
                .Add(Changed, changed.MicrosecondsPerPoll, bareChanged.MicrosecondsPerPoll);
        }

        async Task<(PollPace Ours, PollPace Theirs)> WatchAsync()
        {
            var ours = PollPace.WatchAsync(worker.Process, async () => (await lab.Fleet.CountAsync(ct)).Lists, scale.Of(Measured), ct);
            var theirs = PollPace.WatchAsync(bare, async () => (await other.CountAsync(ct)).Lists, scale.Of(Measured), ct);
            return (await ours, await theirs);
        }

        async Task FlapAsync(bool on)
        {
            await lab.Fleet.FlapAsync(on, ct);
            await other.FlapAsync(on, ct);
        }
    }
}
