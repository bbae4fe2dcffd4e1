using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// The monthly partitions of the ledger. A record without one is kept in the default partition and moves as soon as its
/// month gets one. Any number of processes may do this at the same time.
/// </summary>
/// <param name="database">The migrated database.</param>
/// <param name="logger">Says what was made, and what had to wait.</param>
public sealed partial class CallRecordPartitions(NpgsqlDataSource database, ILogger<CallRecordPartitions> logger)
{
    /// <summary>Older records without a partition stay in the default one: what is left there says 1970.</summary>
    private const int YearsBack = 10;

    /// <summary>Makes the partitions of this month, of the following ones, and of the months whose records lie in the default partition.</summary>
    /// <param name="now">The time.</param>
    /// <param name="monthsAhead">How many months ahead.</param>
    /// <param name="ct">Stops it between two partitions.</param>
    /// <returns>How many were made. A partition that somebody's long reading blocks is left for the next time.</returns>
    public async Task<int> EnsureAsync(DateTimeOffset now, int monthsAhead = 3, CancellationToken ct = default)
    {
        var first = FirstOfMonth(now.UtcDateTime);
        var end = first.AddMonths(monthsAhead + 1);
        var months = MonthsBetween(first, end).Union(await MonthsWithoutPartitionAsync(first.AddYears(-YearsBack), end, ct));
        return await MakeAsync(months, ct);
    }

    /// <summary>Makes the partitions of every month a span touches: before an import, so that nothing has to move later.</summary>
    /// <param name="from">Start of the span, wall clock of the PBX.</param>
    /// <param name="to">Its end.</param>
    /// <param name="ct">Stops it between two partitions.</param>
    /// <returns>How many were made.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The span is longer than fifty years.</exception>
    public async Task<int> EnsureSpanAsync(DateTime from, DateTime to, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((to - from).TotalDays, 50 * 366, nameof(to));
        return await MakeAsync(MonthsBetween(FirstOfMonth(from), to), ct);
    }

    private async Task<int> MakeAsync(IEnumerable<DateTime> months, CancellationToken ct)
    {
        var made = 0;
        foreach (var month in months)
        {
            try
            {
                made += await MakeAsync(month, ct) ? 1 : 0;
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                Log.Blocked(logger, Name(month));
            }
        }

        return made;
    }

    private async Task<bool> MakeAsync(DateTime month, CancellationToken ct)
    {
        await using (var look = database.CreateCommand("SELECT to_regclass($1) IS NOT NULL"))
        {
            look.Parameters.Text($"pbx.call_record_{Name(month)}");
            if ((bool)(await look.ExecuteScalarAsync(ct))!)
            {
                return false;
            }
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.GiveUpLocksAsync(ct);
        await using var make = new NpgsqlCommand("SELECT pbx.make_call_record_partition($1)", connection);
        make.Parameters.Bind(NpgsqlDbType.Date, month);
        var made = (bool)(await make.ExecuteScalarAsync(ct))!;
        await transaction.CommitAsync(ct);
        if (made)
        {
            Log.Made(logger, Name(month));
        }

        return made;
    }

    private async Task<IReadOnlyList<DateTime>> MonthsWithoutPartitionAsync(DateTime from, DateTime to, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT DISTINCT date_trunc('month', start_wall_clock) FROM pbx.call_record_default
            WHERE start_wall_clock >= $1 AND start_wall_clock < $2
            """);
        command.Parameters.Bind(NpgsqlDbType.Timestamp, from).Bind(NpgsqlDbType.Timestamp, to);
        return await command.ListAsync(row => row.GetDateTime(0), ct);
    }

    private static IEnumerable<DateTime> MonthsBetween(DateTime first, DateTime end)
    {
        for (var month = first; month < end; month = month.AddMonths(1))
        {
            yield return month;
        }
    }

    private static DateTime FirstOfMonth(DateTime time) => new(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Unspecified);

    private static string Name(DateTime month) => month.ToString("yyyyMM", CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(2211, LogLevel.Information, "Made the call record partition of {Month}")]
        public static partial void Made(ILogger logger, string month);

        [LoggerMessage(2212, LogLevel.Warning, "The call record partition of {Month} has to wait: somebody reads or writes for long")]
        public static partial void Blocked(ILogger logger, string month);
    }
}

internal static class CallRecordLocks
{
    /// <summary>
    /// Waits for locks of this transaction only for moments: whoever waits for a table as a whole makes everybody behind wait, too.
    /// </summary>
    public static async Task GiveUpLocksAsync(this NpgsqlConnection connection, CancellationToken ct)
    {
        await using var limit = new NpgsqlCommand("SET LOCAL lock_timeout = '2s'", connection);
        await limit.ExecuteNonQueryAsync(ct);
    }
}
