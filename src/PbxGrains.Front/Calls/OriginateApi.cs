using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Calls;

/// <summary>Routes that start calls.</summary>
internal static class OriginateApi
{
    public static IEndpointRouteBuilder MapOriginateApi(this IEndpointRouteBuilder routes)
    {
        var site = routes.MapGroup("/api/pbx/sites/{siteId}").WithTags("Calls").AddEndpointFilter<RegisteredSite>();
        site.MapPost("/calls", Start).RequireAuthorization(Scope.Operate).WithMetadata(new NeverRepeated()).WithName("StartCall")
            .WithSummary("Starts a call: the extension's phone rings first, then the destination is dialled.")
            .WithDescription("With an Idempotency-Key the same request within 24 hours gives the same answer and never a second call. An answer 202 means that the PBX's answer was lost; it is never dialled again by itself, ask for the originate. With dryRun nothing rings: the answer is 200 with state possible or refused and a list of checks.")
            .WithIdempotencyKey()
            .Produces<OriginateResource>(StatusCodes.Status201Created).Produces<OriginateResource>(StatusCodes.Status200OK).Produces<OriginateResource>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 403, 404, 409, 422, 502, 503, 504);
        site.MapGet("/originates/{originateId:guid}", Find).RequireAuthorization(Scope.Read).WithName("GetOriginate")
            .WithSummary("What became of an originate.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return routes;
    }

    private static async Task<IResult> Start([FromBody] OriginateInput input, [AsParameters] SiteScope scope, HttpContext http, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var request = OriginateWish.Read(input, http.Request, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        var outcome = await scope.Site.Originate(request, ct);
        if (request.DryRun)
        {
            return TypedResults.Ok(OriginateResource.Of(outcome.With(Rehearsal.NoAgent)));
        }

        var resource = OriginateResource.Of(outcome);
        return outcome.State switch
        {
            OriginateState.Accepted => TypedResults.Created($"/api/pbx/sites/{scope.SiteId}/calls/{outcome.CallId}", resource),
            OriginateState.Unknown => TypedResults.Accepted(AddressOf(scope.SiteId, outcome.OriginateId), resource),
            _ => OriginateRefusals.ProblemOf(outcome),
        };
    }

    private static async Task<Results<Ok<OriginateResource>, ProblemHttpResult>> Find(Guid originateId, [AsParameters] SiteScope scope, CancellationToken ct) =>
        await GrainCalls.Read(c => scope.Site.FindOriginate(originateId, c), ct) is { } outcome
            ? TypedResults.Ok(OriginateResource.Of(outcome))
            : Problem.Of(StatusCodes.Status404NotFound, ProblemCodes.OriginateUnknown, "No such originate", "The site knows no originate of this id.");

    /// <summary>Where an originate can be asked after.</summary>
    public static string AddressOf(string siteId, Guid originateId) => $"/api/pbx/sites/{siteId}/originates/{originateId}";
}
