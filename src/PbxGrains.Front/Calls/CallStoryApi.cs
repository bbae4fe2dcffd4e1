using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Recordings;

namespace PbxGrains.Front.Calls;

/// <summary>One call with everything known of it.</summary>
/// <param name="CallId">The PBX's call id, text.</param>
/// <param name="Site">The site.</param>
/// <param name="StartedAt">When it started, UTC.</param>
/// <param name="Records">Its records, oldest first.</param>
/// <param name="Recordings">Its recordings and how they stand.</param>
/// <param name="Originate">The originate that started it; null when it was started elsewhere.</param>
/// <param name="Live">The call as it runs, or as it ended not long ago; null when that is not known.</param>
/// <param name="Timeline">What happened, in the order of time.</param>
public sealed record CallStoryResource(
    string CallId,
    string Site,
    DateTimeOffset StartedAt,
    IReadOnlyList<CallRecordResource> Records,
    IReadOnlyList<RecordingResource> Recordings,
    OriginateResource? Originate,
    CallResource? Live,
    IReadOnlyList<TimelineEntry> Timeline)
{
    /// <summary>A story as it is answered.</summary>
    internal static CallStoryResource Of(CallStory story) => new(
        story.CallId,
        story.Site,
        story.StartedAt,
        [.. story.Records.Select(CallRecordResource.Of)],
        [.. story.Recordings.Select(RecordingResource.Of)],
        story.Originate is { } originate ? OriginateResource.Of(originate) : null,
        story.Live is { } live ? CallResource.Of(live) : null,
        CallTimeline.Of(story));
}

/// <summary>The route that tells a call's story.</summary>
internal static class CallStoryApi
{
    public static IEndpointRouteBuilder MapCallStoryApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/pbx/calls/{callId}", Show).WithTags("Call history").RequireAuthorization(Scope.Read).WithName("GetCallStory")
            .WithSummary("One call: its records, its recordings, its originate, its live state, and what happened in the order of time.")
            .WithDescription("PBXs number their calls alike at times: name the site then.")
            .ProducesProblems(404, 409, 503);
        return routes;
    }

    private static async Task<Results<Ok<CallStoryResource>, ProblemHttpResult>> Show(string callId, string? site, CallStories stories, CancellationToken ct)
    {
        var sites = site is null ? await stories.SitesOfAsync(callId, ct) : [site];
        if (sites.Count > 1)
        {
            return Problem.Of(
                StatusCodes.Status409Conflict,
                ProblemCodes.CallAmbiguous,
                "Several sites know this call id",
                "Add ?site= with one of the sites listed here.",
                KeyValuePair.Create<string, object?>("sites", sites));
        }

        return sites is [var only] && await stories.FindAsync(only, callId, ct) is { } story
            ? TypedResults.Ok(CallStoryResource.Of(story))
            : Problem.Of(
                StatusCodes.Status404NotFound,
                ProblemCodes.CallUnknown,
                "No such call",
                $"Nothing is known of a call '{Problem.Shown(callId)}'{(site is null ? "" : $" of site '{Problem.Shown(site)}'")}. GET /api/pbx/cdrs lists what is recorded.");
    }
}
