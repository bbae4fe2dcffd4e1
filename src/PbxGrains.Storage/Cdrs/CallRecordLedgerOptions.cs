namespace PbxGrains.Storage.Cdrs;

/// <summary>How the ledger groups and how long it tries.</summary>
public sealed class CallRecordLedgerOptions
{
    /// <summary>Rows that may wait for a commit; more are refused at once.</summary>
    public int QueueLimit { get; init; } = 4096;

    /// <summary>Rows of one commit at most.</summary>
    public int BatchLimit { get; init; } = 256;

    /// <summary>Commits that may run at the same time, each on a connection of its own: 1 or 2 are enough for any disk.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>Longest a commit may take, connecting included.</summary>
    public TimeSpan CommitLimit { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Longest a row may wait for its answer; what has not been begun by then is not written any more.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What appending a version of a record did.</summary>
public enum LedgerOutcome
{
    /// <summary>Nobody had told of this record before.</summary>
    Recorded,

    /// <summary>The record was known and now says more or something better; how it was before is kept.</summary>
    Revised,

    /// <summary>The record was known and already said all that. A source that had not told it yet is noted.</summary>
    Known,
}

/// <summary>
/// The ledger cannot promise to have kept the record, because of a lost database or too much waiting. It may have: append
/// it again, which does no harm.
/// </summary>
public sealed class LedgerUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The database refuses this very record, and will again. Other records appended with it are kept.</summary>
/// <param name="row">The record.</param>
/// <param name="cause">Why.</param>
public sealed class CallRecordRejectedException(CallRecordRow row, Exception cause) : Exception("The ledger refuses the call record: " + ReasonOf(cause), cause)
{
    /// <summary>The record.</summary>
    public CallRecordRow Row { get; } = row;

    // The name of the rule alone: what else PostgreSQL says quotes the row.
    private static string ReasonOf(Exception cause) => cause switch
    {
        Npgsql.PostgresException { ConstraintName: { } rule } => $"{rule}.",
        Npgsql.PostgresException refusal => $"SQLSTATE {refusal.SqlState}.",
        _ => cause.Message,
    };
}
