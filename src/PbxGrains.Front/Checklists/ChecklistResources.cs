using System.Text.Json.Serialization;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Storage.Checklists;

namespace PbxGrains.Front.Checklists;

/// <summary>The wish to run the checklist.</summary>
internal sealed record ChecklistInput
{
    /// <summary>A short call between two extensions of the site that proves the way back; leave it out for none.</summary>
    public ReturnPathInput? ReturnPath { get; init; }

    /// <summary><c>manual</c> (default) or <c>onboarding</c>.</summary>
    public string? Trigger { get; init; }
}

/// <summary>Two extensions whose people know that their phones will ring.</summary>
internal sealed record ReturnPathInput
{
    /// <summary>The extension that rings first.</summary>
    public string? Caller { get; init; }

    /// <summary>The extension it calls.</summary>
    public string? Callee { get; init; }
}

/// <summary>How many items of a run have which verdict.</summary>
/// <param name="Pass">Measured, and right.</param>
/// <param name="Warn">Works, but wants a look.</param>
/// <param name="Fail">Measured, and wrong.</param>
/// <param name="Skipped">Not measured.</param>
/// <param name="Notice">Cannot be seen from outside.</param>
internal sealed record ChecklistCountsResource(int Pass, int Warn, int Fail, int Skipped, int Notice)
{
    public static ChecklistCountsResource Of(ChecklistCounts counts) => new(counts.Passed, counts.Warned, counts.Failed, counts.Skipped, counts.Noticed);
}

/// <summary>One item of a run.</summary>
/// <param name="Id">Stable id, <c>network.tcp</c>.</param>
/// <param name="Section">Its section.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Title">What is checked, in the language asked for.</param>
/// <param name="Evidence">What was measured; for a skipped item, why not.</param>
/// <param name="Remedy">What to change where; null when it passed.</param>
/// <param name="Finding">Stable code of what was found.</param>
/// <param name="Facts">The numbers behind it.</param>
/// <param name="MeasuredAt">When, UTC.</param>
/// <param name="TookMs">How long it took, milliseconds.</param>
internal sealed record ChecklistItemResource(
    string Id,
    ChecklistSection Section,
    ChecklistVerdict Verdict,
    string Title,
    string Evidence,
    string? Remedy,
    string Finding,
    IReadOnlyDictionary<string, string> Facts,
    DateTimeOffset MeasuredAt,
    double TookMs)
{
    public static ChecklistItemResource Of(ChecklistItem item, ChecklistReader reader) => new(
        item.Id,
        item.Section,
        item.Verdict,
        reader.Title(item),
        reader.Evidence(item),
        reader.Remedy(item),
        item.Finding,
        new SortedDictionary<string, string>(item.Facts.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
        item.MeasuredAt,
        Math.Round(item.Took.TotalMilliseconds, 1));
}

/// <summary>A run of the checklist with all its items.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="SiteId">The site.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="FinishedAt">When it ended, UTC.</param>
/// <param name="Trigger">Who wanted it.</param>
/// <param name="Verdict"><c>pass</c>, <c>warn</c> or <c>fail</c>.</param>
/// <param name="BrokenOff">True when it ended before its end: run it again.</param>
/// <param name="Counts">How many items have which verdict.</param>
/// <param name="Items">The items, in the order of the list.</param>
internal sealed record ChecklistRunResource(
    Guid RunId,
    string SiteId,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    ChecklistTrigger Trigger,
    ChecklistVerdict Verdict,
    bool BrokenOff,
    ChecklistCountsResource Counts,
    IReadOnlyList<ChecklistItemResource> Items)
{
    public static ChecklistRunResource Of(ChecklistRun run, ChecklistReader reader) => new(
        run.RunId,
        run.Site.Value,
        run.StartedAt,
        run.FinishedAt,
        run.Trigger,
        run.Verdict,
        run.BrokenOff,
        new ChecklistCountsResource(
            run.Count(ChecklistVerdict.Pass), run.Count(ChecklistVerdict.Warn), run.Count(ChecklistVerdict.Fail), run.Count(ChecklistVerdict.Skipped), run.Count(ChecklistVerdict.Notice)),
        [.. run.Items.Select(item => ChecklistItemResource.Of(item, reader))]);
}

/// <summary>A run of the checklist without its items.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="FinishedAt">When it ended, UTC.</param>
/// <param name="Trigger">Who wanted it: <c>manual</c>, <c>nightly</c> or <c>onboarding</c>.</param>
/// <param name="Verdict"><c>pass</c>, <c>warn</c> or <c>fail</c>.</param>
/// <param name="BrokenOff">True when it ended before its end; it proves nothing.</param>
/// <param name="Counts">How many items have which verdict.</param>
internal sealed record ChecklistSummaryResource(
    Guid RunId, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string Trigger, string? Verdict, bool BrokenOff, ChecklistCountsResource Counts)
{
    public static ChecklistSummaryResource Of(ChecklistRunRow row) =>
        new(row.RunId, row.StartedAt, row.FinishedAt, row.Trigger, row.Verdict, row.BrokenOff, ChecklistCountsResource.Of(row.Counts));
}

/// <summary>A line of a run that is followed: an item as it finishes, and last the whole run.</summary>
/// <param name="Item">An item; null on the last line.</param>
/// <param name="Run">The whole run; null before the last line.</param>
internal sealed record ChecklistLine(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ChecklistItemResource? Item,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ChecklistRunResource? Run);
