using System.Text.Json;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Agents;

namespace PbxGrains.Front.Agents;

/// <summary>The CRM's agents compared with the PBXs. Instants are UTC.</summary>
/// <param name="AsOf">When it was made.</param>
/// <param name="Clean">True when every finding is <c>ok</c>.</param>
/// <param name="Agents">Number of agents looked at.</param>
/// <param name="Counts">Number of findings by code.</param>
/// <param name="Findings">The findings by site, extension and agent.</param>
internal sealed record AgentDiffResource(DateTimeOffset AsOf, bool Clean, int Agents, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<AgentFindingResource> Findings)
{
    /// <summary>A comparison as the API shows it.</summary>
    public static AgentDiffResource Of(ComparedAgents compared)
    {
        List<AgentFindingResource> findings = [.. compared.Findings.Select(AgentFindingResource.Of)];
        return new AgentDiffResource(
            compared.AsOf,
            compared.Findings.All(finding => finding.Code == AgentFindingCode.Ok),
            compared.Agents,
            findings.GroupBy(finding => finding.Code, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Count(), StringComparer.Ordinal),
            findings);
    }
}

/// <summary>One finding: what the CRM says, what the PBX says, what was observed.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Site">The site.</param>
/// <param name="Extension">The extension exactly as the CRM says it; the PBX's when no agent has it.</param>
/// <param name="AgentId">The CRM's agent; null when no agent has the extension.</param>
/// <param name="AgentName">The agent's name.</param>
/// <param name="Message">One English sentence: what was found and what to do.</param>
/// <param name="Pbx">The PBX's extension of exactly that number; null when it has none or nobody knows.</param>
/// <param name="Registration">What was observed of its phone; null when nothing is known.</param>
/// <param name="Probably">The number of the PBX that is probably meant; null unless it looks like one.</param>
/// <param name="Differences">What tells the two apart: leading-zeros, spaces, no-break-spaces, invisible-characters, full-width, other-digits, letters-for-digits, separators, letter-case.</param>
/// <param name="Others">Other agents concerned: with the same extension, or with one that looks like it.</param>
/// <param name="ListedAt">When the PBX's list of extensions was last read whole; null when never.</param>
internal sealed record AgentFindingResource(
    string Code,
    string Site,
    string Extension,
    string? AgentId,
    string? AgentName,
    string Message,
    PbxExtensionResource? Pbx,
    RegistrationResource? Registration,
    string? Probably,
    IReadOnlyList<string> Differences,
    IReadOnlyList<string> Others,
    DateTimeOffset? ListedAt)
{
    /// <summary>A finding as the API shows it.</summary>
    public static AgentFindingResource Of(AgentFinding finding)
    {
        var alike = finding.LookAlikes is [var first, ..] ? first : null;
        return new AgentFindingResource(
            Kebab(finding.Code),
            finding.SiteId,
            finding.Extension,
            finding.Agent?.AgentId,
            finding.Agent?.Name,
            AgentSentences.Of(finding),
            finding.Seen is { } seen ? new PbxExtensionResource(seen.Number.Value, seen.Name, seen.Type) : null,
            finding.Seen is { } observed ? RegistrationResource.Of(observed) : null,
            alike?.Number,
            [.. (alike?.Differences ?? []).Select(Kebab)],
            finding.Others,
            finding.ListedAt);
    }

    private static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

/// <summary>An extension as the PBX lists it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Type">Its kind in the PBX's words.</param>
internal sealed record PbxExtensionResource(string Number, string? Name, string? Type);

/// <summary>What was observed of an extension's phone.</summary>
/// <param name="Registered">True when a phone is registered; null when nobody knows.</param>
/// <param name="Status">What it is doing.</param>
/// <param name="Since">Since when.</param>
/// <param name="Source">Where the knowledge came from.</param>
/// <param name="ConfirmedAt">When the PBX last confirmed it.</param>
/// <param name="Address">Address the phone registered from; null when the PBX did not say.</param>
internal sealed record RegistrationResource(bool? Registered, ExtensionStatus Status, DateTimeOffset? Since, KnowledgeSource Source, DateTimeOffset? ConfirmedAt, string? Address)
{
    /// <summary>What was observed, as the API shows it.</summary>
    public static RegistrationResource Of(ExtensionView seen) => new(
        seen.Status switch
        {
            ExtensionStatus.Unregistered => false,
            ExtensionStatus.Unknown or ExtensionStatus.Fault => null,
            _ => true,
        },
        seen.Status,
        seen.Since,
        seen.Source,
        seen.ConfirmedAt,
        seen.RegisteredAddress);
}
