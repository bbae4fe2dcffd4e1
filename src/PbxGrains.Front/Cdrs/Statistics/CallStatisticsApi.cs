using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Cdrs.Statistics;

namespace PbxGrains.Front.Cdrs.Statistics;

/// <summary>The route that counts calls.</summary>
internal static class CallStatisticsApi
{
    public static IEndpointRouteBuilder MapCallStatisticsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/pbx/statistics", CountAsync).WithTags("Call history").RequireAuthorization(Scope.Read).WithName("GetCallStatistics")
            .WithSummary("Calls by outcome, answer time and site, hour by hour or day by day.")
            .WithDescription(
                "Counts calls, not records: all records of one site with one call id are one call, which belongs to where it began. It is answered when any of its records was; else voicemail, noAnswer, busy, failed or unknown, in this order. "
                + "It is inbound when any of its records is, else outbound, else internal. The answer time runs from the start of the call until the first record that was answered; it is told of inbound calls only, and of those where the PBX told it.")
            .WithQuery(CallStatisticsQuery.Parameters)
            .Produces<CallStatisticsResource>()
            .ProducesProblems(400, 503);
        return routes;
    }

    private static async Task<Results<Ok<CallStatisticsResource>, ProblemHttpResult>> CountAsync(HttpRequest request, CallStatisticsReader reader, TimeProvider time, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var wish = CallStatisticsQuery.Read(request.Query, time.GetUtcNow(), errors);
        return errors.None
            ? TypedResults.Ok(CallStatisticsResource.Of(wish, await reader.CountAsync(wish, ct)))
            : Problem.Invalid(errors.ToDictionary());
    }
}
