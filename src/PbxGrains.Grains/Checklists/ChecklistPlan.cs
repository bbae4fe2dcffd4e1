using PbxGrains.Contracts.Checklists;

namespace PbxGrains.Grains.Checklists;

/// <summary>All checks in the order in which they are read, and which comes next.</summary>
/// <param name="checks">The checks; what one needs may stand anywhere, but not in a circle.</param>
internal sealed class ChecklistPlan(IReadOnlyList<Check> checks)
{
    /// <summary>The checks in the order in which they are read.</summary>
    public IReadOnlyList<Check> Checks => checks;

    /// <summary>The first check that is not done and whose needs are known; null when all are done.</summary>
    public Check? Next(IReadOnlyList<ChecklistItem> done)
    {
        var known = done.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        return checks.FirstOrDefault(check => !known.Contains(check.Id) && check.Needs.Concat(check.After).All(known.Contains));
    }

    /// <summary>The item that keeps a check from being measured, where the trouble began; null when nothing does.</summary>
    public static string? Obstacle(Check check, IReadOnlyList<ChecklistItem> done) =>
        check.Needs.Select(need => done.First(item => item.Id == need))
            .Where(need => need.Verdict is ChecklistVerdict.Fail or ChecklistVerdict.Skipped)
            .Select(need => need.SkippedBecause ?? need.Id)
            .FirstOrDefault();

    /// <summary>Items in the order of the list.</summary>
    public IReadOnlyList<ChecklistItem> InOrder(IReadOnlyList<ChecklistItem> done) =>
        [.. checks.SelectMany(check => done.Where(item => item.Id == check.Id))];
}
