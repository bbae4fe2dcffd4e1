using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>Routes of events: a stream that can be resumed, and the same in pages.</summary>
internal static class EventsApi
{
    private const string StreamType = "text/event-stream";

    /// <summary>Longest silence on a stream, well below what proxies and telephone networks in between put up with.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>A reader that takes nothing for so long is cut off; it knows where to go on.</summary>
    private static readonly TimeSpan SlowestReader = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    public static IEndpointRouteBuilder MapEventsApi(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup("/api/pbx/events").WithTags("Events").RequireAuthorization(Scope.Read)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        events.MapGet("", Stream).WithName("StreamEvents").WithQuery(EventQuery.Parameters).Produces(StatusCodes.Status200OK, contentType: StreamType)
            .WithSummary("Everything that happens, as server-sent events: id is the cursor to resume from, data a CloudEvent.");
        events.MapGet("/page", Page).WithName("ListEvents").WithQuery(EventQuery.PageParameters)
            .WithSummary("A page of the same events, for those who cannot hold a stream.");
        return routes.MapEventSchemas();
    }

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> Stream(
        HttpContext http, EventReader log, EventRing ring, TimeProvider time, IOptions<JsonOptions> json, IHostApplicationLifetime host)
    {
        var errors = new FieldErrors();
        var query = EventQuery.Read(http.Request, EventQuery.Parameters, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        if (host.ApplicationStopping.IsCancellationRequested)
        {
            RetryLater.Announce(http.Response, RetryLater.Soon);
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, ProblemCodes.FrontStops, "This front stops", "Open the stream again: another front answers, or this one when it is back.");
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping);
        var start = await EventStart.FindAsync(query.After, log, over.Token);
        http.Response.ContentType = StreamType;
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var stream = new EventStream(http.Response.BodyWriter);
        if (start.Gap is { } gap)
        {
            stream.Add("gap", JsonSerializer.SerializeToUtf8Bytes(gap, json.Value.SerializerOptions));
        }

        StreamMeter.Connected();
        try
        {
            await WriteAsync(stream, start.Cursor, query.Filter, new EventSubscriber(log, ring), time, over.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, was too slow, or the front stops: it resumes where it was.
            await SayGoodbyeAsync(stream, http, host);
        }
        finally
        {
            StreamMeter.Gone();
        }

        return TypedResults.Empty;
    }

    private static async Task SayGoodbyeAsync(EventStream stream, HttpContext http, IHostApplicationLifetime host)
    {
        if (!host.ApplicationStopping.IsCancellationRequested || http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        stream.Say("this front stops; resume with Last-Event-ID");
        using var limit = new CancellationTokenSource(LastWord);
        try
        {
            await stream.SendAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // It does not read just now.
        }
    }

    private static async Task WriteAsync(
        EventStream stream, EventCursor cursor, EventFilter filter, EventSubscriber subscriber, TimeProvider time, CancellationToken ct)
    {
        stream.Mark("connected", cursor);
        await SendAsync(stream, time, ct);
        var spokenAt = time.GetTimestamp();
        await foreach (var events in subscriber.FollowAsync(cursor, Heartbeat, time, ct))
        {
            var wanted = events.Where(e => filter.Fits(e.Logged.Event)).ToList();
            wanted.ForEach(stream.Add);
            cursor = events.Count > 0 ? events[^1].Cursor : cursor;
            if (wanted.Count == 0 && time.GetElapsedTime(spokenAt) < Heartbeat)
            {
                continue;
            }

            if (wanted.Count == 0)
            {
                stream.Mark("still here", cursor);
            }

            await SendAsync(stream, time, ct);
            StreamMeter.Wrote(wanted, keepsUp: subscriber.IsLive, time.GetUtcNow());
            spokenAt = time.GetTimestamp();
        }
    }

    private static async Task SendAsync(EventStream stream, TimeProvider time, CancellationToken ct)
    {
        using var slow = new CancellationTokenSource(SlowestReader, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, ct);
        await stream.SendAsync(either.Token);
    }

    private static async Task<Results<Ok<EventPageResource>, ProblemHttpResult>> Page(HttpContext http, EventReader log, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var query = EventQuery.Read(http.Request, EventQuery.PageParameters, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        return TypedResults.Ok(await EventPageResource.ReadAsync(query, log, ct));
    }
}
