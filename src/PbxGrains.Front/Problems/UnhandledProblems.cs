using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Front.Cluster;

namespace PbxGrains.Front.Problems;

/// <summary>Turns what no handler foresaw into problem details that carry no exception text.</summary>
internal sealed partial class UnhandledProblems(ILogger<UnhandledProblems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await ResultOf(httpContext, exception).ExecuteAsync(httpContext);
        return true;
    }

    private IResult ResultOf(HttpContext http, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException bad:
                return BadRequest(bad);
            case DatabaseUnavailableException or NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: TimeoutException }:
                Log.DatabaseUnavailable(logger, exception.Message);
                return new RetryLater(
                    Problem.Of(StatusCodes.Status503ServiceUnavailable, ProblemCodes.DatabaseUnavailable, "The database does not answer", "Try again in a moment."),
                    RetryLater.Soon);
            case InvalidOperationException when HasUnknownCharset(http.Request):
                return OfStatus(StatusCodes.Status415UnsupportedMediaType);
            case not null when GrainCalls.IsBusy(exception):
                Log.ClusterBusy(logger, exception);
                return ClusterBusy(http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<NeverRepeated>() is not null);
            default:
                Log.Unhandled(logger, exception!);
                return Problem.Of(
                    StatusCodes.Status500InternalServerError,
                    ProblemCodes.InternalError,
                    "Something broke here",
                    "This is our fault. The log of the front tells what happened; the trace id finds it.",
                    KeyValuePair.Create<string, object?>("traceId", System.Diagnostics.Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier));
        }
    }

    private static IResult ClusterBusy(bool outcomeMatters) => outcomeMatters
        ? Problem.Of(
            StatusCodes.Status504GatewayTimeout,
            ProblemCodes.OutcomeUnknown,
            "The outcome is not known",
            "The cluster did not answer in time, so nobody knows whether this was done. Look at the site's calls before asking again; an originate with an Idempotency-Key may be repeated safely.")
        : new RetryLater(
            Problem.Of(StatusCodes.Status503ServiceUnavailable, ProblemCodes.ClusterBusy, "The cluster is busy", "The actor of this site could not answer in time. Try again in a moment."),
            RetryLater.Soon);

    private static ProblemHttpResult BadRequest(BadHttpRequestException bad)
    {
        if (bad.StatusCode != StatusCodes.Status400BadRequest)
        {
            return OfStatus(bad.StatusCode);
        }

        return bad.InnerException is JsonException json
            ? Problem.Invalid(json.Path ?? "$", JsonSentence(json))
            : Problem.Of(
                StatusCodes.Status400BadRequest,
                ProblemCodes.InvalidRequest,
                "The request cannot be used",
                "The body is missing or a parameter cannot be read. /docs shows what this route takes.");
    }

    private static ProblemHttpResult OfStatus(int status)
    {
        var (code, title, detail) = StatusProblems.Describe(status);
        return Problem.Of(status, code, title, detail);
    }

    // Reading a body as JSON fails like a mistake of ours when the sender names an encoding that does not exist.
    private static bool HasUnknownCharset(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type is { Charset.Length: > 0, Encoding: null };

    // The exception's own message may quote what was sent, a password included.
    private static string JsonSentence(JsonException json) => json.LineNumber is { } line
        ? $"This is not the JSON expected here (line {line + 1}, byte {json.BytePositionInLine + 1}): a wrong type, an unknown field, or broken syntax."
        : "This is not the JSON expected here: a wrong type, an unknown or missing field, or broken syntax.";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A request failed for a reason nobody foresaw")]
        public static partial void Unhandled(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "The cluster did not answer in time")]
        public static partial void ClusterBusy(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "The database did not answer: {Why}")]
        public static partial void DatabaseUnavailable(ILogger logger, string why);
    }
}

/// <summary>Marks routes whose effect must not happen twice: a lost answer is told as such, with no invitation to repeat.</summary>
internal sealed record NeverRepeated;
