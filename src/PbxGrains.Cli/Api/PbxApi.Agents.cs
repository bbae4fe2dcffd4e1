namespace PbxGrains.Cli.Api;

/// <summary>The CRM's agents.</summary>
internal sealed partial class PbxApi
{
    /// <summary>The CRM's agents.</summary>
    public Task<ApiAnswer<IReadOnlyList<AgentResource>>> ListAgents(CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Agents, null, ApiJson.Default.IReadOnlyListAgentResource, ct);

    /// <summary>Saves agents, or tells what saving them would change.</summary>
    /// <param name="agents">The agents.</param>
    /// <param name="replaceAll">True when they are all there are; false for only those named.</param>
    /// <param name="dryRun">True to save nothing.</param>
    /// <param name="ct">Stops asking.</param>
    public Task<ApiAnswer<AgentChanges>> SaveAgents(AgentSet agents, bool replaceAll, bool dryRun, CancellationToken ct) =>
        Send(
            replaceAll ? HttpMethod.Put : HttpMethod.Patch,
            Routes.Agents + ApiQuery.Empty.With("dryRun", dryRun ? "true" : null),
            Json(agents, ApiJson.Default.AgentSet),
            ApiJson.Default.AgentChanges,
            ct);

    /// <summary>Compares the agents with the PBXs; no sites means all.</summary>
    public Task<ApiAnswer<AgentComparison>> CompareAgents(IReadOnlyList<string> sites, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Agents + "/diff" + sites.Aggregate(ApiQuery.Empty, (query, site) => query.With("site", site)), null, ApiJson.Default.AgentComparison, ct);
}
