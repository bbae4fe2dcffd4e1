namespace PbxGrains.Contracts.Checklists;

/// <summary>Part of the checklist an item belongs to, in the order in which it is read.</summary>
[GenerateSerializer, Alias("pbx.ChecklistSection")]
public enum ChecklistSection
{
    /// <summary>The way to the PBX.</summary>
    Network = 0,

    /// <summary>The PBX's API and our login.</summary>
    Api = 1,

    /// <summary>What the PBX lets us do.</summary>
    Permissions = 2,

    /// <summary>The addresses the PBX sees us by.</summary>
    Addresses = 3,

    /// <summary>The PBX's reports.</summary>
    Webhook = 4,

    /// <summary>The CRM's agents and their extensions.</summary>
    Agents = 5,

    /// <summary>How the supervision of the site does.</summary>
    Operation = 6,
}

/// <summary>What was found out about an item.</summary>
[GenerateSerializer, Alias("pbx.ChecklistVerdict")]
public enum ChecklistVerdict
{
    /// <summary>Measured, and right.</summary>
    Pass = 0,

    /// <summary>Works, but somebody should look at it.</summary>
    Warn = 1,

    /// <summary>Measured, and wrong.</summary>
    Fail = 2,

    /// <summary>Not measured: a prerequisite failed, there is nothing to measure yet, or nobody asked for it.</summary>
    Skipped = 3,

    /// <summary>Cannot be seen from outside: a word to the administrator, never counted as passed.</summary>
    Notice = 4,
}

/// <summary>One item of a checklist with the evidence. Texts are made from finding and facts where they are read.</summary>
[GenerateSerializer, Immutable, Alias("pbx.ChecklistItem")]
public sealed record ChecklistItem
{
    /// <summary>Stable id, <c>network.tcp</c>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Its section.</summary>
    [Id(1)] public required ChecklistSection Section { get; init; }

    /// <summary>The verdict.</summary>
    [Id(2)] public required ChecklistVerdict Verdict { get; init; }

    /// <summary>Stable code of what was found, <c>port-refused</c>.</summary>
    [Id(3)] public required string Finding { get; init; }

    /// <summary>What was measured, by name, in invariant notation: numbers, instants as ISO 8601, spans in seconds.</summary>
    [Id(4)] public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>When it was measured, UTC.</summary>
    [Id(5)] public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>How long that took.</summary>
    [Id(6)] public required TimeSpan Took { get; init; }

    /// <summary>The item whose failure is why this one was not measured; null when it was, or for another reason.</summary>
    [Id(7)] public string? SkippedBecause { get; init; }
}
