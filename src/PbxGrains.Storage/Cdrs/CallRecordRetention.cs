using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs;

/// <summary>How many days call records are kept.</summary>
/// <param name="RecordDays">A record; null = as for all sites.</param>
/// <param name="RawDays">The PBX's own words for it; null = as for all sites.</param>
/// <param name="AnonymiseAfterDays">The numbers and the recording's name; null = as for all sites, and for all sites: as long as the record.</param>
/// <param name="RecordingDays">The audio of a recording; null = as for all sites, and for all sites: 180.</param>
public sealed record CallRecordKeeping(int? RecordDays, int? RawDays, int? AnonymiseAfterDays, int? RecordingDays = null);

/// <summary>What applying retention did.</summary>
/// <param name="PartitionsDropped">Months of which every record was too old.</param>
/// <param name="RecordsDeleted">Single records that were too old.</param>
/// <param name="RawRemoved">Records whose PBX's own words were removed.</param>
/// <param name="Anonymised">Records whose numbers were removed.</param>
public sealed record RetentionResult(int PartitionsDropped, long RecordsDeleted, long RawRemoved, long Anonymised);

/// <summary>
/// Keeps records no longer than each site wants. Works in small batches and passes over what others are writing, so nobody
/// waits for it; several processes may do it at the same time. Age counts from the start of the call, but where the PBX's
/// clock said 1970 or 2099, from when the record was first seen.
/// </summary>
/// <param name="database">The migrated database.</param>
/// <param name="logger">Says what was removed.</param>
public sealed partial class CallRecordRetention(NpgsqlDataSource database, ILogger<CallRecordRetention> logger)
{
    private const string Everywhere = "*";

    /// <summary>What a site has said itself, or what holds for all sites.</summary>
    /// <param name="siteId">The site; null for all sites.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<CallRecordKeeping> GetAsync(string? siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT record_days, raw_days, anonymise_after_days, recording_days FROM pbx.call_record_retention WHERE site_id = $1");
        command.Parameters.Text(siteId ?? Everywhere);
        return await command.FirstOrNullAsync(row => new CallRecordKeeping(DaysOrNull(row, 0), DaysOrNull(row, 1), DaysOrNull(row, 2), DaysOrNull(row, 3)), ct)
            ?? new CallRecordKeeping(RecordDays: null, RawDays: null, AnonymiseAfterDays: null);
    }

    /// <summary>Says how long a site's records are kept; takes effect when retention is applied next.</summary>
    /// <param name="siteId">The site; null for all sites that say nothing themselves.</param>
    /// <param name="keeping">The days, each at least 1; for all sites, records and raw must be given.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <exception cref="PostgresException">A rule of the table is broken; <see cref="PostgresException.ConstraintName" /> says which.</exception>
    public async Task SetAsync(string? siteId, CallRecordKeeping keeping, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO pbx.call_record_retention (site_id, record_days, raw_days, anonymise_after_days, recording_days) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (site_id) DO UPDATE
            SET record_days = excluded.record_days, raw_days = excluded.raw_days, anonymise_after_days = excluded.anonymise_after_days,
                recording_days = excluded.recording_days
            """);
        command.Parameters.Text(siteId ?? Everywhere)
            .Bind(NpgsqlDbType.Integer, keeping.RecordDays).Bind(NpgsqlDbType.Integer, keeping.RawDays).Bind(NpgsqlDbType.Integer, keeping.AnonymiseAfterDays)
            .Bind(NpgsqlDbType.Integer, keeping.RecordingDays);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Removes what is too old by now; what it could not have because others wrote it comes the next time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="ct">Stops it between two batches; what was done stays done.</param>
    public async Task<RetentionResult> ApplyAsync(DateTimeOffset now, CancellationToken ct)
    {
        var sweep = new CallRecordSweep(database, now);
        var dropped = 0;
        foreach (var partition in await sweep.OldPartitionsAsync(ct))
        {
            try
            {
                dropped += await sweep.DropAsync(partition, ct) ? 1 : 0;
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                Log.Blocked(logger, partition);
            }
        }

        var result = new RetentionResult(
            dropped,
            await sweep.DeleteRecordsAsync(ct),
            Anonymised: await sweep.AnonymiseAsync(ct),
            RawRemoved: await sweep.RemoveRawAsync(ct));
        await sweep.DeleteWindowsAsync(ct);
        Log.Applied(logger, result.PartitionsDropped, result.RecordsDeleted, result.RawRemoved, result.Anonymised);
        return result;
    }

    private static int? DaysOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static partial class Log
    {
        [LoggerMessage(2221, LogLevel.Information, "Call record retention: {Partitions} months dropped, {Records} records deleted, {Raw} raw bodies removed, {Anonymised} records anonymised")]
        public static partial void Applied(ILogger logger, int partitions, long records, long raw, long anonymised);

        [LoggerMessage(2222, LogLevel.Warning, "The old call record partition {Partition} has to wait: somebody reads or writes for long")]
        public static partial void Blocked(ILogger logger, string partition);
    }
}
