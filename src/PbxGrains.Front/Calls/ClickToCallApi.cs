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

    /// <summary>True to get the verdict, check by check, without ringing anything.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>A call started for an agent.</summary>
/// <param name="PbxCallId">The PBX's call id; null while it is unknown.</param>
/// <param name="State"><c>accepted</c>, or <c>unknown</c> when the PBX's answer was lost; of a dry run <c>possible</c> or <c>refused</c>.</param>
/// <param name="OriginateId">Id to ask after it by.</param>
/// <param name="Refusal">Stable code of what speaks against it; only in a dry run.</param>
/// <param name="Message">The same in one sentence.</param>
/// <param name="Checks">What a dry run looked at, in the order of a call; null otherwise.</param>
internal sealed record ClickToCallResource(
    string? PbxCallId, OriginateState State, Guid OriginateId, string? Refusal = null, string? Message = null, IReadOnlyList<OriginateCheck>? Checks = null)
{
    /// <summary>The verdict of a dry run.</summary>
    public static ClickToCallResource Of(OriginateResource verdict) => new(PbxCallId: null, verdict.State, verdict.OriginateId, verdict.Refusal, verdict.Message, verdict.Checks);
}

/// <summary>The CRM's own click-to-call contract.</summary>
internal static class ClickToCallApi
{
    public static IEndpointRouteBuilder MapClickToCallApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/call/originate", Start).RequireAuthorization(Scope.Operate).WithMetadata(new NeverRepeated())
            .WithTags("Calls").WithName("StartCallForAgent").WithSummary("Starts a call for an agent of the CRM, on the agent's own site and extension.")
            .WithDescription("An answer 202 means that the PBX's answer was lost; ask GET /api/pbx/sites/{siteId}/originates/{originateId}. With dryRun nothing rings: the answer is 200 with state possible or refused and a list of checks.")
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

        var errors = new FieldErrors();
        var destination = OriginateWish.Number("destination", input.Destination, "Give the number to dial.", errors);
        var key = OriginateWish.IdempotencyKey(http.Request, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        var dryRun = input.DryRun ?? false;
        if (!OneLine.Fits(input.AgentId, AgentFields.LongestText) || await agents.FindAsync(input.AgentId, ct) is not { } agent)
        {
            var sentence = $"No agent '{Problem.Shown(input.AgentId)}' is known. PUT or PATCH /api/pbx/agents tells us site and extension.";
            return dryRun
                ? Verdict(Rehearsal.Failed(OriginateCheckKind.Agent, ProblemCodes.AgentUnknown, sentence))
                : Problem.Of(StatusCodes.Status404NotFound, ProblemCodes.AgentUnknown, "No such agent", sentence);
        }

        // The CRM's text is kept as it is, also when no PBX can have such a number; trimming it here would dial what the CRM does not say.
        if (!ExtensionNumber.TryParse(agent.Extension, out var extension))
        {
            var sentence = ImpossibleExtension.Sentence(agent);
            return dryRun
                ? Verdict(Rehearsal.Failed(OriginateCheckKind.Agent, ProblemCodes.ExtensionInvalid, sentence))
                : Problem.Of(StatusCodes.Status409Conflict, ProblemCodes.ExtensionInvalid, "The agent's extension is none", sentence);
        }

        var known = Rehearsal.KnownAgent(agent.AgentId, agent.Extension, agent.SiteId);
        if (!SiteId.TryParse(agent.SiteId, out var site) || await directory.FindAsync(site, ct) is null)
        {
            return dryRun
                ? Verdict(known, Rehearsal.Failed(OriginateCheckKind.Site, ProblemCodes.SiteUnknown, $"No site '{agent.SiteId}' is registered. Register it, or correct the agent in the CRM."))
                : Problem.SiteUnknown(agent.SiteId);
        }

        var request = new OriginateRequest { Extension = extension, Destination = destination!, DryRun = dryRun, IdempotencyKey = key, AgentId = agent.AgentId };
        var outcome = await new SiteScope(agent.SiteId, grains).Site.Originate(request, ct);
        if (dryRun)
        {
            return TypedResults.Ok(ClickToCallResource.Of(OriginateResource.Of(outcome.With(known))));
        }

        var resource = new ClickToCallResource(outcome.CallId?.Value, outcome.State, outcome.OriginateId);
        return outcome.State switch
        {
            OriginateState.Accepted => TypedResults.Ok(resource),
            OriginateState.Unknown => TypedResults.Accepted(OriginateApi.AddressOf(agent.SiteId, outcome.OriginateId), resource),
            _ => OriginateRefusals.ProblemOf(outcome),
        };
    }

    private static Microsoft.AspNetCore.Http.HttpResults.Ok<ClickToCallResource> Verdict(params IReadOnlyList<OriginateCheck> checks) =>
        TypedResults.Ok(ClickToCallResource.Of(Rehearsal.Refused(checks)));
}
