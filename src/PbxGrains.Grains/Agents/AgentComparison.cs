using PbxGrains.Contracts.Extensions;
using PbxGrains.Storage.Agents;

namespace PbxGrains.Grains.Agents;

/// <summary>
/// Compares the CRM's agents with the extensions of the PBXs and what was observed of them. Pure, and strict: a number is
/// the same only when every character is. Where the PBX's list is stale nothing is concluded from it.
/// </summary>
public static class AgentComparison
{
    /// <summary>Compares.</summary>
    /// <param name="agents">The CRM's agents.</param>
    /// <param name="sites">The registered sites looked at, by id. Agents of other sites are of an unknown site.</param>
    /// <returns>At least one finding per agent, and one per extension that no agent has; by site, extension and agent.</returns>
    public static IReadOnlyList<AgentFinding> Compare(IReadOnlyCollection<AgentRow> agents, IReadOnlyDictionary<string, SiteSide> sites)
    {
        List<AgentFinding> findings = [];
        var bySite = agents.ToLookup(agent => agent.SiteId, StringComparer.Ordinal);
        foreach (var site in bySite)
        {
            var side = sites.GetValueOrDefault(site.Key);
            var extensions = side?.Listing?.Extensions.ToDictionary(view => view.Number.Value, StringComparer.Ordinal) ?? [];
            var gists = extensions.Keys.ToLookup(NumberLikeness.Gist, StringComparer.Ordinal);
            foreach (var sharing in site.GroupBy(agent => agent.Extension, StringComparer.Ordinal))
            {
                findings.AddRange(sharing.Select(agent => OfAgent(agent, side, extensions, gists)));
                findings.AddRange(Duplicates([.. sharing]));
            }
        }

        findings.AddRange(sites.SelectMany(site => WithoutAgent(site.Key, site.Value, [.. bySite[site.Key]])));
        return [.. findings
            .OrderBy(finding => finding.SiteId, StringComparer.Ordinal)
            .ThenBy(finding => finding.Extension, StringComparer.Ordinal)
            .ThenBy(finding => finding.Agent?.AgentId, StringComparer.Ordinal)
            .ThenBy(finding => finding.Code)];
    }

    /// <summary>Numbers of the PBX that a number looks like, the likeliest first.</summary>
    public static IReadOnlyList<LookAlike> LookAlikes(string number, IEnumerable<string> ofPbx) =>
    [
        .. ofPbx.Select(other => (Number: other, Differences: NumberLikeness.Between(number, other)))
            .Where(other => other.Differences is not null)
            .Select(other => new LookAlike(other.Number, other.Differences!))
            .OrderBy(other => other.Differences.Count)
            .ThenBy(other => Math.Abs(other.Number.Length - number.Length))
            .ThenBy(other => other.Number, StringComparer.Ordinal),
    ];

    private static AgentFinding OfAgent(AgentRow agent, SiteSide? side, Dictionary<string, ExtensionView> extensions, ILookup<string, string> gists)
    {
        var finding = new AgentFinding { Code = AgentFindingCode.Ok, SiteId = agent.SiteId, Extension = agent.Extension, Agent = agent, ListedAt = side?.Listing?.ListedAt };
        return side switch
        {
            null => finding with { Code = AgentFindingCode.SiteUnknown },
            { Suspended: true } => finding with { Code = AgentFindingCode.SiteSuspended },
            { Listing: not { Fresh: true } } => finding with { Code = AgentFindingCode.KnowledgeStale },
            _ when extensions.GetValueOrDefault(agent.Extension) is { } seen => finding with { Code = OfStatus(seen), Seen = seen },
            _ => LookAlikes(agent.Extension, gists[NumberLikeness.Gist(agent.Extension)]) switch
            {
                [] => finding with { Code = AgentFindingCode.ExtensionUnknown },
                var alike => finding with { Code = AgentFindingCode.LookAlike, LookAlikes = alike },
            },
        };
    }

    private static AgentFindingCode OfStatus(ExtensionView seen) => seen.Status switch
    {
        ExtensionStatus.Idle or ExtensionStatus.Ringing or ExtensionStatus.Busy or ExtensionStatus.OnHold => AgentFindingCode.Ok,
        ExtensionStatus.Unregistered => AgentFindingCode.Unregistered,
        _ => seen.Stale ? AgentFindingCode.KnowledgeStale : AgentFindingCode.RegistrationUnknown,
    };

    private static IEnumerable<AgentFinding> Duplicates(IReadOnlyList<AgentRow> sharing) => sharing.Count < 2 ? [] : sharing.Select(agent => new AgentFinding
    {
        Code = AgentFindingCode.Duplicate,
        SiteId = agent.SiteId,
        Extension = agent.Extension,
        Agent = agent,
        Others = [.. sharing.Where(other => other != agent).Select(other => other.AgentId).Order(StringComparer.Ordinal)],
    });

    private static IEnumerable<AgentFinding> WithoutAgent(string siteId, SiteSide side, IReadOnlyList<AgentRow> agents)
    {
        if (side is not { Suspended: false, Listing: { Fresh: true } listing })
        {
            return [];
        }

        var taken = agents.Select(agent => agent.Extension).ToHashSet(StringComparer.Ordinal);
        var free = listing.Extensions.Where(view => !taken.Contains(view.Number.Value));
        var listed = listing.Extensions.Select(view => view.Number.Value).ToHashSet(StringComparer.Ordinal);
        var strangers = agents.Where(agent => !listed.Contains(agent.Extension)).ToLookup(agent => NumberLikeness.Gist(agent.Extension), StringComparer.Ordinal);
        return free.Select(view => new AgentFinding
        {
            Code = AgentFindingCode.NoAgent,
            SiteId = siteId,
            Extension = view.Number.Value,
            Seen = view,
            Others = [.. strangers[NumberLikeness.Gist(view.Number.Value)].Select(agent => agent.AgentId).Order(StringComparer.Ordinal)],
            ListedAt = listing.ListedAt,
        });
    }
}
