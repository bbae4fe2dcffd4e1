namespace PbxGrains.Contracts.Calls;

/// <summary>Where a call stands.</summary>
[GenerateSerializer, Alias("pbx.CallState")]
public enum CallState
{
    /// <summary>Started, nobody rings yet as far as we know.</summary>
    Started = 0,

    /// <summary>Somebody's phone rings.</summary>
    Ringing = 1,

    /// <summary>Both sides talk.</summary>
    Talking = 2,

    /// <summary>A side is on hold.</summary>
    OnHold = 3,

    /// <summary>Over. A finished call never reopens.</summary>
    Ended = 4,
}

/// <summary>Direction seen from the site.</summary>
[GenerateSerializer, Alias("pbx.CallDirection")]
public enum CallDirection
{
    /// <summary>Not known yet.</summary>
    Unknown = 0,

    /// <summary>From outside.</summary>
    Inbound = 1,

    /// <summary>To the outside.</summary>
    Outbound = 2,

    /// <summary>Between extensions.</summary>
    Internal = 3,
}

/// <summary>Kind of leg.</summary>
[GenerateSerializer, Alias("pbx.LegKind")]
public enum LegKind
{
    /// <summary>An extension of the site.</summary>
    Extension = 0,

    /// <summary>A trunk leg from outside.</summary>
    Inbound = 1,

    /// <summary>A trunk leg to the outside.</summary>
    Outbound = 2,
}

/// <summary>State of one leg in the PBX's sense.</summary>
[GenerateSerializer, Alias("pbx.LegState")]
public enum LegState
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>A caller who hears ring-back.</summary>
    Calling = 1,

    /// <summary>A phone that rings.</summary>
    Ringing = 2,

    /// <summary>Talking.</summary>
    Talking = 3,

    /// <summary>On hold.</summary>
    OnHold = 4,

    /// <summary>Hung up.</summary>
    Ended = 5,
}

/// <summary>One leg of a call.</summary>
[GenerateSerializer, Immutable, Alias("pbx.LegView")]
public sealed record LegView
{
    /// <summary>Kind of leg.</summary>
    [Id(0)] public required LegKind Kind { get; init; }

    /// <summary>The extension's number, or the outside party's as dialled; null when unknown.</summary>
    [Id(1)] public string? Number { get; init; }

    /// <summary>Trunk of an outside leg; null for extensions.</summary>
    [Id(2)] public string? Trunk { get; init; }

    /// <summary>State of the leg.</summary>
    [Id(3)] public required LegState State { get; init; }

    /// <summary>The number the outside caller dialled, on an inbound leg.</summary>
    [Id(4)] public string? Dialled { get; init; }

    /// <summary>IVR, queue or ring group passed; null when none.</summary>
    [Id(5)] public string? Via { get; init; }
}

/// <summary>One call as callers see it. Instants are UTC.</summary>
[GenerateSerializer, Immutable, Alias("pbx.CallView")]
public sealed record CallView
{
    /// <summary>The site.</summary>
    [Id(0)] public required SiteId Site { get; init; }

    /// <summary>The PBX's call id.</summary>
    [Id(1)] public required CallId CallId { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)] public required CallState State { get; init; }

    /// <summary>Direction.</summary>
    [Id(3)] public required CallDirection Direction { get; init; }

    /// <summary>Caller as dialled; null when unknown.</summary>
    [Id(4)] public string? Caller { get; init; }

    /// <summary>Callee as dialled; null when unknown.</summary>
    [Id(5)] public string? Callee { get; init; }

    /// <summary>When it started, by its id or first report.</summary>
    [Id(6)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When both sides first talked; null before.</summary>
    [Id(7)] public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    [Id(8)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed, in the PBX's words; null when it did not.</summary>
    [Id(9)] public string? FailureReason { get; init; }

    /// <summary>Legs in the order they appeared.</summary>
    [Id(10)] public required IReadOnlyList<LegView> Legs { get; init; }

    /// <summary>The caller's own reference given at originate; null when started elsewhere.</summary>
    [Id(11)] public string? Reference { get; init; }

    /// <summary>When the PBX last confirmed it.</summary>
    [Id(12)] public required DateTimeOffset ConfirmedAt { get; init; }
}
