namespace PbxGrains.Yeastar.Client;

/// <summary>What a PBX says about itself. Null means it did not say.</summary>
public sealed record DeviceInformation
{
    /// <summary>Model name.</summary>
    public string? Name { get; init; }

    /// <summary>Serial number: the natural key of a PBX.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>Firmware version as sent.</summary>
    public string? Firmware { get; init; }

    /// <summary>The PBX's wall clock with its UTC offset.</summary>
    public DateTimeOffset? Clock { get; init; }

    /// <summary>Time since it started.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Registered extensions.</summary>
    public int? RegisteredExtensions { get; init; }

    /// <summary>All extensions.</summary>
    public int? TotalExtensions { get; init; }
}

/// <summary>What the PBX says an extension is doing.</summary>
public enum PbxExtensionStatus
{
    /// <summary>A word we do not know.</summary>
    Unknown,

    /// <summary><c>Unavailable</c> or <c>Unregistered</c>: no phone.</summary>
    Unregistered,

    /// <summary><c>Registered</c> (SIP, free) or <c>Idle</c> (FXS, free).</summary>
    Idle,

    /// <summary><c>Ringing</c>.</summary>
    Ringing,

    /// <summary><c>Busy</c>.</summary>
    Busy,

    /// <summary><c>Hold</c>.</summary>
    OnHold,

    /// <summary><c>Malfunction</c> or <c>Fxsnoport</c>.</summary>
    Fault,
}

/// <summary>One extension as listed.</summary>
/// <param name="Number">Number exactly as sent.</param>
/// <param name="Status">What it is doing.</param>
/// <param name="RawStatus">The PBX's word for it.</param>
/// <param name="Name">Display name; null when not sent.</param>
/// <param name="Type"><c>SIP</c>, <c>FXS</c>; null when not sent.</param>
public sealed record PbxExtension(string Number, PbxExtensionStatus Status, string RawStatus, string? Name, string? Type);

/// <summary>Kind of leg.</summary>
public enum PbxLegKind
{
    /// <summary>An extension.</summary>
    Extension,

    /// <summary>A trunk leg from outside.</summary>
    Inbound,

    /// <summary>A trunk leg to the outside.</summary>
    Outbound,
}

/// <summary>State of a leg in the PBX's own sense.</summary>
public enum PbxLegStatus
{
    /// <summary>Not said, or a word we do not know.</summary>
    Unknown,

    /// <summary><c>ALERT</c>: a caller who hears ring-back.</summary>
    Alert,

    /// <summary><c>RING</c>: a callee whose phone rings.</summary>
    Ring,

    /// <summary><c>ANSWERED</c>: a caller whose call was answered.</summary>
    Answered,

    /// <summary><c>ANSWER</c>: a callee who picked up.</summary>
    Answer,

    /// <summary><c>HOLD</c>.</summary>
    Hold,

    /// <summary><c>BYE</c>: hung up.</summary>
    Bye,
}

/// <summary>One leg of a call, from a list or a report. Null means not said.</summary>
public sealed record PbxLeg
{
    /// <summary>Kind of leg.</summary>
    public required PbxLegKind Kind { get; init; }

    /// <summary>Number of an extension leg.</summary>
    public string? Extension { get; init; }

    /// <summary>Caller of a trunk leg.</summary>
    public string? From { get; init; }

    /// <summary>Number dialled on a trunk leg.</summary>
    public string? To { get; init; }

    /// <summary>Trunk of a trunk leg.</summary>
    public string? Trunk { get; init; }

    /// <summary>
    /// What to name the leg by in requests: <c>channelid</c> in dialect 2.0.0, <c>inboundid</c>/<c>outboundid</c> in
    /// 1.1.0 (where an extension's leg is named by its number).
    /// </summary>
    public string? Handle { get; init; }

    /// <summary>State of the leg.</summary>
    public PbxLegStatus Status { get; init; }

    /// <summary>IVR, queue, ring group or conference passed.</summary>
    public string? Via { get; init; }
}

/// <summary>A running call as listed.</summary>
/// <param name="CallId">
/// The call's id; null in dialect 1.1.0 lists, which name legs only (an inbound leg's id equals the call id in all
/// samples, an outbound leg's does not).
/// </param>
/// <param name="Legs">Its legs, in the PBX's order.</param>
public sealed record PbxCall(string? CallId, IReadOnlyList<PbxLeg> Legs);

/// <summary>A call to start.</summary>
/// <param name="Extension">The extension that rings first.</param>
/// <param name="Destination">What to dial after it picked up.</param>
/// <param name="DestinationIsExtension">True when the destination is an extension of the same PBX (dialect 1.1.0 has two requests).</param>
/// <param name="Permission">Extension whose outbound permission counts; null for the caller's own.</param>
/// <param name="AutoAnswer">True to let the phone answer by itself.</param>
public sealed record PbxOriginate(string Extension, string Destination, bool DestinationIsExtension, string? Permission, bool AutoAnswer);

/// <summary>A blind transfer.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Transferor">The leg that transfers and leaves.</param>
/// <param name="Moved">The leg that is given away; null when unknown.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Permission">Extension whose outbound permission counts; null for the transferor's own.</param>
public sealed record PbxTransfer(string CallId, PbxLeg Transferor, PbxLeg? Moved, string Destination, string? Permission);

/// <summary>How a supervisor joins.</summary>
public enum PbxMonitorMode
{
    /// <summary>Hears both.</summary>
    Listen,

    /// <summary>Heard by the extension only.</summary>
    Whisper,

    /// <summary>Heard by all.</summary>
    Barge,
}

/// <summary>A supervisor joining an extension's call.</summary>
/// <param name="Supervisor">His extension.</param>
/// <param name="Extension">The extension monitored.</param>
/// <param name="Mode">How he joins.</param>
public sealed record PbxMonitor(string Supervisor, string Extension, PbxMonitorMode Mode);

/// <summary>A trunk.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">SIP, FXO, GSM and so on; null when not sent.</param>
/// <param name="Status">State in the PBX's words; null when not sent.</param>
/// <param name="Usable">True when calls can go over it, false when not, null when the word is unknown.</param>
public sealed record PbxTrunk(string Name, string? Type, string? Status, bool? Usable);

/// <summary>A queue.</summary>
/// <param name="Number">Number.</param>
/// <param name="Waiting">Callers waiting; null when not sent.</param>
/// <param name="Agents">Its agents.</param>
public sealed record PbxQueue(string Number, int? Waiting, IReadOnlyList<PbxQueueAgent> Agents);

/// <summary>An agent of a queue.</summary>
/// <param name="Extension">Extension.</param>
/// <param name="Status">State.</param>
public sealed record PbxQueueAgent(string Extension, PbxQueueAgentStatus Status);

/// <summary>State of a queue agent, by the PBX's digit.</summary>
public enum PbxQueueAgentStatus
{
    /// <summary>0, or a digit we do not know.</summary>
    Unknown = 0,

    /// <summary>1.</summary>
    Idle = 1,

    /// <summary>2.</summary>
    InUse = 2,

    /// <summary>3.</summary>
    Busy = 3,

    /// <summary>5.</summary>
    Unavailable = 5,

    /// <summary>6.</summary>
    Ringing = 6,

    /// <summary>7.</summary>
    InUseAndRinging = 7,

    /// <summary>8.</summary>
    OnHold = 8,

    /// <summary>9.</summary>
    Paused = 9,

    /// <summary>10.</summary>
    WrapUp = 10,
}
