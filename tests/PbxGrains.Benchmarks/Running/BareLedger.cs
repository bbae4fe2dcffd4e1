using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>
/// The limit: one Kestrel endpoint that puts what it gets into a table as it is, whoever waits at the same time sharing one
/// commit, and nothing else. No look at the body, no indexes but the key, no event.
/// </summary>
internal static class BareLedger
{
    /// <summary>Runs this program as that endpoint.</summary>
    public const string Option = "--bare-ledger";

    private const string Table = "bare_record";
    private const int BatchLimit = 256;
    private const int Writers = 2;
    private const string DatabaseVariable = "BARE_LEDGER_DATABASE";

    /// <summary>Makes the table and starts the endpoint.</summary>
    public static async Task<HostProcess> StartAsync(string connectionString)
    {
        await using (var database = NpgsqlDataSource.Create(connectionString))
        {
            await using var command = database.CreateCommand($"CREATE TABLE {Table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, site text NOT NULL, received_at timestamptz NOT NULL, body text NOT NULL)");
            _ = await command.ExecuteNonQueryAsync();
        }

        var port = FreePort.Next();
        return await HostProcess.StartAsync(
            typeof(BareLedger).Assembly.GetName().Name!,
            port,
            new Dictionary<string, string>(StringComparer.Ordinal) { [DatabaseVariable] = connectionString, ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" },
            Option);
    }

    /// <summary>Serves until it is ended.</summary>
    public static async Task RunAsync()
    {
        await using var database = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable(DatabaseVariable)!);
        var queue = Channel.CreateUnbounded<Waiting>();
        for (var i = 0; i < Writers; i++)
        {
            _ = Task.Run(() => WriteAsync(queue.Reader, database));
        }

        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        await using var app = builder.Build();
        _ = app.MapGet("/health/ready", () => Results.Ok());
        _ = app.MapPost("/reports/{site}", async (string site, HttpRequest request, CancellationToken ct) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, ct);
            var waiting = new Waiting(site, TimeProvider.System.GetUtcNow().UtcDateTime, Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length));
            _ = queue.Writer.TryWrite(waiting);
            await waiting.Committed.Task;
            return Results.Ok();
        });
        await app.RunAsync();
    }

    private static async Task WriteAsync(ChannelReader<Waiting> queue, NpgsqlDataSource database)
    {
        var batch = new List<Waiting>(BatchLimit);
        while (await queue.WaitToReadAsync())
        {
            while (batch.Count < BatchLimit && queue.TryRead(out var waiting))
            {
                batch.Add(waiting);
            }

            await using var connection = await database.OpenConnectionAsync();
            await using var command = new NpgsqlCommand($"INSERT INTO {Table} (site, received_at, body) SELECT * FROM unnest($1, $2, $3)", connection);
            _ = command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = batch.Select(waiting => waiting.Site).ToArray() });
            _ = command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, Value = batch.Select(waiting => waiting.ReceivedAt).ToArray() });
            _ = command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = batch.Select(waiting => waiting.Body).ToArray() });
            _ = await command.ExecuteNonQueryAsync();
            batch.ForEach(waiting => waiting.Committed.SetResult());
            batch.Clear();
        }
    }

    private sealed record Waiting(string Site, DateTime ReceivedAt, string Body)
    {
        public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
