namespace PbxGrains.Storage.Cdrs;

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
