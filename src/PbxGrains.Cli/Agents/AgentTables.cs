using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Agents;

/// <summary>Agents in tables.</summary>
internal static class AgentTables
{
    /// <summary>All agents.</summary>
    public static void Agents(Terminal terminal, IReadOnlyList<AgentResource> agents) => terminal.Rows(
        [Text.Column_id, Text.Column_name, Text.Column_site, Text.Column_extension, Text.Column_mobile],
        [.. agents.Select(agent => (IReadOnlyList<string>)
            [agent.Id ?? string.Empty, agent.Name ?? string.Empty, agent.Site ?? string.Empty, ShownNumber.Of(agent.Extension), agent.Mobile ?? string.Empty])]);

    /// <summary>What an import changes: a line per agent, of changed ones what was and what will be. Nothing when nothing changes.</summary>
    public static void Changes(Terminal terminal, AgentChanges changes)
    {
        List<IReadOnlyList<string>> rows =
        [
            .. (changes.Added ?? []).Select(agent => Whole(Text.Agent_change_added, agent)),
            .. (changes.Changed ?? []).Select(Changed),
            .. (changes.Removed ?? []).Select(agent => Whole(Text.Agent_change_removed, agent)),
        ];
        if (rows.Count > 0)
        {
            terminal.Rows([Text.Column_change, Text.Column_id, Text.Column_name, Text.Column_site, Text.Column_extension, Text.Column_mobile], rows);
        }
    }

    /// <summary>Findings of a comparison.</summary>
    public static void Findings(Terminal terminal, IReadOnlyList<AgentFinding> findings, TimeProvider time)
    {
        if (findings.Count > 0)
        {
            terminal.Rows(
                [Text.Column_finding, Text.Column_site, Text.Column_extension, Text.Column_agent, Text.Column_name, Text.Column_remark],
                [.. findings.Select(finding => (IReadOnlyList<string>)
                [
                    Sentence.OfValue("Agent_finding", finding.Code),
                    finding.Site ?? string.Empty,
                    ShownNumber.Of(finding.Extension),
                    finding.AgentId ?? LocalTime.Unknown,
                    finding.AgentName ?? finding.Pbx?.Name ?? string.Empty,
                    Remark(finding, time),
                ])]);
        }
    }

    private static string Remark(AgentFinding finding, TimeProvider time) => finding switch
    {
        { Code: "look-alike", Probably: { } probably } => Sentence.Of(Text.Agent_remark_look_alike, probably, string.Join(", ", (finding.Differences ?? []).Select(difference => Sentence.OfValue("Number_difference", difference)))),
        { Code: "unregistered", Registration.Since: { } since } => Sentence.Of(Text.Agent_remark_unregistered, LocalTime.Minute(since, time)),
        { Code: "knowledge-stale", ListedAt: { } listedAt } => Sentence.Of(Text.Agent_remark_stale, LocalTime.Minute(listedAt, time)),
        { Code: "duplicate", Others.Count: > 0 } => Sentence.Of(Text.Agent_remark_duplicate, string.Join(", ", finding.Others)),
        { Code: "no-agent", Others.Count: > 0 } => Sentence.Of(Text.Agent_remark_alike, string.Join(", ", finding.Others)),
        _ => string.Empty,
    };

    private static IReadOnlyList<string> Whole(string change, AgentResource agent) =>
        [change, agent.Id ?? string.Empty, agent.Name ?? string.Empty, agent.Site ?? string.Empty, ShownNumber.Of(agent.Extension), agent.Mobile ?? string.Empty];

    private static IReadOnlyList<string> Changed(AgentChange change)
    {
        return [Text.Agent_change_changed, change.Id ?? string.Empty, Field("name") ?? change.Name ?? string.Empty, Field("site") ?? string.Empty, Field("extension") ?? string.Empty, Field("mobile") ?? string.Empty];

        string? Field(string name) => change.Fields?.FirstOrDefault(field => field.Field == name) is { } field ? $"{Side(name, field.Old)} → {Side(name, field.New)}" : null;

        static string Side(string name, string? text) => text is null ? LocalTime.Unknown : name == "extension" ? ShownNumber.Of(text) : text;
    }
}
