using PbxGrains.Contracts.Checklists;

namespace PbxGrains.Grains.Checklists;

/// <summary>One item of the checklist: what it needs, and how it is measured.</summary>
/// <param name="Id">Stable id; the part before the dot names the section.</param>
/// <param name="Needs">Items without which nothing can be measured here.</param>
/// <param name="Measure">Measures.</param>
internal sealed record Check(string Id, IReadOnlyList<string> Needs, Func<CheckRound, CancellationToken, Task<Measured>> Measure)
{
    /// <summary>Items whose measurements are used here when there are some, and which come first therefore.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Its section.</summary>
    public ChecklistSection Section { get; } = Enum.Parse<ChecklistSection>(Id[..Id.IndexOf('.', StringComparison.Ordinal)], ignoreCase: true);

    /// <summary>A check that only judges what is known already.</summary>
    public static Check Judging(string id, IReadOnlyList<string> needs, Func<CheckRound, Measured> judge) =>
        new(id, needs, (round, _) => Task.FromResult(judge(round)));
}
