namespace PbxGrains.Contracts.Extensions;

/// <summary>What an extension is doing.</summary>
[GenerateSerializer, Alias("pbx.ExtensionStatus")]
public enum ExtensionStatus
{
    /// <summary>Not known: never seen, or the knowledge is older than its bound.</summary>
    Unknown = 0,

    /// <summary>No phone is registered: it cannot ring.</summary>
    Unregistered = 1,

    /// <summary>Registered and free.</summary>
    Idle = 2,

    /// <summary>Ringing.</summary>
    Ringing = 3,

    /// <summary>In a call.</summary>
    Busy = 4,

    /// <summary>In a call on hold.</summary>
    OnHold = 5,

    /// <summary>The PBX reports a malfunction of the port.</summary>
    Fault = 6,
}

/// <summary>Where a piece of knowledge came from.</summary>
[GenerateSerializer, Alias("pbx.KnowledgeSource")]
public enum KnowledgeSource
{
    /// <summary>Nowhere yet.</summary>
    None = 0,

    /// <summary>The PBX pushed it.</summary>
    Push = 1,

    /// <summary>We asked.</summary>
    Poll = 2,
}

/// <summary>One extension as callers see it. Instants are UTC.</summary>
[GenerateSerializer, Immutable, Alias("pbx.ExtensionView")]
public sealed record ExtensionView
{
    /// <summary>The site.</summary>
    [Id(0)] public required SiteId Site { get; init; }

    /// <summary>The extension's number.</summary>
    [Id(1)] public required ExtensionNumber Number { get; init; }

    /// <summary>Display name in the PBX; null when unknown.</summary>
    [Id(2)] public string? Name { get; init; }

    /// <summary>Kind of extension in the PBX's words (<c>SIP</c>, <c>FXS</c>); null when unknown.</summary>
    [Id(3)] public string? Type { get; init; }

    /// <summary>Status; <see cref="ExtensionStatus.Unknown"/> when the knowledge is stale.</summary>
    [Id(4)] public required ExtensionStatus Status { get; init; }

    /// <summary>Since when it has this status; null when unknown.</summary>
    [Id(5)] public DateTimeOffset? Since { get; init; }

    /// <summary>Where the status came from.</summary>
    [Id(6)] public KnowledgeSource Source { get; init; }

    /// <summary>When the PBX last confirmed it; null when never.</summary>
    [Id(7)] public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>The clock's time when this view was made, so that the age can be told.</summary>
    [Id(8)] public required DateTimeOffset AsOf { get; init; }

    /// <summary>True when there is knowledge, but older than its bound.</summary>
    [Id(9)] public bool Stale { get; init; }

    /// <summary>The status last known when stale; null otherwise.</summary>
    [Id(10)] public ExtensionStatus? LastKnownStatus { get; init; }

    /// <summary>The call it takes part in; null when none is known.</summary>
    [Id(11)] public CallId? CurrentCall { get; init; }

    /// <summary>Who it talks to or rings with, as dialled; null when unknown.</summary>
    [Id(12)] public string? TalkingTo { get; init; }

    /// <summary>Address the phone registered from; null when the PBX did not say.</summary>
    [Id(13)] public string? RegisteredAddress { get; init; }
}

/// <summary>What a site holds of one extension, unjudged: the extension's actor judges it by age.</summary>
[GenerateSerializer, Immutable, Alias("pbx.ExtensionState")]
public sealed record ExtensionState
{
    /// <summary>Display name in the PBX; null when unknown.</summary>
    [Id(0)] public string? Name { get; init; }

    /// <summary>Kind of extension in the PBX's words; null when unknown.</summary>
    [Id(1)] public string? Type { get; init; }

    /// <summary>Status last heard of.</summary>
    [Id(2)] public ExtensionStatus Status { get; init; }

    /// <summary>Since when, UTC; null when unknown.</summary>
    [Id(3)] public DateTimeOffset? Since { get; init; }

    /// <summary>Where the status came from.</summary>
    [Id(4)] public KnowledgeSource Source { get; init; }

    /// <summary>When this very status was last confirmed by push or poll, UTC; polls after it confirm it too.</summary>
    [Id(5)] public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>The call it takes part in; null when none is known.</summary>
    [Id(6)] public CallId? CurrentCall { get; init; }

    /// <summary>Who it talks to; null when unknown.</summary>
    [Id(7)] public string? TalkingTo { get; init; }

    /// <summary>Address the phone registered from; null when the PBX did not say.</summary>
    [Id(8)] public string? RegisteredAddress { get; init; }

    /// <summary>Grows with every change; a lower one is old news.</summary>
    [Id(9)] public long Revision { get; init; }
}

/// <summary>Freshness of a site's knowledge, and what it holds of one extension.</summary>
/// <param name="State">What is held; null when the PBX does not list the extension and never reported it.</param>
/// <param name="ConfirmedAt">When the list of extensions was last read whole, UTC; null when never in this activation.</param>
/// <param name="StaleAfter">Knowledge not confirmed for longer than this reads as unknown.</param>
/// <param name="Now">What the sender's clock showed, UTC; the other times are by that clock.</param>
[GenerateSerializer, Immutable, Alias("pbx.ExtensionKnowledge")]
public sealed record ExtensionKnowledge(
    [property: Id(0)] ExtensionState? State,
    [property: Id(1)] DateTimeOffset? ConfirmedAt,
    [property: Id(2)] TimeSpan StaleAfter,
    [property: Id(3)] DateTimeOffset Now);
