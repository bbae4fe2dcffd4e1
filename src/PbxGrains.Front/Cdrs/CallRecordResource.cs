using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Front.Cdrs;

/// <summary>One call record; a call has several. Instants are UTC; null means unknown, and an unknown duration is not zero.</summary>
public record CallRecordResource
{
    /// <summary>The ledger's number for it.</summary>
    public required long RecordId { get; init; }

    /// <summary>The site whose PBX wrote it.</summary>
    public required string Site { get; init; }

    /// <summary>The PBX's name for the call, text.</summary>
    public required string CallId { get; init; }

    /// <summary>When the call started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The start as the PBX wrote it, in its own local time: <c>2026-11-22T10:00:00</c>, without a zone.</summary>
    public required string StartWallClock { get; init; }

    /// <summary>Seconds from start to end.</summary>
    public required int? TotalSeconds { get; init; }

    /// <summary>Seconds it rang.</summary>
    public required int? RingSeconds { get; init; }

    /// <summary>Seconds they talked.</summary>
    public required int? TalkSeconds { get; init; }

    /// <summary><c>inbound</c>, <c>outbound</c>, <c>internal</c> or <c>unknown</c>, corrected where the PBX's own word is wrong.</summary>
    public required string Direction { get; init; }

    /// <summary>The PBX's own word for the direction.</summary>
    public required string? RawType { get; init; }

    /// <summary>Who called, as dialled or shown.</summary>
    public required string? Caller { get; init; }

    /// <summary>Who called, in E.164.</summary>
    public required string? CallerE164 { get; init; }

    /// <summary>Who was called, as dialled.</summary>
    public required string? Callee { get; init; }

    /// <summary>Who was called, in E.164.</summary>
    public required string? CalleeE164 { get; init; }

    /// <summary>The group or queue that was called.</summary>
    public required string? CalledGroup { get; init; }

    /// <summary>The extension of the group that answered.</summary>
    public required string? AnsweredBy { get; init; }

    /// <summary>Our number that was called from outside.</summary>
    public required string? Did { get; init; }

    /// <summary>The trunk it came in by.</summary>
    public required string? SourceTrunk { get; init; }

    /// <summary>The trunk it went out by.</summary>
    public required string? DestinationTrunk { get; init; }

    /// <summary><c>answered</c>, <c>noAnswer</c>, <c>busy</c>, <c>failed</c>, <c>voicemail</c> or <c>unknown</c>.</summary>
    public required string Disposition { get; init; }

    /// <summary>The PBX's own word for how it ended.</summary>
    public required string? RawStatus { get; init; }

    /// <summary>Its recording; null when the PBX named none.</summary>
    public required RecordingReference? Recording { get; init; }

    /// <summary>The extensions that took part.</summary>
    public required IReadOnlyList<string> Extensions { get; init; }

    /// <summary>Your agent, when the call was dialled for one.</summary>
    public required string? AgentId { get; init; }

    /// <summary>Your own reference given at originate.</summary>
    public required string? Reference { get; init; }

    /// <summary>The most exact of those who told it: <c>push</c>, <c>catchUp</c> or <c>import</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Who told it first.</summary>
    public required string FirstSource { get; init; }

    /// <summary>When it was first told.</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When the PBX pushed it; null when it never did.</summary>
    public required DateTimeOffset? PushedAt { get; init; }

    /// <summary>When catch-up found it in the PBX's own list; null when it did not yet.</summary>
    public required DateTimeOffset? CaughtUpAt { get; init; }

    /// <summary>When an import of history found it; null when none did.</summary>
    public required DateTimeOffset? ImportedAt { get; init; }

    /// <summary>How often its content changed since it was recorded.</summary>
    public required int Revision { get; init; }

    /// <summary>When its numbers were taken out; null when they were not.</summary>
    public required DateTimeOffset? AnonymisedAt { get; init; }

    /// <summary>A record as the ledger tells it.</summary>
    public static CallRecordResource Of(CallRecordRow row) => new()
    {
        RecordId = row.RecordId,
        Site = row.SiteId,
        CallId = row.CallId,
        StartedAt = row.StartedAt,
        StartWallClock = row.StartWallClock.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        TotalSeconds = row.TotalSeconds,
        RingSeconds = row.RingSeconds,
        TalkSeconds = row.TalkSeconds,
        Direction = row.Direction,
        RawType = row.RawType,
        Caller = row.Caller,
        CallerE164 = row.CallerE164,
        Callee = row.Callee,
        CalleeE164 = row.CalleeE164,
        CalledGroup = row.CalledGroup,
        AnsweredBy = row.AnsweredBy,
        Did = row.Did,
        SourceTrunk = row.SourceTrunk,
        DestinationTrunk = row.DestinationTrunk,
        Disposition = row.Disposition,
        RawStatus = row.RawStatus,
        Recording = row.Recording is { } name ? RecordingReference.Of(row.SiteId, name) : null,
        Extensions = row.Extensions,
        AgentId = row.AgentId,
        Reference = row.Reference,
        Source = row.Source,
        FirstSource = row.FirstSource,
        FirstSeenAt = row.FirstSeenAt,
        PushedAt = row.PushedAt,
        CaughtUpAt = row.CaughtUpAt,
        ImportedAt = row.ImportedAt,
        Revision = row.Revision,
        AnonymisedAt = row.AnonymisedAt,
    };
}

/// <summary>Where a recording is.</summary>
/// <param name="Id">Its id, the same for ever.</param>
/// <param name="Name">The PBX's file name.</param>
/// <param name="Url">Address of the audio, relative to the front.</param>
public sealed record RecordingReference(string Id, string Name, string Url)
{
    /// <summary>The recording of this name at this site.</summary>
    public static RecordingReference Of(string siteId, string name)
    {
        var id = RecordingId.Of(siteId, name);
        return new RecordingReference(id, name, $"/api/pbx/recordings/{id}");
    }
}

/// <summary>A page of call records.</summary>
/// <param name="Items">The records, newest first.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; null when this is the last.</param>
public sealed record CallRecordPage(IReadOnlyList<CallRecordResource> Items, string? Next);

/// <summary>A call record with everything known of it.</summary>
public sealed record CallRecordDetail : CallRecordResource
{
    /// <summary>The record, the PBX's words for it, and how it changed.</summary>
    [SetsRequiredMembers]
    public CallRecordDetail(CallRecordRow row, IEnumerable<CallRecordRevision> revisions)
        : base(Of(row))
    {
        Raw = row.Raw;
        Revisions = [.. revisions.Select(CallRecordRevisionResource.Of)];
    }

    /// <summary>The PBX's own words, a JSON object or a line of CSV without PINs; null when nobody told them or their time is over.</summary>
    public string? Raw { get; }

    /// <summary>How it changed, the first change first.</summary>
    public IReadOnlyList<CallRecordRevisionResource> Revisions { get; }
}

/// <summary>A change of a record.</summary>
/// <param name="Revision">Which change; the first is 1.</param>
/// <param name="ChangedAt">When, UTC.</param>
/// <param name="Source">Who told what changed it: <c>push</c>, <c>catchUp</c> or <c>import</c>.</param>
/// <param name="Before">What the record said before.</param>
public sealed record CallRecordRevisionResource(int Revision, DateTimeOffset ChangedAt, string Source, CallRecordResource Before)
{
    /// <summary>A change as the ledger tells it.</summary>
    public static CallRecordRevisionResource Of(CallRecordRevision revision) =>
        new(revision.Revision, revision.ChangedAt, revision.Source, CallRecordResource.Of(revision.Before));
}
