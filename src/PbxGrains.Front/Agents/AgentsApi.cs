using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Agents;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Front.Agents;

/// <summary>Routes of the CRM's agents.</summary>
internal static class AgentsApi
{
    /// <summary>Most characters of an agent's id, name or number.</summary>
    public const int LongestText = 100;

    private const int MostAgents = 10_000;

    public static IEndpointRouteBuilder MapAgentsApi(this IEndpointRouteBuilder routes)
    {
        var agents = routes.MapGroup("/api/pbx/agents").WithTags("Agents");
        agents.MapGet("", List).RequireAuthorization(Scope.Read).WithName("ListAgents").WithSummary("All agents with site and extension.");
        agents.MapPut("", Replace).RequireAuthorization(Scope.Admin).WithName("ReplaceAgents").WithSummary("Replaces the whole set of agents.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        agents.MapPatch("", Upsert).RequireAuthorization(Scope.Admin).WithName("SaveAgents").WithSummary("Adds agents or changes those named; the others stay.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        agents.MapDelete("/{agentId}", Remove).RequireAuthorization(Scope.Admin).WithName("RemoveAgent").WithSummary("Removes one agent.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<AgentResource>>> List(AgentDirectory agents, CancellationToken ct) =>
        TypedResults.Ok<IReadOnlyList<AgentResource>>([.. (await agents.ListAsync(ct)).Select(AgentResource.Of)]);

    private static Task<Results<Ok<IReadOnlyList<AgentResource>>, ProblemHttpResult>> Replace(AgentSet set, AgentDirectory agents, CancellationToken ct) =>
        Save(set, agents, agents.ReplaceAllAsync, ct);

    private static Task<Results<Ok<IReadOnlyList<AgentResource>>, ProblemHttpResult>> Upsert(AgentSet set, AgentDirectory agents, CancellationToken ct) =>
        Save(set, agents, agents.UpsertAsync, ct);

    private static async Task<Results<Ok<IReadOnlyList<AgentResource>>, ProblemHttpResult>> Save(
        AgentSet set, AgentDirectory agents, Func<IReadOnlyList<AgentRow>, CancellationToken, Task> save, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var rows = Read(set, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        await save(rows, ct);
        return await List(agents, ct);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string agentId, AgentDirectory agents, CancellationToken ct) =>
        await agents.DeleteAsync(agentId, ct)
            ? TypedResults.NoContent()
            : Problem.Of(StatusCodes.Status404NotFound, ProblemCodes.AgentUnknown, "No such agent", "GET /api/pbx/agents lists the agents.");

    private static List<AgentRow> Read(AgentSet set, FieldErrors errors)
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

        if (!ExtensionNumber.TryParse(agent.Extension, out _))
        {
            errors.Add($"{at}.extension", "Give the agent's extension.");
        }

        return new AgentRow(id, Optional($"{at}.name", agent.Name, errors), agent.Site ?? "", agent.Extension ?? "", Optional($"{at}.mobile", agent.Mobile, errors));
    }

    private static string? Optional(string field, string? text, FieldErrors errors)
    {
        if (text is not null && !OneLine.Fits(text, LongestText))
        {
            errors.Add(field, $"Give at most {LongestText} characters, on one line.");
        }

        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
