using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>What a site shows to the meters; a picture taken after each poll round.</summary>
/// <param name="Health">How it does.</param>
/// <param name="Push">Whether its reports arrive.</param>
/// <param name="RunningCalls">Calls running.</param>
/// <param name="LoginStopped">True while no login is tried any more.</param>
/// <param name="LastPollAt">When its PBX was last read (UTC); null before.</param>
/// <param name="LastComparedAt">When its call records were last compared whole with the PBX's own (UTC); null before.</param>
/// <param name="Warnings">Matters somebody should look at.</param>
public sealed record SiteReading(SiteHealth Health, PushState Push, int RunningCalls, bool LoginStopped, DateTimeOffset? LastPollAt, DateTimeOffset? LastComparedAt, int Warnings);

/// <summary>
/// Measures of the sites this process hosts, for whoever listens to the meter <see cref="Name"/>. Durations are in seconds.
/// No measure names a site: thousands of them would be thousands of series.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>pbx.sites</c></term><description>Sites now, by <c>health</c>.</description></item>
/// <item><term><c>pbx.sites.push</c></term><description>Sites that are polled now, by <c>push</c>: whether their reports arrive.</description></item>
/// <item><term><c>pbx.sites.login_stopped</c></term><description>Sites to which no login is tried any more until somebody acts.</description></item>
/// <item><term><c>pbx.sites.warnings</c></term><description>Matters somebody should look at, over all sites.</description></item>
/// <item><term><c>pbx.site.knowledge.age</c></term><description>The oldest knowledge of a site that ought to be polled: since its PBX was last read.</description></item>
/// <item><term><c>pbx.site.comparison.age</c></term><description>The longest time since an online site's call records were compared whole with the PBX's own.</description></item>
/// <item><term><c>pbx.calls.running</c></term><description>Calls running now.</description></item>
/// <item><term><c>pbx.poll.duration</c></term><description>One poll round, by <c>outcome</c>: ok, or the kind of failure.</description></item>
/// <item><term><c>pbx.logins</c></term><description>Logins tried, by <c>outcome</c>: ok, or the kind of failure.</description></item>
/// <item><term><c>pbx.sites.moved</c></term><description>Sites that came here from another silo, by <c>session</c>: handed over, or none was open.</description></item>
/// <item><term><c>pbx.reports</c></term><description>Reports taken in, by <c>receipt</c>.</description></item>
/// <item><term><c>pbx.originates</c></term><description>Originates, by <c>state</c> and <c>refusal</c>.</description></item>
/// </list>
/// </remarks>
public static class SiteMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "PbxGrains.Sites";

    private const string Ok = "ok";

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<object, (SiteReading Reading, TimeProvider Time)> Sites = new();

    private static readonly Histogram<double> Polls = Meter.CreateHistogram<double>("pbx.poll.duration", "s");
    private static readonly Counter<long> Logins = Meter.CreateCounter<long>("pbx.logins", "{login}");
    private static readonly Counter<long> Reports = Meter.CreateCounter<long>("pbx.reports", "{report}");
    private static readonly Counter<long> Originates = Meter.CreateCounter<long>("pbx.originates", "{originate}");

    private static long _movedWithSession;
    private static long _movedWithout;

    // Moves are observed, not counted up: a system that has not seen one shows zero, not nothing.
    static SiteMeter()
    {
        _ = Meter.CreateObservableCounter(
            "pbx.sites.moved",
            () => new Measurement<long>[] { new(Interlocked.Read(ref _movedWithSession), Tag("session", "handedOver")), new(Interlocked.Read(ref _movedWithout), Tag("session", "none")) },
            "{site}");
        _ = Meter.CreateObservableGauge("pbx.sites", () => Count("health", Readings(), r => r.Health), "{site}");
        _ = Meter.CreateObservableGauge("pbx.sites.push", () => Count("push", Readings().Where(IsPolled), r => r.Push), "{site}");
        _ = Meter.CreateObservableGauge("pbx.sites.login_stopped", () => Readings().Count(r => r.LoginStopped), "{site}");
        _ = Meter.CreateObservableGauge("pbx.sites.warnings", () => Readings().Sum(r => r.Warnings), "{warning}");
        _ = Meter.CreateObservableGauge("pbx.site.knowledge.age", () => Oldest(IsPolled, r => r.LastPollAt), "s");
        _ = Meter.CreateObservableGauge("pbx.site.comparison.age", () => Oldest(r => r.Health == SiteHealth.Online, r => r.LastComparedAt), "s");
        _ = Meter.CreateObservableGauge("pbx.calls.running", () => Readings().Sum(r => r.RunningCalls), "{call}");
    }

    internal static void Show(object site, SiteReading reading, TimeProvider time) => Sites[site] = (reading, time);

    internal static void Forget(object site) => Sites.TryRemove(site, out _);

    internal static void Polled(TimeSpan duration, PbxFailure? failure) => Polls.Record(duration.TotalSeconds, Tag("outcome", OutcomeOf(failure)));

    internal static void LoggedIn(PbxFailure? failure) => Logins.Add(1, Tag("outcome", OutcomeOf(failure)));

    internal static void Moved(bool withSession) => _ = withSession ? Interlocked.Increment(ref _movedWithSession) : Interlocked.Increment(ref _movedWithout);

    internal static void Took(ReportReceipt receipt) => Reports.Add(1, Tag("receipt", NameOf(receipt)));

    internal static void Dialled(OriginateOutcome outcome) =>
        Originates.Add(1, Tag("state", NameOf(outcome.State)), Tag("refusal", outcome.Refusal is { } refusal ? NameOf(refusal) : "none"));

    private static bool IsPolled(SiteReading reading) => reading.Health != SiteHealth.Suspended;

    private static IEnumerable<SiteReading> Readings() => Sites.Values.Select(site => site.Reading);

    /// <summary>Every value has its count, also those nobody has now: a series that is gone looks like one that is fine.</summary>
    private static IEnumerable<Measurement<int>> Count<T>(string tag, IEnumerable<SiteReading> readings, Func<SiteReading, T> of)
        where T : struct, Enum
    {
        var counts = readings.CountBy(of).ToDictionary();
        return Enum.GetValues<T>().Select(value => new Measurement<int>(counts.GetValueOrDefault(value), Tag(tag, NameOf(value))));
    }

    private static double Oldest(Func<SiteReading, bool> counts, Func<SiteReading, DateTimeOffset?> at) =>
        Sites.Values.Where(site => counts(site.Reading) && at(site.Reading) is not null)
            .Select(site => (site.Time.GetUtcNow() - at(site.Reading)!.Value).TotalSeconds)
            .DefaultIfEmpty(0).Max();

    private static string OutcomeOf(PbxFailure? failure) => failure is null ? Ok : NameOf(failure.Kind);

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static KeyValuePair<string, object?> Tag(string name, string value) => KeyValuePair.Create<string, object?>(name, value);
}
