using System.Text.Json;
using System.Text.Json.Serialization;

namespace PbxGrains.Cli.Api;

/// <summary>A page of call records, newest first.</summary>
internal sealed record CallRecordPage
{
    public IReadOnlyList<CallRecordResource>? Items { get; init; }

    /// <summary>Where the next page begins; null when this is the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A call record as the API shows it; null is not known.</summary>
internal sealed record CallRecordResource
{
    [JsonConverter(typeof(TextOrNumber))]
    public string? RecordId { get; init; }

    public string? Site { get; init; }

    public string? CallId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>What the PBX's clock showed: local, without a zone.</summary>
    public string? StartWallClock { get; init; }

    public long? TotalSeconds { get; init; }

    public long? RingSeconds { get; init; }

    public long? TalkSeconds { get; init; }

    public string? Direction { get; init; }

    public string? RawType { get; init; }

    public string? Caller { get; init; }

    public string? CallerE164 { get; init; }

    public string? Callee { get; init; }

    public string? CalleeE164 { get; init; }

    public string? CalledGroup { get; init; }

    public string? AnsweredBy { get; init; }

    public string? Did { get; init; }

    public string? SourceTrunk { get; init; }

    public string? DestinationTrunk { get; init; }

    public string? Disposition { get; init; }

    public string? RawStatus { get; init; }

    public RecordingLink? Recording { get; init; }

    public string? AgentId { get; init; }

    public string? Reference { get; init; }

    public string? Source { get; init; }

    public DateTimeOffset? FirstSeenAt { get; init; }

    public DateTimeOffset? PushedAt { get; init; }

    public DateTimeOffset? CaughtUpAt { get; init; }

    public DateTimeOffset? ImportedAt { get; init; }

    public int? Revision { get; init; }

    public DateTimeOffset? AnonymisedAt { get; init; }

    /// <summary>The PBX's own words; only where one record is asked for, and gone after their time.</summary>
    public JsonElement? Raw { get; init; }

    /// <summary>What the record said before; only where one record is asked for.</summary>
    public IReadOnlyList<CallRecordRevision>? Revisions { get; init; }
}

/// <summary>The recording a call record names.</summary>
internal sealed record RecordingLink
{
    public string? Id { get; init; }

    public string? Name { get; init; }
}

/// <summary>A change of a call record.</summary>
internal sealed record CallRecordRevision
{
    public int? Revision { get; init; }

    public DateTimeOffset? ChangedAt { get; init; }

    public string? Source { get; init; }

    /// <summary>The fields that changed, with what they said before.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Before { get; init; }
}

/// <summary>All that is known about one call.</summary>
internal sealed record CallHistory
{
    public string? CallId { get; init; }

    public string? Site { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public IReadOnlyList<CallRecordResource>? Records { get; init; }

    public IReadOnlyList<RecordingResource>? Recordings { get; init; }

    public IReadOnlyList<CallMoment>? Timeline { get; init; }
}

/// <summary>Something that happened in a call.</summary>
internal sealed record CallMoment
{
    public DateTimeOffset? At { get; init; }

    public string? Kind { get; init; }

    /// <summary>The API's sentence for it.</summary>
    public string? Text { get; init; }

    public string? Extension { get; init; }

    public string? Party { get; init; }

    public string? Source { get; init; }
}
