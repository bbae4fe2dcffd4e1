using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Events;

namespace PbxGrains.Grains.Checklists;

/// <summary>What is another verdict than in the run before. Pure.</summary>
internal static class ChecklistChanges
{
    /// <summary>
    /// The items whose verdict changed, in the order of the list. What was not measured in one of the runs because nobody
    /// asked for it, or because there was nothing to measure, is no change; what a failing prerequisite kept from being measured is.
    /// An item the run before did not have is one when it wants a look.
    /// </summary>
    public static IReadOnlyList<ChecklistChange> Between(ChecklistRun before, ChecklistRun now)
    {
        var known = before.Items.ToDictionary(item => item.Id, StringComparer.Ordinal);
        return
        [
            .. now.Items.Where(item => !IsUnasked(item))
                .Select(item => (Item: item, Before: known.GetValueOrDefault(item.Id)))
                .Where(pair => pair.Before is null ? pair.Item.Verdict is ChecklistVerdict.Warn or ChecklistVerdict.Fail : (pair.Before.Verdict != pair.Item.Verdict && !IsUnasked(pair.Before)))
                .Select(pair => new ChecklistChange(pair.Item.Id, pair.Item.Verdict, pair.Before?.Verdict, pair.Item.Finding)),
        ];
    }

    private static bool IsUnasked(ChecklistItem item) => item is { Verdict: ChecklistVerdict.Skipped, SkippedBecause: null };
}
