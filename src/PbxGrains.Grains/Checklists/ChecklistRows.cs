using System.Text.Json;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Storage.Checklists;

namespace PbxGrains.Grains.Checklists;

/// <summary>Runs as they are stored.</summary>
public static class ChecklistRows
{
    /// <summary>A run as a row.</summary>
    public static ChecklistRunRow Of(ChecklistRun run) => new()
    {
        RunId = run.RunId,
        SiteId = run.Site.Value,
        Trigger = WordOf(run.Trigger),
        StartedAt = run.StartedAt,
        FinishedAt = run.FinishedAt,
        BrokenOff = run.BrokenOff,
        Verdict = run.FinishedAt is null ? null : JsonNamingPolicy.CamelCase.ConvertName(run.Verdict.ToString()),
        Counts = new ChecklistCounts(
            run.Count(ChecklistVerdict.Pass), run.Count(ChecklistVerdict.Warn), run.Count(ChecklistVerdict.Fail), run.Count(ChecklistVerdict.Skipped), run.Count(ChecklistVerdict.Notice)),
        Items = JsonSerializer.Serialize(run.Items, ChecklistJson.Words.IReadOnlyListChecklistItem),
    };

    /// <summary>A row as a run.</summary>
    /// <exception cref="JsonException">Its items are none this version knows.</exception>
    public static ChecklistRun Read(ChecklistRunRow row) => new()
    {
        RunId = row.RunId,
        Site = SiteId.Parse(row.SiteId),
        Trigger = Enum.Parse<ChecklistTrigger>(row.Trigger, ignoreCase: true),
        StartedAt = row.StartedAt,
        FinishedAt = row.FinishedAt,
        BrokenOff = row.BrokenOff,
        Items = JsonSerializer.Deserialize(row.Items, ChecklistJson.Words.IReadOnlyListChecklistItem) ?? [],
    };

    /// <summary>A trigger as it is stored and shown.</summary>
    public static string WordOf(ChecklistTrigger trigger) => JsonNamingPolicy.CamelCase.ConvertName(trigger.ToString());
}
