using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Yeastar.Reports;
using PbxGrains.Yeastar.Time;

namespace PbxGrains.Grains.Cdrs;

/// <summary>What the normaliser needs to know of a site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Zone">Its zone.</param>
/// <param name="Country">ISO 3166 code of its country; null when not configured.</param>
public sealed record CallRecordContext(SiteId Site, TimeZoneInfo Zone, string? Country);

/// <summary>
/// Makes a ledger row of a PBX's record: instants from wall clocks, direction where the PBX's type lies, parties taken
/// apart and in E.164. Pure.
/// </summary>
public static class CallRecordNormaliser
{
    /// <summary>The ledger row of a record; null when it has neither a readable start nor a call id that tells one.</summary>
    /// <param name="record">The record as the PBX told it.</param>
    /// <param name="raw">The body or row it came in, PIN removed.</param>
    /// <param name="source">How it became known, one of <see cref="RecordedSource"/>.</param>
    /// <param name="seenAt">When, UTC.</param>
    /// <param name="context">The site.</param>
    public static CallRecordRow? Row(PbxCallRecord record, string? raw, string source, DateTimeOffset seenAt, CallRecordContext context)
    {
        if (PbxTime.InstantOf(record.CallId, record.StartWallClock, context.Zone) is not { } started)
        {
            return null;
        }

        var direction = DirectionOf(record);
        var called = CalledParty.Of(record.To);
        return new CallRecordRow
        {
            SiteId = context.Site.Value,
            CallId = record.CallId,
            Identity = CallIdentity.Of(context.Site, record),
            StartWallClock = record.StartWallClock ?? TimeZoneInfo.ConvertTime(started.Utc, context.Zone).DateTime,
            StartedAt = started.Utc,
            TotalSeconds = record.TotalSeconds,
            RingSeconds = record.AgentRingSeconds is > 0 ? record.AgentRingSeconds : null,
            TalkSeconds = record.TalkSeconds,
            Direction = Word(direction),
            RawType = record.Type,
            Caller = record.From,
            CallerE164 = direction == CallDirection.Inbound ? PublicNumber.E164(record.From, context.Country) : null,
            Callee = record.To,
            CalleeE164 = direction == CallDirection.Outbound ? PublicNumber.E164(called.Number, context.Country) : null,
            CalledGroup = called.IsGroup ? called.Number : null,
            AnsweredBy = called.AnsweredBy,
            Did = record.Did,
            SourceTrunk = record.SourceTrunk,
            DestinationTrunk = record.DestinationTrunk,
            Disposition = Word(record.Disposition),
            RawStatus = record.Status,
            Recording = record.Recording,
            Extensions = ExtensionsOf(record, direction, called),
            Source = source,
            SeenAt = seenAt,
            Raw = raw,
        };
    }

    /// <summary>
    /// Direction, corrected where the type lies: an inbound call that also rings a mobile telephone is typed Outbound, but
    /// only a call from outside has a source trunk (fact sheet S-Series §9).
    /// </summary>
    public static CallDirection DirectionOf(PbxCallRecord record) => record switch
    {
        { SourceTrunk: not null } => CallDirection.Inbound,
        { Type: { } type } when type.Equals("Inbound", StringComparison.OrdinalIgnoreCase) => CallDirection.Inbound,
        { DestinationTrunk: not null } => CallDirection.Outbound,
        { Type: { } type } when type.Equals("Outbound", StringComparison.OrdinalIgnoreCase) => CallDirection.Outbound,
        { Type: { } type } when type.Equals("Internal", StringComparison.OrdinalIgnoreCase) => CallDirection.Internal,
        _ => CallDirection.Unknown,
    };

    private static List<string> ExtensionsOf(PbxCallRecord record, CallDirection direction, CalledParty called)
    {
        List<string> extensions = [];
        if (direction != CallDirection.Inbound && ExtensionNumber.TryParse(record.From, out var caller))
        {
            extensions.Add(caller.Value);
        }

        if (direction != CallDirection.Outbound && ExtensionNumber.TryParse(called.AnsweredBy ?? called.Number, out var callee))
        {
            extensions.Add(callee.Value);
        }

        return extensions;
    }

    private static string Word(CallDirection direction) => direction switch
    {
        CallDirection.Inbound => RecordedDirection.Inbound,
        CallDirection.Outbound => RecordedDirection.Outbound,
        CallDirection.Internal => RecordedDirection.Internal,
        _ => RecordedDirection.Unknown,
    };

    private static string Word(CallDisposition disposition) => disposition switch
    {
        CallDisposition.Answered => RecordedDisposition.Answered,
        CallDisposition.NoAnswer => RecordedDisposition.NoAnswer,
        CallDisposition.Busy => RecordedDisposition.Busy,
        CallDisposition.Failed => RecordedDisposition.Failed,
        CallDisposition.Voicemail => RecordedDisposition.Voicemail,
        _ => RecordedDisposition.Unknown,
    };
}
