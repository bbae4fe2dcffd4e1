using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;

namespace PbxGrains.Grains.Moves;

/// <summary>One call of a live picture that moves to another silo. Instants are UTC.</summary>
[GenerateSerializer, Immutable, Alias("pbx.CallHandOver")]
internal sealed record CallHandOver
{
    [Id(0)] public required CallId Id { get; init; }

    [Id(1)] public DateTimeOffset StartedAt { get; init; }

    [Id(2)] public DateTimeOffset SeenAt { get; init; }

    [Id(3)] public DateTimeOffset ConfirmedAt { get; init; }

    [Id(4)] public DateTimeOffset? AnsweredAt { get; init; }

    [Id(5)] public DateTimeOffset? EndedAt { get; init; }

    [Id(6)] public string? FailureReason { get; init; }

    [Id(7)] public string? Reference { get; init; }

    [Id(8)] public string? AgentId { get; init; }

    [Id(9)] public ExtensionNumber? Originator { get; init; }

    [Id(10)] public string? Destination { get; init; }

    [Id(11)] public int MissedRounds { get; init; }

    [Id(12)] public required IReadOnlyList<LegHandOver> Legs { get; init; }
}

/// <summary>One leg of such a call.</summary>
[GenerateSerializer, Immutable, Alias("pbx.LegHandOver")]
internal sealed record LegHandOver
{
    [Id(0)] public LegKind Kind { get; init; }

    [Id(1)] public string? Number { get; init; }

    [Id(2)] public string? From { get; init; }

    [Id(3)] public string? To { get; init; }

    [Id(4)] public string? Trunk { get; init; }

    [Id(5)] public string? Handle { get; init; }

    [Id(6)] public string? Via { get; init; }

    [Id(7)] public LegState State { get; init; }

    [Id(8)] public LegState Before { get; init; }

    [Id(9)] public bool Talked { get; init; }

    [Id(10)] public bool JoinedLate { get; init; }

    [Id(11)] public bool TookOver { get; init; }

    [Id(12)] public bool? CallerSide { get; init; }

    [Id(13)] public DateTimeOffset MovedAt { get; init; }
}
