using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Events;

/// <summary>
/// Keeps the event log in order: partitions ahead of time, old days dropped, and a new era when the log was moved to another
/// database server. Any number of processes may do it at the same time.
/// </summary>
/// <param name="database">The migrated database.</param>
/// <param name="logger">Says what was done.</param>
public sealed partial class EventRetention(NpgsqlDataSource database, ILogger<EventRetention> logger)
{
    private const int DaysAhead = 3;

    /// <summary>How many days events are kept.</summary>
    public async Task<int> GetDaysAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT keep_days FROM pbx.event_log");
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Says how many days events are kept, at least 1; takes effect with the next <see cref="ApplyAsync" />.</summary>
    /// <exception cref="PostgresException">It is less than 1.</exception>
    public async Task SetDaysAsync(int days, CancellationToken ct)
    {
        await using var command = database.CreateCommand("UPDATE pbx.event_log SET keep_days = $1");
        command.Parameters.Bind(NpgsqlDbType.Integer, days);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Begins a new era when the log holds events of transactions that this database server has not reached: it was restored
    /// from a dump, and its numbers start anew. To be done before anything is appended.
    /// </summary>
    public async Task NoticeMoveAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            UPDATE pbx.event_log AS log SET era = log.era + 1
            WHERE EXISTS (SELECT FROM pbx.event AS e WHERE e.era = log.era AND e.tx >= pg_snapshot_xmax(pg_current_snapshot()))
            RETURNING era
            """);
        if (await command.ExecuteScalarAsync(ct) is int era)
        {
            Log.Moved(logger, era);
        }
    }

    /// <summary>Makes partitions ahead and drops days that are too old.</summary>
    /// <param name="now">The time.</param>
    /// <param name="ct">Stops it between two partitions.</param>
    /// <returns>How many days were dropped. One that somebody's long reading blocks is left for the next time.</returns>
    public async Task<int> ApplyAsync(DateTimeOffset now, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        for (var day = today; day <= today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            _ = await TryAsync("SELECT pbx.make_event_partition($1)", NpgsqlDbType.Date, day, $"of {day:O}", ct);
        }

        var dropped = 0;
        var keep = await GetDaysAsync(ct);
        foreach (var partition in await PartitionsBeforeAsync(today.AddDays(-keep), ct))
        {
            dropped += await TryAsync("SELECT pbx.drop_event_partition($1)", NpgsqlDbType.Text, partition, partition, ct) ? 1 : 0;
        }

        await using var forget = database.CreateCommand("DELETE FROM pbx.event_call WHERE day < $1");
        forget.Parameters.Bind(NpgsqlDbType.Date, today.AddDays(-keep));
        await forget.ExecuteNonQueryAsync(ct);
        if (dropped > 0)
        {
            Log.Dropped(logger, dropped);
        }

        return dropped;
    }

    private async Task<IReadOnlyList<string>> PartitionsBeforeAsync(DateOnly day, CancellationToken ct)
    {
        await using var command = database.CreateCommand(@"
            SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'pbx.event'::regclass AND c.relname ~ '^event_\d{8}$' AND right(c.relname, 8) < $1
            ORDER BY c.relname");
        command.Parameters.Text(day.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        return await command.ListAsync(row => row.GetString(0), ct);
    }

    private async Task<bool> TryAsync(string sql, NpgsqlDbType type, object parameter, string partition, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var limit = new NpgsqlCommand("SET LOCAL lock_timeout = '2s'", connection);
            await limit.ExecuteNonQueryAsync(ct);
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.Bind(type, parameter);
            await command.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UndefinedTable)
        {
            // In use, or another process was quicker.
            Log.Blocked(logger, partition);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2311, LogLevel.Information, "Event log: {Days} old days dropped")]
        public static partial void Dropped(ILogger logger, int days);

        [LoggerMessage(2312, LogLevel.Warning, "Event log: the partition {Partition} has to wait, somebody reads or writes for long")]
        public static partial void Blocked(ILogger logger, string partition);

        [LoggerMessage(2313, LogLevel.Warning, "The event log was moved to another database server; era {Era} begins")]
        public static partial void Moved(ILogger logger, int era);
    }
}
