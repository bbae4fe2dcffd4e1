using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs;

/// <summary>One round of retention.</summary>
/// <param name="database">The migrated database.</param>
/// <param name="now">The time of the round.</param>
internal sealed class CallRecordSweep(NpgsqlDataSource database, DateTimeOffset now)
{
    private const int BatchLimit = 1000;

    private const string FirstSeen = "least(r.pushed_at, r.caught_up_at, r.imported_at)";

    private const string Keepings = """
        LEFT JOIN pbx.call_record_retention AS own ON own.site_id = r.site_id
        JOIN pbx.call_record_retention AS every ON every.site_id = '*'
        """;

    private const string OfKey = "r.start_wall_clock = due.start_wall_clock AND r.identity = due.identity";

    private static readonly long Raw = CallRecordFields.Bit(CallRecordField.Raw);

    /// <summary>Names of the partitions whose months are so old that some site might want every record in them gone.</summary>
    public async Task<IReadOnlyList<string>> OldPartitionsAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'pbx.call_record'::regclass AND c.relname ~ '^call_record_\d{6}$'
              AND to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month'
                  < ($1 AT TIME ZONE 'UTC') - (SELECT min(record_days) FROM pbx.call_record_retention) * interval '1 day'
            ORDER BY c.relname
            """);
        command.Parameters.Instant(now);
        return await command.ListAsync(row => row.GetString(0), ct);
    }

    /// <summary>Drops a partition if every site agrees that each of its records is too old.</summary>
    public async Task<bool> DropAsync(string partition, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.GiveUpLocksAsync(ct);

        // Against writers of this old month only, until it is certain that nothing of it is needed.
        await using var close = new NpgsqlCommand($"LOCK TABLE pbx.{partition} IN SHARE ROW EXCLUSIVE MODE", connection);
        await close.ExecuteNonQueryAsync(ct);
        await using var look = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM pbx.{partition} AS r {Keepings} WHERE NOT ({IsDue("record_days")}))", connection);
        look.Parameters.Instant(now);
        if ((bool)(await look.ExecuteScalarAsync(ct))!)
        {
            return false;
        }

        await using var drop = new NpgsqlCommand($"""
            DELETE FROM pbx.call_record_revision AS h USING pbx.{partition} AS r WHERE h.record_id = r.record_id;
            DROP TABLE pbx.{partition}
            """, connection);
        await drop.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    public Task<long> DeleteRecordsAsync(CancellationToken ct) => SweepAsync(
        "record_days",
        "true",
        $"""
        done AS (DELETE FROM pbx.call_record AS r USING due WHERE {OfKey}),
        history AS (DELETE FROM pbx.call_record_revision AS h USING due WHERE h.record_id = due.record_id)
        """,
        ct);

    public Task<long> AnonymiseAsync(CancellationToken ct) => SweepAsync(
        "anonymise_after_days",
        "r.anonymised_at IS NULL",
        $"""
        done AS (
            UPDATE pbx.call_record AS r
            SET caller = NULL, caller_e164 = NULL, callee = NULL, callee_e164 = NULL, recording = NULL, raw = NULL,
                anonymised_at = $1, exact_fields = r.exact_fields & ~{Mask(CallRecordFields.Personal | Raw)}
            FROM due WHERE {OfKey}),
        history AS (DELETE FROM pbx.call_record_revision AS h USING due WHERE h.record_id = due.record_id)
        """,
        ct);

    public Task<long> RemoveRawAsync(CancellationToken ct) => SweepAsync(
        "raw_days",
        "r.raw IS NOT NULL",
        $"""
        done AS (
            UPDATE pbx.call_record AS r SET raw = NULL, raw_removed_at = $1, exact_fields = r.exact_fields & ~{Mask(Raw)}
            FROM due WHERE {OfKey}),
        history AS (UPDATE pbx.call_record_revision AS h SET before = h.before - 'raw' FROM due WHERE h.record_id = due.record_id)
        """,
        ct);

    /// <summary>What was compared with the PBX is of no interest when the records of that time are gone.</summary>
    public async Task DeleteWindowsAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            DELETE FROM pbx.catch_up_window AS w USING pbx.call_record_retention AS every
            WHERE every.site_id = '*' AND w.window_end < ($1 AT TIME ZONE 'UTC')
                - coalesce((SELECT own.record_days FROM pbx.call_record_retention AS own WHERE own.site_id = w.site_id), every.record_days) * interval '1 day'
            """);
        command.Parameters.Instant(now);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<long> SweepAsync(string days, string condition, string change, CancellationToken ct)
    {
        if (await FewestDaysAsync(days, ct) is not { } fewest)
        {
            return 0;
        }

        return await SweepAsync(days, condition, change, DateTimeOffset.MinValue, now.AddDays(-fewest), ct)
            + await SweepAsync(days, condition, change, now.AddDays(1), DateTimeOffset.MaxValue, ct);
    }

    /// <summary>Batch by batch through the records that started in a span, each in a transaction of its own.</summary>
    private async Task<long> SweepAsync(string days, string condition, string change, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var swept = 0L;
        var after = new CallRecordCursor(from, RecordId: 0);
        IReadOnlyList<CallRecordCursor> batch;
        do
        {
            await using var command = database.CreateCommand($"""
                WITH due AS (
                    SELECT r.start_wall_clock, r.identity, r.record_id, r.started_at FROM pbx.call_record AS r {Keepings}
                    WHERE (r.started_at, r.record_id) > ($2, $3) AND r.started_at < $4 AND {condition} AND {IsDue(days)}
                    ORDER BY r.started_at, r.record_id LIMIT {BatchLimit}
                    FOR UPDATE OF r SKIP LOCKED),
                {change}
                SELECT started_at, record_id FROM due ORDER BY started_at, record_id
                """);
            command.Parameters.Instant(now).Instant(after.StartedAt).Bind(NpgsqlDbType.Bigint, after.RecordId).Instant(to);
            batch = await command.ListAsync(row => new CallRecordCursor(row.Instant(0), row.GetInt64(1)), ct);
            swept += batch.Count;
            after = batch is [.., var last] ? last : after;
        }
        while (batch.Count == BatchLimit);

        return swept;
    }

    private async Task<int?> FewestDaysAsync(string days, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT min({days}) FROM pbx.call_record_retention");
        return await command.ExecuteScalarAsync(ct) as int?;
    }

    /// <summary>False, not NULL, where no number of days is set.</summary>
    private static string IsDue(string days) => $"""
        coalesce(pbx.call_record_ages_from(r.started_at, {FirstSeen}) < $1 - coalesce(own.{days}, every.{days}) * interval '24 hours', false)
        """;

    private static string Mask(long bits) => $"{bits.ToString(CultureInfo.InvariantCulture)}::bigint";
}
