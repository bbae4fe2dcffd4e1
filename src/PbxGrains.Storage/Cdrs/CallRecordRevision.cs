namespace PbxGrains.Storage.Cdrs;

/// <summary>A change of a record, and what the record said before it.</summary>
/// <param name="RecordId">The ledger's number of the record.</param>
/// <param name="Revision">Which change it was; the first is 1.</param>
/// <param name="ChangedAt">When (UTC).</param>
/// <param name="Source">Who told the version that changed it, one of <see cref="RecordedSource" />.</param>
/// <param name="Before">What the record said before.</param>
public sealed record CallRecordRevision(long RecordId, int Revision, DateTimeOffset ChangedAt, string Source, CallRecordRow Before);
