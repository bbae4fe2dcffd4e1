using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>
/// The limit of the technique, as a process of its own: an endpoint that inserts one row per report, notifies, and answers
/// after COMMIT; nothing else is looked at.
/// </summary>
internal static class BareEndpoint
{
    /// <summary>Runs this program as the endpoint.</summary>
    public const string Option = "--bare-endpoint";

    /// <summary>Channel and table.</summary>
    public const string Channel = "bare_report";

    private const string DatabaseVariable = "BARE_ENDPOINT_DATABASE";

    /// <summary>Makes the table and starts the endpoint.</summary>
    public static async Task<HostProcess> StartAsync(string connectionString)
    {
        await using (var database = NpgsqlDataSource.Create(connectionString))
        {
            await using var command = database.CreateCommand($"CREATE TABLE {Channel} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL, body bytea NOT NULL)");
            _ = await command.ExecuteNonQueryAsync();
        }

        var port = FreePort.Next();
        return await HostProcess.StartAsync(
            typeof(BareEndpoint).Assembly.GetName().Name!,
            port,
            new Dictionary<string, string>(StringComparer.Ordinal) { [DatabaseVariable] = connectionString, ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" },
            Option);
    }

    /// <summary>Serves until it is ended.</summary>
    public static async Task RunAsync()
    {
        await using var database = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable(DatabaseVariable)!);
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        await using var app = builder.Build();
        _ = app.MapGet("/health/ready", () => Results.Ok());
        _ = app.MapPost("/reports", async (string key, HttpRequest request, CancellationToken ct) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, ct);
            await using var command = database.CreateCommand($"WITH added AS (INSERT INTO {Channel} (key, body) VALUES ($1, $2)) SELECT pg_notify('{Channel}', '')");
            command.Parameters.Add(new NpgsqlParameter { Value = key });
            command.Parameters.Add(new NpgsqlParameter { Value = body.ToArray() });
            _ = await command.ExecuteScalarAsync(ct);
            return Results.Ok();
        });
        await app.RunAsync();
    }
}
