using System.Collections.Concurrent;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Agents;
using PbxGrains.Storage.Sites;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Front.Agents;

/// <summary>The comparison of agents with their PBXs.</summary>
/// <param name="AsOf">When it was made, UTC.</param>
/// <param name="Agents">Number of agents looked at.</param>
/// <param name="Findings">What was found.</param>
/// <param name="Strangers">Sites asked for that are not registered and that no agent names.</param>
internal sealed record ComparedAgents(DateTimeOffset AsOf, int Agents, IReadOnlyList<AgentFinding> Findings, IReadOnlyList<string> Strangers);

/// <summary>Asks every site's actor for its extensions and compares them with the CRM's agents.</summary>
internal sealed partial class AgentDiff(AgentDirectory agents, SiteRegistry registry, IGrainFactory grains, TimeProvider time, ILogger<AgentDiff> logger)
{
    private const int SitesAtOnce = 32;

    /// <summary>Longest wait for one site's actor.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Compares.</summary>
    /// <param name="siteIds">Only these sites; null for all.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ComparedAgents> CompareAsync(IReadOnlyList<string>? siteIds, CancellationToken ct)
    {
        var asked = (await agents.ListAsync(ct)).Where(agent => siteIds is null || siteIds.Contains(agent.SiteId, StringComparer.Ordinal)).ToList();
        var rows = siteIds is null ? await registry.ListAsync(ct) : await registry.ListAsync(siteIds, ct);
        var sides = new ConcurrentDictionary<string, SiteSide>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            rows,
            new ParallelOptions { MaxDegreeOfParallelism = SitesAtOnce, CancellationToken = ct },
            async (row, token) => sides[row.SiteId] = new SiteSide(row.Suspended, row.Suspended ? null : await ListAsync(row.SiteId, token)));

        var strangers = siteIds?.Where(site => !sides.ContainsKey(site) && !asked.Exists(agent => agent.SiteId == site)).ToList();
        return new ComparedAgents(time.GetUtcNow(), asked.Count, AgentComparison.Compare(asked, sides), strangers ?? []);
    }

    /// <summary>What a site's actor says; null when it does not answer: nothing is concluded then.</summary>
    private async Task<ExtensionListing?> ListAsync(string siteId, CancellationToken ct)
    {
        // Rows are also written in SQL by others: an id that is none has no actor.
        if (!SiteId.TryParse(siteId, out var id))
        {
            return null;
        }

        try
        {
            return await grains.GetGrain<ISiteGrain>(id.GrainKey).GetExtensionListing(ct).WaitAsync(Patience, time, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // A cluster that is busy, or a silo that is older and does not know the question.
            Log.NoAnswer(logger, siteId, e);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Site {Site}: its actor did not tell its extensions, agents cannot be compared with them")]
        public static partial void NoAnswer(ILogger logger, string site, Exception exception);
    }
}
