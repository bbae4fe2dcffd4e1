using System.Globalization;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Cdrs;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Front.Calls;

/// <summary>What happened; of what happened at once, the earlier here comes first.</summary>
public enum TimelineKind
{
    /// <summary>Somebody asked us to dial.</summary>
    OriginateRequested,

    /// <summary>The PBX started the call.</summary>
    OriginateAccepted,

    /// <summary>The call was not started.</summary>
    OriginateRefused,

    /// <summary>The PBX's answer was lost.</summary>
    OriginateUnknown,

    /// <summary>A telephone began to ring.</summary>
    Ringing,

    /// <summary>Somebody or something took the call.</summary>
    Answered,

    /// <summary>A side is on hold.</summary>
    Held,

    /// <summary>It was over.</summary>
    Ended,

    /// <summary>A record of it came in.</summary>
    Recorded,

    /// <summary>A more exact version changed a record.</summary>
    Revised,

    /// <summary>A recording came into the vault.</summary>
    RecordingReady,

    /// <summary>The PBX does not hand a recording out.</summary>
    RecordingAbsent,

    /// <summary>A recording was removed for its age.</summary>
    RecordingExpired,
}

/// <summary>One thing that happened to a call.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">The same as an English sentence.</param>
/// <param name="Source">Who says so: <c>push</c>, <c>catchUp</c>, <c>import</c>, <c>live</c>, <c>vault</c> or <c>api</c>.</param>
/// <param name="Extension">Our side; null when not known or none.</param>
/// <param name="Party">The other side; null when not known.</param>
/// <param name="Direction">Which way the call or the record went: <c>inbound</c>, <c>outbound</c>, <c>internal</c> or <c>unknown</c>; null when the entry is of neither.</param>
/// <param name="Disposition">How the record ended; null when the entry is not of a record.</param>
public sealed record TimelineEntry(
    DateTimeOffset At, TimelineKind Kind, string Text, string Source, string? Extension = null, string? Party = null, string? Direction = null, string? Disposition = null);

/// <summary>Tells a call's story in the order of time, as far as times are known. Pure.</summary>
internal static class CallTimeline
{
    private const string Api = "api";
    private const string LiveSource = "live";
    private const string VaultSource = "vault";

    /// <summary>The time line of a call.</summary>
    public static IReadOnlyList<TimelineEntry> Of(CallStory story)
    {
        List<TimelineEntry> told = [.. OfOriginate(story.Originate), .. story.Records.SelectMany(OfRecord), .. OfRevisions(story), .. story.Recordings.SelectMany(OfRecording)];

        // What a record tells is exact; the live picture fills in what no record tells yet.
        told.AddRange(OfLive(story.Live).Select(seen => seen with { Direction = WordOf(story.Live!.Direction) }).Where(seen => !told.Exists(entry => entry.Kind == seen.Kind)).ToList());
        return [.. told.OrderBy(entry => entry.At).ThenBy(entry => entry.Kind)];
    }

    private static IEnumerable<TimelineEntry> OfOriginate(OriginateRow? originate)
    {
        if (originate is null)
        {
            yield break;
        }

        yield return Entry(originate.CreatedAt, TimelineKind.OriginateRequested, $"A call from {originate.Extension} to {originate.Destination} was asked for.");
        var (kind, text) = originate.State switch
        {
            OriginateRowState.Accepted => (TimelineKind.OriginateAccepted, "The PBX started the call."),
            OriginateRowState.Refused => (TimelineKind.OriginateRefused, originate.Message ?? "The call was not started."),
            _ => (TimelineKind.OriginateUnknown, originate.Message ?? "The PBX's answer has not come."),
        };
        yield return Entry(originate.ResolvedAt ?? originate.CreatedAt, kind, text);

        TimelineEntry Entry(DateTimeOffset at, TimelineKind what, string sentence) => new(at, what, sentence, Api, originate.Extension, originate.Destination);
    }

    private static IEnumerable<TimelineEntry> OfRecord(CallRecordRow record)
    {
        var (extension, party) = SidesOf(record);
        if (record.Disposition != RecordedDisposition.Failed)
        {
            yield return Entry(record.StartedAt, TimelineKind.Ringing, $"{record.Caller ?? "A withheld number"} calls {record.Callee ?? "somebody"}.");
        }

        if (AnsweredAt(record) is { } answered)
        {
            yield return Entry(answered, TimelineKind.Answered, record.Disposition == RecordedDisposition.Voicemail ? "The voice mail takes the call." : $"{record.AnsweredBy ?? record.Callee ?? "The other side"} answers.");
        }

        if (record.TotalSeconds is { } total)
        {
            yield return Entry(record.StartedAt.AddSeconds(total), TimelineKind.Ended, EndOf(record));
        }

        foreach (var (at, source, text) in Sightings(record))
        {
            if (at is { } seen)
            {
                yield return Entry(seen, TimelineKind.Recorded, text) with { Source = source };
            }
        }

        TimelineEntry Entry(DateTimeOffset at, TimelineKind kind, string text) => new(at, kind, text, record.Source, extension, party, record.Direction, record.Disposition);
    }

    private static (DateTimeOffset? At, string Source, string Text)[] Sightings(CallRecordRow record) =>
    [
        (record.PushedAt, RecordedSource.Push, "The PBX pushed the record."),
        (record.CaughtUpAt, RecordedSource.CatchUp, "Catch-up found the record in the PBX's own list."),
        (record.ImportedAt, RecordedSource.Import, "An import found the record in the PBX's own list."),
    ];

    private static IEnumerable<TimelineEntry> OfRevisions(CallStory story)
    {
        foreach (var record in story.Records)
        {
            var changes = story.Revisions.Where(revision => revision.RecordId == record.RecordId).OrderBy(revision => revision.Revision).ToList();
            var (extension, party) = SidesOf(record);
            foreach (var (index, change) in changes.Index())
            {
                var fields = CallRecordTable.Differences(change.Before, index + 1 < changes.Count ? changes[index + 1].Before : record);
                yield return new TimelineEntry(
                    change.ChangedAt, TimelineKind.Revised, fields.Count == 0 ? "The record changed." : $"The record changed: {string.Join(", ", fields)}.", change.Source, extension, party);
            }
        }
    }

    private static IEnumerable<TimelineEntry> OfRecording(RecordingRow recording)
    {
        if (recording.FetchedAt is { } fetched)
        {
            yield return new TimelineEntry(fetched, TimelineKind.RecordingReady, "The recording can be listened to.", VaultSource);
        }

        if (recording is { State: RecordingState.Absent, LastTriedAt: { } tried })
        {
            yield return new TimelineEntry(tried, TimelineKind.RecordingAbsent, recording.Detail ?? "The PBX does not hand the recording out.", VaultSource);
        }

        if (recording.State == RecordingState.Expired)
        {
            yield return new TimelineEntry(recording.ExpiresAt, TimelineKind.RecordingExpired, "The recording was removed for its age.", VaultSource);
        }
    }

    private static IEnumerable<TimelineEntry> OfLive(CallView? live)
    {
        if (live is null)
        {
            yield break;
        }

        var extension = live.Legs.FirstOrDefault(leg => leg.Kind == LegKind.Extension)?.Number;
        var party = live.Legs.FirstOrDefault(leg => leg.Kind != LegKind.Extension)?.Number;
        yield return new TimelineEntry(live.StartedAt, TimelineKind.Ringing, $"{live.Caller ?? "Somebody"} calls {live.Callee ?? "somebody"}.", LiveSource, extension, party);
        if (live.AnsweredAt is { } answered)
        {
            yield return new TimelineEntry(answered, TimelineKind.Answered, "Both sides talk.", LiveSource, extension, party);
        }

        if (live.State != CallState.Ended)
        {
            foreach (var leg in live.Legs.Where(leg => leg.State == LegState.OnHold))
            {
                yield return new TimelineEntry(live.ConfirmedAt, TimelineKind.Held, $"{leg.Number ?? "A side"} is on hold.", LiveSource, leg.Kind == LegKind.Extension ? leg.Number : extension, party);
            }
        }

        if (live.EndedAt is { } ended)
        {
            yield return new TimelineEntry(ended, TimelineKind.Ended, live.FailureReason is { } why ? $"The call ended: {why}." : "The call ended.", LiveSource, extension, party);
        }
    }

    private static string WordOf(CallDirection direction) => direction switch
    {
        CallDirection.Inbound => RecordedDirection.Inbound,
        CallDirection.Outbound => RecordedDirection.Outbound,
        CallDirection.Internal => RecordedDirection.Internal,
        _ => RecordedDirection.Unknown,
    };

    private static (string? Extension, string? Party) SidesOf(CallRecordRow record) => record.Direction switch
    {
        RecordedDirection.Inbound => (record.Extensions is [var one] ? one : record.AnsweredBy, record.CallerE164 ?? record.Caller),
        RecordedDirection.Outbound => (record.Extensions is [var one] ? one : record.Caller, record.CalleeE164 ?? record.Callee),
        _ => (record.Caller, record.Callee),
    };

    private static DateTimeOffset? AnsweredAt(CallRecordRow record) => record switch
    {
        { Disposition: not (RecordedDisposition.Answered or RecordedDisposition.Voicemail) } => null,
        { TotalSeconds: { } total, TalkSeconds: { } talk } when talk <= total => record.StartedAt.AddSeconds(total - talk),
        { RingSeconds: { } ring } => record.StartedAt.AddSeconds(ring),
        _ => null,
    };

    private static string EndOf(CallRecordRow record) => record.Disposition switch
    {
        RecordedDisposition.Answered when record.TalkSeconds is { } talk => string.Create(CultureInfo.InvariantCulture, $"The call ended after {talk} s of talk."),
        RecordedDisposition.NoAnswer => "Nobody answered.",
        RecordedDisposition.Busy => "The other end was busy.",
        RecordedDisposition.Failed => "The call could not be put through.",
        RecordedDisposition.Voicemail => "The caller left the voice mail.",
        _ => "The call ended.",
    };
}
