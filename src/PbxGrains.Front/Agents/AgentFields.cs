using System.Globalization;
using PbxGrains.Contracts;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Agents;

namespace PbxGrains.Front.Agents;

/// <summary>Reads agents as the CRM sends them.</summary>
internal static class AgentFields
{
    /// <summary>Most characters of an agent's id, name or number.</summary>
    public const int LongestText = 100;

    private const int MostAgents = 10_000;
    private const int LongestExtension = 64;

    /// <summary>The agents as stored; not to be used when there are errors.</summary>
    public static List<AgentRow> Read(AgentSet set, FieldErrors errors)
    {
        if (set.Agents is null || set.Agents.Count > MostAgents)
        {
            errors.Add("agents", $"Give a list of at most {MostAgents} agents; an empty one is allowed.");
            return [];
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. set.Agents.Select((agent, i) => Read(agent, $"agents[{i}]", seen, errors))];
    }

    private static AgentRow Read(AgentResource? agent, string at, HashSet<string> seen, FieldErrors errors)
    {
        agent ??= new AgentResource();
        var id = SiteFields.Text($"{at}.id", agent.Id, "the CRM's id of the agent", errors);
        if (!seen.Add(id))
        {
            errors.Add($"{at}.id", "Each agent may appear once.");
        }

        if (!SiteId.TryParse(agent.Site, out _))
        {
            errors.Add($"{at}.site", "Give a site id: 1 to 63 lower-case letters, digits and hyphens.");
        }

        return new AgentRow(
            id,
            Optional($"{at}.name", agent.Name, errors),
            agent.Site ?? "",
            Extension($"{at}.extension", agent.Extension, errors),
            Optional($"{at}.mobile", agent.Mobile, errors));
    }

    /// <summary>
    /// The extension exactly as the CRM has it, also when no PBX can have such a number: only then can the comparison with
    /// the PBX say what is wrong with it.
    /// </summary>
    private static string Extension(string field, string? text, FieldErrors errors)
    {
        if (text is null || !OneLine.Fits(text, LongestExtension) || text.Any(c => c is '\u2028' or '\u2029') || !text.EnumerateRunes().Any(IsVisible))
        {
            errors.Add(field, $"Give the agent's extension: 1 to {LongestExtension} characters, on one line.");
        }

        return text ?? "";
    }

    private static bool IsVisible(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.SpaceSeparator or UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.NonSpacingMark);

    private static string? Optional(string field, string? text, FieldErrors errors)
    {
        if (text is not null && !OneLine.Fits(text, LongestText))
        {
            errors.Add(field, $"Give at most {LongestText} characters, on one line.");
        }

        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
