using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Front.Recordings;

/// <summary>Routes of recordings.</summary>
internal static class RecordingsApi
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1000;

    /// <summary>A listener is kept waiting this long for a recording that only the PBX has.</summary>
    private static readonly TimeSpan ListenerWaits = TimeSpan.FromSeconds(20);

    public static IEndpointRouteBuilder MapRecordingsApi(this IEndpointRouteBuilder routes)
    {
        var recordings = routes.MapGroup("/api/pbx/recordings/{recordingId}").WithTags("Recordings").ProducesProblem(StatusCodes.Status404NotFound);
        recordings.MapMethods("", [HttpMethods.Get, HttpMethods.Head], Play).RequireAuthorization(Scope.Read).WithName("GetRecording")
            .WithSummary("The audio of a recording, whole or a range; fetched from the PBX first when only that has it.")
            .Produces(StatusCodes.Status200OK, contentType: "audio/wav").Produces(StatusCodes.Status206PartialContent, contentType: "audio/wav")
            .Produces(StatusCodes.Status304NotModified).Produces(StatusCodes.Status416RangeNotSatisfiable)
            .ProducesProblem(StatusCodes.Status410Gone).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        recordings.MapGet("/info", Show).RequireAuthorization(Scope.Read).WithName("GetRecordingInfo")
            .WithSummary("How a recording stands: pending, ready, absent or expired, and why.");
        recordings.MapGet("/listenings", ListListenings).RequireAuthorization(Scope.Admin).WithName("ListListenings")
            .WithSummary("Who listened to a recording, newest first.").ProducesProblem(StatusCodes.Status400BadRequest);
        return routes;
    }

    private static async Task<IResult> Play(string recordingId, RecordingCatalogue catalogue, SiteDirectory sites, IGrainFactory grains, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        var row = await FindAsync(recordingId, catalogue, ct);
        if (row?.State == RecordingState.Pending)
        {
            if (!SiteId.TryParse(row.SiteId, out var site) || await sites.FindAsync(site, ct) is null)
            {
                return RecordingProblems.SiteRemoved(row);
            }

            // What comes of it stands in the row; a cluster that is busy is no reason not to say so.
            var actor = grains.GetGrain<ISiteGrain>(site.GrainKey);
            _ = await GrainCalls.TryRead(token => actor.FetchRecording(recordingId, token), ListenerWaits, ct);
            row = await FindAsync(recordingId, catalogue, ct);
        }

        return row switch
        {
            null => RecordingProblems.NotKnown(recordingId),
            { State: not RecordingState.Ready } => RecordingProblems.NotReady(row, time.GetUtcNow()),
            _ when http.RequestServices.GetService<IRecordingVault>() is { } vault => new RecordingAudio(row, vault),
            _ => RecordingProblems.NoVault(fault: null),
        };
    }

    private static async Task<Results<Ok<RecordingResource>, ProblemHttpResult>> Show(string recordingId, RecordingCatalogue catalogue, CancellationToken ct) =>
        await FindAsync(recordingId, catalogue, ct) is { } row ? TypedResults.Ok(RecordingResource.Of(row)) : RecordingProblems.NotKnown(recordingId);

    private static async Task<Results<Ok<ListeningPage>, ProblemHttpResult>> ListListenings(
        string recordingId, RecordingCatalogue catalogue, RecordingListenings listenings, CancellationToken ct, int limit = DefaultLimit, string? after = null)
    {
        if (limit is < 1 or > HighestLimit)
        {
            return Problem.Invalid("limit", $"Give 1 to {HighestLimit}.");
        }

        var last = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out last))
        {
            return Problem.Invalid("after", "Give the 'next' of the page before.");
        }

        if (await FindAsync(recordingId, catalogue, ct) is null)
        {
            return RecordingProblems.NotKnown(recordingId);
        }

        var rows = await listenings.ListAsync(recordingId, after is null ? null : last, limit, ct);
        var next = rows.Count == limit ? rows[^1].ListeningId.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new ListeningPage([.. rows.Select(ListeningResource.Of)], next));
    }

    private static Task<RecordingRow?> FindAsync(string recordingId, RecordingCatalogue catalogue, CancellationToken ct) =>
        RecordingId.IsValid(recordingId) ? catalogue.FindAsync(recordingId, ct) : Task.FromResult<RecordingRow?>(null);
}
