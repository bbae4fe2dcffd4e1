using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Commits;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Cdrs;

/// <summary>What shares a commit.</summary>
/// <param name="Row">A version of a record.</param>
/// <param name="Told">Events that go with it.</param>
internal sealed record LedgerEntry(CallRecordRow Row, IReadOnlyList<EventRow> Told);

/// <summary>Commits versions of records, measures it, and says what became of those that were not committed.</summary>
internal sealed partial class LedgerCommits(CallRecordWriter writer, TimeProvider time, ILogger logger) : IGroupWriter<LedgerEntry, LedgerOutcome>
{
    public async Task<IReadOnlyList<LedgerOutcome>> WriteAsync(IReadOnlyList<LedgerEntry> items, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var outcomes = await writer.WriteAsync([.. items.Select(item => item.Row)], [.. items.SelectMany(item => item.Told)], ct);
        LedgerMeter.CommitTook(time.GetElapsedTime(started));
        foreach (var (item, outcome) in items.Zip(outcomes))
        {
            LedgerMeter.Committed(item.Row.Source, outcome);
        }

        return outcomes;
    }

    public bool BlamesItem(Exception error) => CallRecordWriter.BlamesRow(error);

    public Exception Rejected(LedgerEntry item, Exception error)
    {
        Log.Rejected(logger, item.Row.SiteId, (error as PostgresException)?.ConstraintName ?? (error as PostgresException)?.SqlState ?? error.GetType().Name);
        LedgerMeter.Refused(item.Row.Source);
        return new CallRecordRejectedException(item.Row, error);
    }

    public Exception Unavailable(string why, int items, Exception? error)
    {
        if (items > 0)
        {
            Log.Unavailable(logger, items, error);
            LedgerMeter.Unconfirmed(items);
        }

        return new LedgerUnavailableException(why, error);
    }

    private static partial class Log
    {
        [LoggerMessage(2201, LogLevel.Warning, "{Count} call records could not be committed; their senders were told to repeat them")]
        public static partial void Unavailable(ILogger logger, int count, Exception? error);

        [LoggerMessage(2202, LogLevel.Error, "Site {SiteId}: a call record breaks a rule of the database ({Rule}) and was refused")]
        public static partial void Rejected(ILogger logger, string siteId, string rule);
    }
}
