namespace PbxGrains.Simulator;

/// <summary>What becomes of a call.</summary>
public enum CallOutcome
{
    /// <summary>Somebody picks up.</summary>
    Answered,

    /// <summary>The called party is engaged: <c>486</c>.</summary>
    Busy,

    /// <summary>It rings in vain.</summary>
    NoAnswer,

    /// <summary>The called party declines: <c>603</c>.</summary>
    Refused,

    /// <summary>The called party cannot be reached: <c>480</c>.</summary>
    Unreachable,

    /// <summary>The number does not exist: <c>404</c>.</summary>
    NotFound,

    /// <summary>The mailbox takes it after the ring timeout.</summary>
    Voicemail,
}

/// <summary>What a trunk asks the API before it connects an incoming call.</summary>
public enum InboundControl
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>"Control Inbound Call Answering": <c>Invite</c>, ten seconds to accept or refuse; then the PBX accepts.</summary>
    Answering,

    /// <summary>"Control Inbound Call Destination": <c>Incoming</c>, ten seconds to transfer; then the PBX connects as usual.</summary>
    Destination,
}

/// <summary>How one call goes. What is null is drawn by lot from the seed and the fleet's ranges.</summary>
public sealed record CallPlan
{
    /// <summary>What becomes of it.</summary>
    public CallOutcome Outcome { get; init; } = CallOutcome.Answered;

    /// <summary>How long each telephone rings before it is picked up or declines.</summary>
    public TimeSpan? Ring { get; init; }

    /// <summary>How long they talk.</summary>
    public TimeSpan? Talk { get; init; }

    /// <summary>Calls started through the API ring the caller first; false: the caller does not pick up.</summary>
    public bool CallerPicksUp { get; init; } = true;

    /// <summary>Which member of a ring group or queue picks up; null: by lot.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>The mobile telephone that rings together with the extension picks up.</summary>
    public bool MobileAnswers { get; init; }

    /// <summary>Half-way through the talk the called extension transfers the caller to this number.</summary>
    public string? TransferTo { get; init; }

    /// <summary>Before the call rings it is forwarded to this extension.</summary>
    public string? ForwardTo { get; init; }

    /// <summary>Keys the caller presses after the answer, each reported.</summary>
    public string Keys { get; init; } = "";

    /// <summary>Grade the caller gives at the end, reported as <c>satisfaction</c>; empty: none.</summary>
    public string Survey { get; init; } = "";

    /// <summary>What the trunk asks first; incoming calls only.</summary>
    public InboundControl Control { get; init; }

    /// <summary>Whether an answered call is recorded.</summary>
    public bool? Recorded { get; init; }
}
