using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Front.Agents;

/// <summary>Routes of the CRM's agents.</summary>
internal static class AgentsApi
{
    private const int LargestSet = 8 * 1024 * 1024;
    private const string DryRun = "dryRun";
    private const string Site = "site";

    private static readonly QueryParameter[] SaveParameters = [new(DryRun, "true for a preview: the answer tells what would change, and nothing is saved.")];

    private static readonly QueryParameter[] DiffParameters = [new(Site, "Only of these sites; repeated or separated by commas.")];

    public static IEndpointRouteBuilder MapAgentsApi(this IEndpointRouteBuilder routes)
    {
        var agents = routes.MapGroup("/api/pbx/agents").WithTags("Agents");
        agents.MapGet("", List).RequireAuthorization(Scope.Read).WithName("ListAgents").WithSummary("All agents with site and extension.");
        agents.MapPut("", Replace).RequireAuthorization(Scope.Admin).WithName("ReplaceAgents").WithSummary("Replaces the whole set of agents; answers what that changed.")
            .WithQuery(SaveParameters).ProducesProblem(StatusCodes.Status400BadRequest).WithMetadata(new RequestSizeLimitAttribute(LargestSet));
        agents.MapPatch("", Upsert).RequireAuthorization(Scope.Admin).WithName("SaveAgents").WithSummary("Adds agents or changes those named; the others stay. Answers what that changed.")
            .WithQuery(SaveParameters).ProducesProblem(StatusCodes.Status400BadRequest).WithMetadata(new RequestSizeLimitAttribute(LargestSet));
        agents.MapGet("/diff", Compare).RequireAuthorization(Scope.Read).WithName("CompareAgents")
            .WithSummary("Compares the CRM's agents with the extensions of the PBXs and the phones registered on them.")
            .WithDescription("At least one finding per agent, and one per extension that no agent has. Numbers are the same only when every character is. Codes: ok, extension-unknown, look-alike, unregistered, registration-unknown, knowledge-stale, duplicate, no-agent, site-unknown, site-suspended.")
            .WithQuery(DiffParameters).ProducesProblems(400, 404);
        agents.MapDelete("/{agentId}", Remove).RequireAuthorization(Scope.Admin).WithName("RemoveAgent").WithSummary("Removes one agent.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<AgentResource>>> List(AgentDirectory agents, CancellationToken ct) =>
        TypedResults.Ok<IReadOnlyList<AgentResource>>([.. (await agents.ListAsync(ct)).Select(AgentResource.Of)]);

    private static Task<Results<Ok<AgentChangesResource>, ProblemHttpResult>> Replace([FromBody] AgentSet set, HttpRequest request, AgentDirectory agents, CancellationToken ct) =>
        Save(set, wholeSet: true, request, agents, ct);

    private static Task<Results<Ok<AgentChangesResource>, ProblemHttpResult>> Upsert([FromBody] AgentSet set, HttpRequest request, AgentDirectory agents, CancellationToken ct) =>
        Save(set, wholeSet: false, request, agents, ct);

    private static async Task<Results<Ok<AgentChangesResource>, ProblemHttpResult>> Save(AgentSet set, bool wholeSet, HttpRequest request, AgentDirectory agents, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(request.Query, errors);
        query.Only([DryRun]);
        var dryRun = query.Flag(DryRun) ?? false;
        var rows = AgentFields.Read(set, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        var changes = dryRun ? await agents.PreviewAsync(rows, wholeSet, ct) : wholeSet ? await agents.ReplaceAllAsync(rows, ct) : await agents.UpsertAsync(rows, ct);
        return TypedResults.Ok(AgentChangesResource.Of(changes, dryRun));
    }

    private static async Task<Results<Ok<AgentDiffResource>, ProblemHttpResult>> Compare(HttpRequest request, AgentDiff diff, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(request.Query, errors);
        query.Only([Site]);
        var sites = query.List(Site);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        var compared = await diff.CompareAsync(sites, ct);
        return compared.Strangers is [var stranger, ..] ? Problem.SiteUnknown(stranger) : TypedResults.Ok(AgentDiffResource.Of(compared));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string agentId, AgentDirectory agents, CancellationToken ct) =>
        await agents.DeleteAsync(agentId, ct)
            ? TypedResults.NoContent()
            : Problem.Of(StatusCodes.Status404NotFound, ProblemCodes.AgentUnknown, "No such agent", "GET /api/pbx/agents lists the agents.");
}
