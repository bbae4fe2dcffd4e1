using System.Globalization;
using PbxGrains.Grains.Agents;

namespace PbxGrains.Front.Agents;

/// <summary>What was found about agents, in English, and what to do about it.</summary>
internal static class AgentSentences
{
    /// <summary>One or two sentences about a finding.</summary>
    public static string Of(AgentFinding finding)
    {
        var (extension, site) = (finding.Extension, finding.SiteId);
        return finding.Code switch
        {
            AgentFindingCode.Ok => $"Extension {extension} exists and a phone is registered.",
            AgentFindingCode.ExtensionUnknown => $"The PBX of site {site} has no extension '{extension}'. Correct it in the CRM, or create it in the PBX.",
            AgentFindingCode.LookAlike => $"The PBX has no extension '{extension}'. Probably {finding.LookAlikes[0].Number} is meant; what differs: {Words(finding.LookAlikes[0].Differences)}. Correct it in the CRM.",
            AgentFindingCode.Unregistered => $"Extension {extension} exists, but no phone is registered on it{Since(finding.Seen?.Since)}. Check that the phone is switched on and connected.",
            AgentFindingCode.RegistrationUnknown => $"Extension {extension} exists, but the PBX does not say whether a phone is registered on it.",
            AgentFindingCode.KnowledgeStale => $"Site {site} has told nothing lately: whether it has extension '{extension}' is not known. Compare again when the site is online.",
            AgentFindingCode.Duplicate => $"Extension '{extension}' also belongs to {string.Join(", ", finding.Others)}. Calls are counted for the first of them only.",
            AgentFindingCode.NoAgent when finding.Others.Count > 0 => $"No agent has exactly extension {extension}; the one of {string.Join(", ", finding.Others)} looks like it.",
            AgentFindingCode.NoAgent => $"No agent has extension {extension}.",
            AgentFindingCode.SiteUnknown => $"No site '{site}' is registered. Register it, or correct the agent in the CRM.",
            AgentFindingCode.SiteSuspended => $"Site {site} is switched off, so its PBX is not asked. Resume the site first.",
            _ => throw new ArgumentOutOfRangeException(nameof(finding), finding.Code, "No sentence for this."),
        };
    }

    /// <summary>Differences in words.</summary>
    public static string Words(IEnumerable<NumberDifference> differences) => string.Join(", ", differences.Select(difference => difference switch
    {
        NumberDifference.LeadingZeros => "leading zeros",
        NumberDifference.Spaces => "spaces",
        NumberDifference.NoBreakSpaces => "no-break spaces",
        NumberDifference.InvisibleCharacters => "invisible characters",
        NumberDifference.FullWidth => "full-width characters",
        NumberDifference.OtherDigits => "digits of another script",
        NumberDifference.LettersForDigits => "letters that look like digits",
        NumberDifference.Separators => "characters between the digits",
        _ => "small letters for capitals",
    }));

    private static string Since(DateTimeOffset? since) => since is { } instant ? " since " + instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "";
}
