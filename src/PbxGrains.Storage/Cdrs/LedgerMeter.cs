using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// Measures of the ledger, for whoever listens to the meter <see cref="Name"/>. Durations are in seconds. No measure names
/// a site: thousands of them would be thousands of series.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>pbx.ledger.records</c></term><description>Versions of records committed, by <c>source</c> (push, catchUp, import) and <c>outcome</c> (recorded, revised, known).</description></item>
/// <item><term><c>pbx.ledger.refused</c></term><description>Versions the database will not take, by <c>source</c>.</description></item>
/// <item><term><c>pbx.ledger.unconfirmed</c></term><description>Versions whose commit was not confirmed; their senders repeat them.</description></item>
/// <item><term><c>pbx.ledger.queue</c></term><description>Versions that wait for a commit now.</description></item>
/// <item><term><c>pbx.ledger.commit.duration</c></term><description>One commit, connecting included.</description></item>
/// <item><term><c>pbx.ledger.report_to_commit</c></term><description>From the arrival of a pushed record until it is committed.</description></item>
/// <item><term><c>pbx.catch_up.found</c></term><description>Records only the PBX's own list told, by <c>source</c> (catchUp, import).</description></item>
/// <item><term><c>pbx.catch_up.lag</c></term><description>At the end of a comparison: how much the PBX's clock showed more than everything read by then.</description></item>
/// </list>
/// </remarks>
public static class LedgerMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "PbxGrains.Ledger";

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<object, Func<int>> Queues = new();

    private static readonly Counter<long> Records = Meter.CreateCounter<long>("pbx.ledger.records", "{record}");
    private static readonly Histogram<double> Commits = Meter.CreateHistogram<double>("pbx.ledger.commit.duration", "s");
    private static readonly Histogram<double> ReportToCommit = Meter.CreateHistogram<double>("pbx.ledger.report_to_commit", "s");
    private static readonly Counter<long> FoundRecords = Meter.CreateCounter<long>("pbx.catch_up.found", "{record}");
    private static readonly Histogram<double> CatchUpLag = Meter.CreateHistogram<double>("pbx.catch_up.lag", "s");

    private static readonly ConcurrentDictionary<string, long> RefusedRecords = new(
        new[] { RecordedSource.Push, RecordedSource.CatchUp, RecordedSource.Import }.Select(source => KeyValuePair.Create(source, 0L)), StringComparer.Ordinal);

    private static long _unconfirmedRecords;

    // What ought to stay zero is observed, not counted up: whoever watches for its first increase needs the zero before it.
    static LedgerMeter()
    {
        _ = Meter.CreateObservableGauge("pbx.ledger.queue", () => Queues.Values.Sum(depth => depth()), "{record}");
        _ = Meter.CreateObservableCounter("pbx.ledger.unconfirmed", () => Interlocked.Read(ref _unconfirmedRecords), "{record}");
        _ = Meter.CreateObservableCounter("pbx.ledger.refused", () => RefusedRecords.Select(refused => new Measurement<long>(refused.Value, KeyValuePair.Create<string, object?>("source", refused.Key))), "{record}");
    }

    /// <summary>A pushed record is committed.</summary>
    /// <param name="duration">Since its report arrived.</param>
    public static void ReportCommitted(TimeSpan duration) => ReportToCommit.Record(Math.Max(0, duration.TotalSeconds));

    /// <summary>Records were found that nobody had told.</summary>
    /// <param name="source">Who found them, one of <see cref="RecordedSource"/>.</param>
    /// <param name="count">How many.</param>
    public static void Found(string source, int count) => FoundRecords.Add(count, KeyValuePair.Create<string, object?>("source", source));

    /// <summary>A comparison came to its end.</summary>
    /// <param name="lag">From where everything is read to what the PBX's clock shows.</param>
    public static void ComparedWithLag(TimeSpan lag) => CatchUpLag.Record(Math.Max(0, lag.TotalSeconds));

    internal static void Committed(string source, LedgerOutcome outcome) => Records.Add(
        1,
        KeyValuePair.Create<string, object?>("source", source),
        KeyValuePair.Create<string, object?>("outcome", outcome switch { LedgerOutcome.Recorded => "recorded", LedgerOutcome.Revised => "revised", _ => "known" }));

    internal static void CommitTook(TimeSpan duration) => Commits.Record(duration.TotalSeconds);

    internal static void Refused(string source) => RefusedRecords.AddOrUpdate(source, 1, (_, before) => before + 1);

    internal static void Unconfirmed(int count) => Interlocked.Add(ref _unconfirmedRecords, count);

    internal static void Watch(object ledger, Func<int> depth) => Queues[ledger] = depth;

    internal static void Forget(object ledger) => Queues.TryRemove(ledger, out _);
}
