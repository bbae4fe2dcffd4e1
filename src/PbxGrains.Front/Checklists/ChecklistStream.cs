using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Problems;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace PbxGrains.Front.Checklists;

/// <summary>
/// Follows a run to its end: line by line, or to answer with the whole. A run that its actor could not bring to its end is
/// told as broken off. A failure of ours after the first line breaks the connection, so that half a run never looks whole.
/// </summary>
/// <param name="site">The site's actor.</param>
/// <param name="runId">The run.</param>
/// <param name="reader">In which language.</param>
/// <param name="isStreamed">Line by line.</param>
internal sealed partial class ChecklistStream(ISiteGrain site, Guid runId, ChecklistReader reader, bool isStreamed) : IResult
{
    public const string MediaType = "application/x-ndjson";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var ct = httpContext.RequestAborted;
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        if (!isStreamed)
        {
            var answer = await FollowAsync(_ => Task.CompletedTask, ct) is { } run ? TypedResults.Ok(ChecklistRunResource.Of(run, reader)) : Gone;
            await answer.ExecuteAsync(httpContext);
            return;
        }

        var lines = (JsonTypeInfo<ChecklistLine>)options.GetTypeInfo(typeof(ChecklistLine));
        var response = httpContext.Response;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.StartAsync(ct);
        try
        {
            var whole = await FollowAsync(item => WriteAsync(response, new ChecklistLine(ChecklistItemResource.Of(item, reader), Run: null), lines, ct), ct)
                ?? throw new InvalidOperationException("The run is not known any more.");
            await WriteAsync(response, new ChecklistLine(Item: null, ChecklistRunResource.Of(whole, reader)), lines, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Nobody reads on; the run goes on.
        }
        catch (Exception e)
        {
            Log.Broken(httpContext.RequestServices.GetRequiredService<ILogger<ChecklistStream>>(), e);
            httpContext.Abort();
        }
    }

    private static IResult Gone => Problem.Of(
        StatusCodes.Status404NotFound, ProblemCodes.ChecklistNone, "The run is gone", "The site was removed meanwhile, or its history was. Run the checklist again.");

    private async Task<ChecklistRun?> FollowAsync(Func<ChecklistItem, Task> told, CancellationToken ct)
    {
        for (var from = 0; ;)
        {
            var progress = await GrainCalls.Read(c => site.ReadChecklist(runId, from, c), ct);
            foreach (var item in progress?.Items ?? [])
            {
                await told(item);
            }

            if (progress is not { Run: null })
            {
                return progress?.Run;
            }

            from += progress.Items.Count;
        }
    }

    private static async Task WriteAsync(HttpResponse response, ChecklistLine line, JsonTypeInfo<ChecklistLine> shape, CancellationToken ct)
    {
        await JsonSerializer.SerializeAsync(response.Body, line, shape, ct);
        await response.Body.WriteAsync("\n"u8.ToArray(), ct);
        await response.Body.FlushAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(61, LogLevel.Warning, "Following a checklist broke off; so did its connection")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
