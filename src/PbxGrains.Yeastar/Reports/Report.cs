using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Reports;

/// <summary>
/// A report a PBX pushed, read by its own shape and independent of dialect. Texts are trimmed, free of control
/// characters and at most <see cref="ReportParser.TextLimit"/> long; an absent or empty field is null. Numbers and ids
/// are whatever the PBX sent: check them before use.
/// </summary>
public abstract record Report
{
    private protected Report()
    {
    }

    /// <summary>Serial number of the PBX; null when the report has none (old firmware).</summary>
    public string? SerialNumber { get; init; }

    /// <summary>Shape the body had.</summary>
    public ReportShape Shape { get; init; }
}

/// <summary>Shape of a report's body.</summary>
public enum ReportShape
{
    /// <summary>
    /// Cannot be told: the report names no party, or is one whose parties are at the root in every format
    /// (<c>CallFailed</c>, <c>PlayPromptEnd</c>), or is unreadable.
    /// </summary>
    Unspecific,

    /// <summary>
    /// Dialect 1, parties at the root, the same key repeated for several: the format of a login without <c>version</c>.
    /// </summary>
    Default,

    /// <summary>Dialect 1, parties in the array <c>call</c>.</summary>
    V102,

    /// <summary>Dialect 2, parties in the array <c>members</c>.</summary>
    V2,
}

/// <summary>The PBX started.</summary>
public sealed record BootUpReport : Report;

/// <summary>Settings changed.</summary>
public sealed record ConfigurationChangedReport : Report
{
    /// <summary><c>trunk</c> or <c>extension</c>, or another word.</summary>
    public string? Subject { get; init; }

    /// <summary>Name of the trunk or number of the extension.</summary>
    public string? Name { get; init; }

    /// <summary><c>add</c>, <c>del</c>, <c>update</c>.</summary>
    public string? Operation { get; init; }
}

/// <summary>An extension changed status.</summary>
public sealed record ExtensionStatusReport : Report
{
    /// <summary>Number of the extension.</summary>
    public required string Extension { get; init; }

    /// <summary>Its status.</summary>
    public required PbxExtensionStatus Status { get; init; }

    /// <summary>The PBX's word for it.</summary>
    public required string RawStatus { get; init; }

    /// <summary>Address the phone registered from; null when not sent.</summary>
    public string? RegisteredAddress { get; init; }
}

/// <summary>What a call report of dialect 1 is about; dialect 2 says it per leg.</summary>
public enum CallMoment
{
    /// <summary>Dialect 2: see each leg's status.</summary>
    PerLeg,

    /// <summary><c>ALERT</c>: the first party, a caller, hears ring-back.</summary>
    Alert,

    /// <summary><c>RING</c>: the first party, a callee, rings.</summary>
    Ring,

    /// <summary><c>ANSWER</c>: the first party, a callee, picked up.</summary>
    Answer,

    /// <summary><c>ANSWERED</c>: the first party, a caller, was answered.</summary>
    Answered,

    /// <summary><c>BYE</c>: the first party hung up.</summary>
    Bye,
}

/// <summary>A call went on: ALERT, RING, ANSWER, ANSWERED, BYE, or CallStatus.</summary>
public sealed record CallProgressReport : Report
{
    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>What it is about in dialect 1.</summary>
    public required CallMoment Moment { get; init; }

    /// <summary>
    /// The parties, in the body's order, none lost. In dialect 1 the first carries the status the moment implies, the
    /// others <see cref="PbxLegStatus.Unknown"/>. May be empty.
    /// </summary>
    public required IReadOnlyList<PbxLeg> Legs { get; init; }
}

/// <summary>Kinds of call report that are not progress.</summary>
public enum CallNoticeKind
{
    /// <summary><c>Transfer</c> or <c>Tranfer</c>.</summary>
    Transferred,

    /// <summary><c>Forward</c>.</summary>
    Forwarded,

    /// <summary><c>Invite</c>: an inbound call waits up to ten seconds to be accepted or refused.</summary>
    Invite,

    /// <summary><c>Incoming</c>: an inbound call waits for a destination.</summary>
    Incoming,

    /// <summary><c>ConferenceStatus</c>.</summary>
    Conference,

    /// <summary><c>uacstacall</c>: an event of a phone under uaCSTA control.</summary>
    PhoneControl,
}

/// <summary>Something happened to a call: transfer, forward, invitation, conference.</summary>
public sealed record CallNoticeReport : Report
{
    /// <summary>The call; null when not sent.</summary>
    public string? CallId { get; init; }

    /// <summary>What happened.</summary>
    public required CallNoticeKind Kind { get; init; }

    /// <summary>The parties, in the body's order, none lost.</summary>
    public required IReadOnlyList<PbxLeg> Legs { get; init; }

    /// <summary>Number of a conference; null otherwise.</summary>
    public string? Conference { get; init; }

    /// <summary>Name of a conference; null otherwise.</summary>
    public string? ConferenceName { get; init; }
}

/// <summary>A call failed.</summary>
public sealed record CallFailedReport : Report
{
    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>The PBX's reason as sent.</summary>
    public string? Reason { get; init; }

    /// <summary>The reason classified over the many spellings.</summary>
    public required CallFailureClass Class { get; init; }

    /// <summary>The parties, in the body's order.</summary>
    public required IReadOnlyList<PbxLeg> Legs { get; init; }
}

/// <summary>Why a call failed, over all spellings the PBX uses.</summary>
public enum CallFailureClass
{
    /// <summary>Another reason, or none.</summary>
    Other,

    /// <summary><c>NO Outbound Restriction</c>, <c>NO Dial Permission</c>.</summary>
    NotPermitted,

    /// <summary><c>DND</c>.</summary>
    DoNotDisturb,

    /// <summary><c>Line unreachable</c>, <c>404</c>, <c>410</c>, <c>480</c>, <c>408</c>.</summary>
    Unreachable,

    /// <summary><c>User busy</c>, <c>486</c>.</summary>
    Busy,

    /// <summary><c>484</c>: the number is incomplete.</summary>
    NumberIncomplete,

    /// <summary><c>603</c>.</summary>
    Declined,

    /// <summary><c>487</c>: the caller gave up.</summary>
    Cancelled,

    /// <summary><c>Circuit/channel congestion</c>.</summary>
    Congestion,
}

/// <summary>Keys were pressed.</summary>
public sealed record DtmfReport : Report
{
    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>The key; null when not sent.</summary>
    public string? Key { get; init; }

    /// <summary>Position of the key, from 0; null when not sent.</summary>
    public int? Index { get; init; }

    /// <summary>All keys so far, sent at the end; null before.</summary>
    public string? Keys { get; init; }

    /// <summary>The parties, in the body's order.</summary>
    public required IReadOnlyList<PbxLeg> Legs { get; init; }
}

/// <summary>A call record (CDR): the call, or a part of it, is over.</summary>
public sealed record CallRecordReport : Report
{
    /// <summary>The record.</summary>
    public required PbxCallRecord Record { get; init; }
}

/// <summary>A call record as sent, all spellings folded. Null means not sent or not readable.</summary>
public sealed record PbxCallRecord
{
    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>Number of the record; named in the documentation, never seen.</summary>
    public string? RecordId { get; init; }

    /// <summary>Start in the PBX's wall clock, as sent: no zone.</summary>
    public string? StartText { get; init; }

    /// <summary>Start in the PBX's wall clock, kind unspecified.</summary>
    public DateTime? StartWallClock { get; init; }

    /// <summary>Caller.</summary>
    public string? From { get; init; }

    /// <summary>Callee; may be a group with the one who answered, <c>6200(4002)</c>.</summary>
    public string? To { get; init; }

    /// <summary>Total duration in seconds; null is unknown, not zero.</summary>
    public int? TotalSeconds { get; init; }

    /// <summary>Talking time in seconds; null is unknown, not zero.</summary>
    public int? TalkSeconds { get; init; }

    /// <summary>Trunk the call came over.</summary>
    public string? SourceTrunk { get; init; }

    /// <summary>Trunk the call went over.</summary>
    public string? DestinationTrunk { get; init; }

    /// <summary>Outcome as sent.</summary>
    public string? Status { get; init; }

    /// <summary>Outcome classified.</summary>
    public CallDisposition Disposition { get; init; }

    /// <summary>Type as sent: <c>Inbound</c>, <c>Outbound</c>, <c>Internal</c>, <c>Callback</c>, <c>Transfer</c>.</summary>
    public string? Type { get; init; }

    /// <summary>True when a PIN code came with the record. The code itself is never kept.</summary>
    public bool HadPinCode { get; init; }

    /// <summary>Name of the recording.</summary>
    public string? Recording { get; init; }

    /// <summary>Number dialled from outside (DID).</summary>
    public string? Did { get; init; }

    /// <summary>Seconds a queue's agent rang; null when not sent.</summary>
    public int? AgentRingSeconds { get; init; }
}

/// <summary>Outcome of a call.</summary>
public enum CallDisposition
{
    /// <summary>Not sent, or a word we do not know.</summary>
    Unknown,

    /// <summary>Answered, in all its spellings.</summary>
    Answered,

    /// <summary>Not answered.</summary>
    NoAnswer,

    /// <summary>Busy.</summary>
    Busy,

    /// <summary>Failed.</summary>
    Failed,

    /// <summary>Ended in voicemail.</summary>
    Voicemail,
}

/// <summary>A prompt was played to its end.</summary>
public sealed record PromptEndedReport : Report
{
    /// <summary>The call; null when not sent.</summary>
    public string? CallId { get; init; }

    /// <summary>Name of the prompt, or null.</summary>
    public string? Prompt { get; init; }

    /// <summary>Number of the IVR, or null.</summary>
    public string? Ivr { get; init; }

    /// <summary>Number an IVR's prompt was played to, or null.</summary>
    public string? PlayedTo { get; init; }

    /// <summary>The parties, in the body's order.</summary>
    public required IReadOnlyList<PbxLeg> Legs { get; init; }
}

/// <summary>A caller answered the satisfaction survey.</summary>
public sealed record SatisfactionReport : Report
{
    /// <summary>The call; null when not sent.</summary>
    public string? CallId { get; init; }

    /// <summary>The answer.</summary>
    public string? Result { get; init; }
}

/// <summary>A text message could not be sent.</summary>
public sealed record SmsReport : Report
{
    /// <summary>Number of the message.</summary>
    public string? SmsId { get; init; }

    /// <summary>The PBX's word.</summary>
    public string? Status { get; init; }
}

/// <summary>A queue paused an agent, or an agent let it ring (<c>QueueAutoPause</c>, <c>QueueAgentRingNoAnswerTimeout</c>).</summary>
public sealed record QueueReport : Report
{
    /// <summary>True for an automatic pause, false for a ring that was not answered.</summary>
    public required bool Paused { get; init; }

    /// <summary>Number of the queue, without the prefix some reports put before it.</summary>
    public string? Queue { get; init; }

    /// <summary>The agent as sent: a number in one report, a display name in the other.</summary>
    public string? Agent { get; init; }

    /// <summary>Calls missed, as caller and call id.</summary>
    public required IReadOnlyList<MissedQueueCall> Missed { get; init; }
}

/// <summary>A call an agent of a queue missed.</summary>
/// <param name="Caller">Who called; null when not sent.</param>
/// <param name="CallId">The call; null when not sent.</param>
public sealed record MissedQueueCall(string? Caller, string? CallId);

/// <summary>Well-formed, with a discriminator we do not know.</summary>
public sealed record UnknownReport : Report
{
    /// <summary>The discriminator as sent, cut to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The call, when there is one.</summary>
    public string? CallId { get; init; }

    /// <summary>The parties found, in the body's order.</summary>
    public required IReadOnlyList<PbxLeg> Legs { get; init; }
}

/// <summary>Could not be read. The raw bytes are kept so that nothing is lost.</summary>
public sealed record UnreadableReport : Report
{
    /// <summary>The bytes as received.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>Why, one English sentence.</summary>
    public required string Reason { get; init; }
}
