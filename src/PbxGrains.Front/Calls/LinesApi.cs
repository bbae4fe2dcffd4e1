using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Calls;

/// <summary>Routes that ask a PBX about its trunks and queues, now.</summary>
internal static class LinesApi
{
    private const int LongestQueue = 32;

    public static IEndpointRouteBuilder MapLinesApi(this IEndpointRouteBuilder routes)
    {
        var site = routes.MapGroup("/api/pbx/sites/{siteId}").WithTags("Trunks and queues")
            .RequireAuthorization(Scope.Read).AddEndpointFilter<RegisteredSite>().ProducesProblems(404, 502, 503);
        site.MapGet("/trunks", Trunks).Produces<IReadOnlyList<TrunkView>>().WithName("ListTrunks").WithSummary("Trunks and their state, asked of the PBX now.");
        site.MapGet("/queues/{number}", Queue).Produces<QueueView>().WithName("GetQueue").WithSummary("One queue with its agents, asked of the PBX now.");
        return routes;
    }

    private static async Task<IResult> Trunks([AsParameters] SiteScope scope, CancellationToken ct) =>
        Answer(await GrainCalls.Read(scope.Site.ListTrunks, ct));

    private static async Task<IResult> Queue(string number, [AsParameters] SiteScope scope, CancellationToken ct) =>
        number.Length <= LongestQueue && number.All(char.IsAsciiLetterOrDigit)
            ? Answer(await GrainCalls.Read(c => scope.Site.GetQueue(number, c), ct))
            : Problem.Invalid("number", $"Give the queue's number, 1 to {LongestQueue} digits or letters.");

    private static IResult Answer<T>(PbxAnswer<T> answer)
        where T : class
    {
        if (answer.Value is { } value)
        {
            return TypedResults.Ok(value);
        }

        var code = answer.Failure ?? "pbx-refused";
        var detail = answer.Message ?? "The PBX could not be asked.";
        return code switch
        {
            "pbx-unreachable" or "no-connection" or "no-answer" or "credentials-rejected" => new RetryLater(
                Problem.Of(StatusCodes.Status503ServiceUnavailable, code, "The PBX could not be asked", detail), RetryLater.NextPoll),
            "site-suspended" => Problem.Of(StatusCodes.Status409Conflict, code, "The site is switched off", detail),
            "queue-unknown" => Problem.Of(StatusCodes.Status404NotFound, code, "No such queue", detail),
            "not-supported" => Problem.Of(StatusCodes.Status501NotImplemented, code, "The PBX cannot do that", detail),
            _ => Problem.Of(StatusCodes.Status502BadGateway, code, "The PBX refused", detail),
        };
    }
}
