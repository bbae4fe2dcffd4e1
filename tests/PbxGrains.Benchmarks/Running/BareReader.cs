using Npgsql;
using PbxGrains.Benchmarks.Figures;

namespace PbxGrains.Benchmarks.Running;

/// <summary>A reader of the baseline: listens, and selects what is new.</summary>
internal static class BareReader
{
    /// <summary>Numbers commit out of order: so far back it looks again.</summary>
    private const int LookBack = 200;

    /// <summary>Reads until it is cancelled.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="latencies">Notes what arrives.</param>
    /// <param name="listening">Set once it listens.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task RunAsync(string connectionString, Latencies latencies, TaskCompletionSource listening, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using (var listen = new NpgsqlCommand($"LISTEN {BareEndpoint.Channel}", connection))
        {
            _ = await listen.ExecuteNonQueryAsync(ct);
        }

        listening.SetResult();
        await using var news = new NpgsqlCommand($"SELECT id, key FROM {BareEndpoint.Channel} WHERE id > $1 ORDER BY id", connection);
        var from = news.Parameters.Add(new NpgsqlParameter<long>());
        var last = 0L;
        var seen = new HashSet<long>();
        while (true)
        {
            await connection.WaitAsync(ct);
            ((NpgsqlParameter<long>)from).TypedValue = last - LookBack;
            await using var rows = await news.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                var id = rows.GetInt64(0);
                if (seen.Add(id))
                {
                    latencies.Arrived(rows.GetString(1));
                    last = Math.Max(last, id);
                }
            }
        }
    }
}
