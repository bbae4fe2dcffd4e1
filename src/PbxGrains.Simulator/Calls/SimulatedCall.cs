namespace PbxGrains.Simulator;

/// <summary>A running call as it stood when it was asked for.</summary>
/// <param name="CallId">Its id, <c>{epoch}.{counter}</c>.</param>
/// <param name="Type"><c>Inbound</c>, <c>Outbound</c>, <c>Internal</c>, <c>Callback</c> or <c>Transfer</c>.</param>
/// <param name="From">Who calls.</param>
/// <param name="To">Who was dialled.</param>
/// <param name="Started">When it began, on the injected clock.</param>
/// <param name="Answered">When it was answered; null while it rings.</param>
/// <param name="Legs">Its parties.</param>
public sealed record SimulatedCall(string CallId, string Type, string From, string To, DateTimeOffset Started, DateTimeOffset? Answered, IReadOnlyList<SimulatedLeg> Legs);

/// <summary>One party of a running call.</summary>
/// <param name="Number">Extension number, or the outside number.</param>
/// <param name="LegId">v1 handle (<c>inboundid</c>, <c>outboundid</c>); empty for extensions.</param>
/// <param name="ChannelId">v2 handle.</param>
/// <param name="Status">v2 <c>memberstatus</c>.</param>
/// <param name="IsMuted">Whether it is muted.</param>
public sealed record SimulatedLeg(string Number, string LegId, string ChannelId, string Status, bool IsMuted);
