using PbxGrains.Simulator.Reports;

namespace PbxGrains.Simulator.Calls;

/// <summary>Where a party stands, by the v2 names.</summary>
internal enum LegState
{
    Alert,
    Ring,
    Answered,
    Answer,
    Hold,
    Bye,
}

/// <summary>One party of a call.</summary>
internal sealed class Leg(PartyKind kind, SimulatedExtension? extension, string from, string to, string trunk, string legId, string channelId)
{
    public PartyKind Kind { get; } = kind;

    /// <summary>The telephone; null for trunk legs.</summary>
    public SimulatedExtension? Extension { get; } = extension;

    public string From { get; } = from;

    public string To { get; } = to;

    public string Trunk { get; } = trunk;

    public string LegId { get; } = legId;

    public string ChannelId { get; } = channelId;

    public LegState State { get; set; }

    /// <summary>What <see cref="LegState.Hold" /> goes back to.</summary>
    public LegState BeforeHold { get; set; }

    public bool IsMuted { get; set; }

    public string CallPath { get; set; } = "";

    /// <summary>Who is at the other end: extension number or outside number.</summary>
    public string Number => Extension?.Number ?? (Kind is PartyKind.Inbound ? From : To);

    public bool IsTalking => State is LegState.Answered or LegState.Answer or LegState.Hold;

    public Party Snapshot(bool withStatus = true) => new(
        Kind, Extension?.Number ?? "", From, To, Trunk, LegId, ChannelId, withStatus ? State.ToString().ToUpperInvariant() : "", CallPath);
}
