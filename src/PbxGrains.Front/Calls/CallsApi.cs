using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Calls;

/// <summary>Routes that look at calls.</summary>
internal static class CallsApi
{
    public static IEndpointRouteBuilder MapCallsApi(this IEndpointRouteBuilder routes)
    {
        var calls = routes.MapGroup("/api/pbx/sites/{siteId}/calls").WithTags("Calls")
            .RequireAuthorization(Scope.Read).AddEndpointFilter<RegisteredSite>().ProducesProblems(404, 503);
        calls.MapGet("", List).WithName("ListCalls").WithSummary("Calls running now, oldest first.");
        calls.MapGet("/{callId}", Show).WithName("GetCall").WithSummary("One call, running or ended not long ago.");
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<CallResource>>> List([AsParameters] SiteScope scope, CancellationToken ct)
    {
        var views = await GrainCalls.Read(scope.Site.ListCalls, ct);
        return TypedResults.Ok<IReadOnlyList<CallResource>>([.. views.Select(CallResource.Of)]);
    }

    private static async Task<Results<Ok<CallResource>, ProblemHttpResult>> Show(string callId, [AsParameters] SiteScope scope, CancellationToken ct) =>
        CallId.TryParse(callId, out var id) && await GrainCalls.Read(c => scope.Site.FindCall(id, c), ct) is { } view
            ? TypedResults.Ok(CallResource.Of(view))
            : Problem.CallUnknown(callId);
}
