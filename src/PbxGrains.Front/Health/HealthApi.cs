using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace PbxGrains.Front.Health;

/// <summary>Whether the process lives.</summary>
/// <param name="Status">Always <c>live</c>.</param>
internal sealed record Liveness(string Status);

/// <summary>Whether requests can be served.</summary>
/// <param name="Status"><c>ready</c> or <c>notReady</c>.</param>
/// <param name="Cluster"><c>joined</c>, <c>starting</c> or <c>stopping</c>.</param>
/// <param name="Database"><c>answers</c> or <c>silent</c>.</param>
internal sealed record Readiness(string Status, string Cluster, string Database);

/// <summary>Health routes, by the platform's conventions.</summary>
internal static partial class HealthApi
{
    private static readonly TimeSpan DatabaseLimit = TimeSpan.FromSeconds(2);

    public static IEndpointRouteBuilder MapHealthApi(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health").AllowAnonymous();
        health.MapGet("/live", () => TypedResults.Ok(new Liveness("live"))).WithName("Live").WithSummary("The process lives; costs nothing.");
        health.MapGet("/ready", Ready).WithName("Ready").WithSummary("Joined the cluster, the database answers, and not stopping.")
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
        return routes;
    }

    private static async Task<Results<Ok<Readiness>, JsonHttpResult<Readiness>>> Ready(
        IHostApplicationLifetime host, NpgsqlDataSource database, TimeProvider time, ILogger<Readiness> logger, CancellationToken ct)
    {
        // The cluster is joined before the host counts as started: the web server starts last.
        var cluster = host.ApplicationStopping.IsCancellationRequested ? "stopping" : host.ApplicationStarted.IsCancellationRequested ? "joined" : "starting";
        var answers = await Answers(database, time, logger, ct);
        var ready = answers && cluster == "joined";
        var readiness = new Readiness(ready ? "ready" : "notReady", cluster, answers ? "answers" : "silent");
        return ready ? TypedResults.Ok(readiness) : TypedResults.Json(readiness, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> Answers(NpgsqlDataSource database, TimeProvider time, ILogger logger, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(DatabaseLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            return await command.ExecuteScalarAsync(either.Token) is 1;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException && !ct.IsCancellationRequested)
        {
            Log.DatabaseSilent(logger, e);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Not ready: the database does not answer")]
        public static partial void DatabaseSilent(ILogger logger, Exception exception);
    }
}
