using Microsoft.AspNetCore.Mvc;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Agents;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Front.Calls;

/// <summary>The CRM's wish to call for one of its agents.</summary>
internal sealed record ClickToCallInput
{
    /// <summary>The CRM's id of the agent.</summary>
    public string? AgentId { get; init; }

    /// <summary>Number to dial once the agent picked up.</summary>
    public string? Destination { get; init; }
}

/// <summary>A call started for an agent.</summary>
/// <param name="PbxCallId">The PBX's call id; null while it is unknown.</param>
/// <param name="State"><c>accepted</c>, or <c>unknown</c> when the PBX's answer was lost.</param>
/// <param name="OriginateId">Id to ask after it by.</param>
internal sealed record ClickToCallResource(string? PbxCallId, OriginateState State, Guid OriginateId);

/// <summary>The CRM's own click-to-call contract.</summary>
internal static class ClickToCallApi
{
    public static IEndpointRouteBuilder MapClickToCallApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/call/originate", Start).RequireAuthorization(Scope.Operate).WithMetadata(new NeverRepeated())
            .WithTags("Calls").WithName("StartCallForAgent").WithSummary("Starts a call for an agent of the CRM, on the agent's own site and extension.")
            .WithDescription("An answer 202 means that the PBX's answer was lost; ask GET /api/pbx/sites/{siteId}/originates/{originateId}.")
            .WithIdempotencyKey()
            .Produces<ClickToCallResource>(StatusCodes.Status200OK).Produces<ClickToCallResource>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 403, 404, 409, 422, 502, 503, 504);
        return routes;
    }

    private static async Task<IResult> Start([FromBody] ClickToCallInput input, AgentDirectory agents, SiteDirectory directory, IGrainFactory grains, HttpContext http, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(input.AgentId))
        {
            return Problem.Invalid("agentId", "Give the id of the agent who calls.");
        }

        if (!OneLine.Fits(input.AgentId, AgentsApi.LongestText) || await agents.FindAsync(input.AgentId, ct) is not { } agent)
        {
            return Problem.Of(
                StatusCodes.Status404NotFound,
                ProblemCodes.AgentUnknown,
                "No such agent",
                $"No agent '{Problem.Shown(input.AgentId)}' is known. PUT or PATCH /api/pbx/agents tells us site and extension.");
        }

        var errors = new FieldErrors();
        var request = OriginateWish.Read(new OriginateInput { Extension = agent.Extension, Destination = input.Destination }, http.Request, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        if (!SiteId.TryParse(agent.SiteId, out var site) || await directory.FindAsync(site, ct) is null)
        {
            return Problem.SiteUnknown(agent.SiteId);
        }

        var outcome = await new SiteScope(agent.SiteId, grains).Site.Originate(request with { AgentId = agent.AgentId }, ct);
        var resource = new ClickToCallResource(outcome.CallId?.Value, outcome.State, outcome.OriginateId);
        return outcome.State switch
        {
            OriginateState.Accepted => TypedResults.Ok(resource),
            OriginateState.Unknown => TypedResults.Accepted(OriginateApi.AddressOf(agent.SiteId, outcome.OriginateId), resource),
            _ => OriginateRefusals.ProblemOf(outcome),
        };
    }
}
