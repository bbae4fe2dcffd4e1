namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// One call record, normalised. One call has several. What a caller appends is one version of it, told by one source;
/// what is read is what all versions together say (<see cref="CallRecordMerge" />). Null is unknown.
/// </summary>
public sealed record CallRecordRow
{
    /// <summary>The site whose PBX wrote it.</summary>
    public required string SiteId { get; init; }

    /// <summary>The PBX's name for the call.</summary>
    public required string CallId { get; init; }

    /// <summary>
    /// 32 bytes, SHA-256 of site, call id, start by the PBX's clock, from, to, type and status, each normalised: the same
    /// for every version of the record, whoever tells it.
    /// </summary>
    public required byte[] Identity { get; init; }

    /// <summary>Start as the PBX wrote it, in its wall clock; the kind is ignored and microseconds count.</summary>
    public required DateTime StartWallClock { get; init; }

    /// <summary>Start as an instant.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Seconds from start to end; null = unknown, which is not zero.</summary>
    public int? TotalSeconds { get; init; }

    /// <summary>Seconds it rang; null = unknown.</summary>
    public int? RingSeconds { get; init; }

    /// <summary>Seconds they talked; null = unknown.</summary>
    public int? TalkSeconds { get; init; }

    /// <summary>One of <see cref="RecordedDirection" />.</summary>
    public string Direction { get; init; } = RecordedDirection.Unknown;

    /// <summary>The PBX's word for the direction, which is at times wrong.</summary>
    public string? RawType { get; init; }

    /// <summary>Who called, as dialled or shown.</summary>
    public string? Caller { get; init; }

    /// <summary>Who called, in E.164.</summary>
    public string? CallerE164 { get; init; }

    /// <summary>Who was called, as dialled.</summary>
    public string? Callee { get; init; }

    /// <summary>Who was called, in E.164.</summary>
    public string? CalleeE164 { get; init; }

    /// <summary>The group or queue that was called.</summary>
    public string? CalledGroup { get; init; }

    /// <summary>The extension that answered.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>Our number that was called from outside.</summary>
    public string? Did { get; init; }

    /// <summary>The trunk it came in by.</summary>
    public string? SourceTrunk { get; init; }

    /// <summary>The trunk it went out by.</summary>
    public string? DestinationTrunk { get; init; }

    /// <summary>One of <see cref="RecordedDisposition" />.</summary>
    public string Disposition { get; init; } = RecordedDisposition.Unknown;

    /// <summary>The PBX's word for how it ended.</summary>
    public string? RawStatus { get; init; }

    /// <summary>The PBX's file name of the recording: data, never a path.</summary>
    public string? Recording { get; init; }

    /// <summary>The extensions that took part, for finding the record; read back in ordinal order, each once.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>The CRM's agent, when the call was dialled for one.</summary>
    public string? AgentId { get; init; }

    /// <summary>The CRM's reference, when the call was dialled with one.</summary>
    public string? Reference { get; init; }

    /// <summary>Who tells it, one of <see cref="RecordedSource" />; read back, the most exact of those who did.</summary>
    public required string Source { get; init; }

    /// <summary>When this version came in; read back, the same as <see cref="LastSeenAt" />.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>The PBX's own words, a JSON object or a line of CSV, PINs removed by the caller; null also after its time to be kept.</summary>
    public string? Raw { get; init; }

    /// <summary>The ledger's number for it; 0 in what is not read from the ledger.</summary>
    public long RecordId { get; init; }

    /// <summary>How often its content was changed since it was recorded; each time left a row in <c>pbx.call_record_revision</c>.</summary>
    public int Revision { get; init; }

    /// <summary>When push first told it; null = never.</summary>
    public DateTimeOffset? PushedAt { get; init; }

    /// <summary>When catch-up first found it; null = never.</summary>
    public DateTimeOffset? CaughtUpAt { get; init; }

    /// <summary>When an import first found it; null = never.</summary>
    public DateTimeOffset? ImportedAt { get; init; }

    /// <summary>When <see cref="Raw" /> was removed for its age; null = it was not.</summary>
    public DateTimeOffset? RawRemovedAt { get; init; }

    /// <summary>When the numbers, the recording's name and <see cref="Raw" /> were taken out; null = they were not.</summary>
    public DateTimeOffset? AnonymisedAt { get; init; }

    /// <summary>The source that told it first.</summary>
    public string FirstSource => FirstSeenAt == PushedAt ? RecordedSource.Push
        : FirstSeenAt == CaughtUpAt ? RecordedSource.CatchUp
        : FirstSeenAt == ImportedAt ? RecordedSource.Import
        : Source;

    /// <summary>When the first of its sources told it.</summary>
    public DateTimeOffset FirstSeenAt => Sightings.Min() ?? SeenAt;

    /// <summary>When the last of its sources told it for the first time; repeating it leaves no trace.</summary>
    public DateTimeOffset LastSeenAt => Sightings.Max() ?? SeenAt;

    /// <summary>One bit a <see cref="CallRecordField" />: the value is from catch-up or import.</summary>
    internal long ExactFields { get; init; }

    private DateTimeOffset?[] Sightings => [PushedAt, CaughtUpAt, ImportedAt];
}
