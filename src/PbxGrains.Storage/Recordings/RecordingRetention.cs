using Npgsql;

namespace PbxGrains.Storage.Recordings;

/// <summary>
/// Keeps recordings no longer than each site wants, by the age of the call. The row says "expired" before the file goes: the
/// other way round, a process that ends in between leaves a recording that is offered and not there, and nobody would know
/// that its file was to be removed. This way the row itself is the note, and removing twice does no harm. Several processes
/// may do it at the same time.
/// </summary>
/// <param name="database">The migrated database.</param>
public sealed class RecordingRetention(NpgsqlDataSource database)
{
    private const int BatchLimit = 500;

    /// <summary>A try that began within this time may still bring the file.</summary>
    private static readonly TimeSpan TryMayRun = TimeSpan.FromHours(1);

    /// <summary>What is younger is no site's concern: lets an index find the others.</summary>
    private static readonly string FewestDays = $"(SELECT least(min(recording_days), {RecordingCatalogue.DefaultDays}) FROM pbx.call_record_retention)";

    private static readonly string TooOldForRecords = TooOld("record_days");

    private static readonly string TooOldForNumbers = TooOld("anonymise_after_days");

    /// <summary>Makes tombstones of recordings whose time is over: hash and length stay, the name goes.</summary>
    /// <returns>How many.</returns>
    public Task<int> ExpireAsync(DateTimeOffset now, CancellationToken ct) => SweepAsync(
        $"""
        UPDATE pbx.recording AS r
        SET state = 'expired', expired_at = $1, name = NULL, next_try_at = NULL, detail = NULL,
            reason = CASE WHEN r.state = 'ready' THEN NULL ELSE '{RecordingReason.NeverFetched}' END
        FROM (
            SELECT r.recording_id FROM pbx.recording AS r
            WHERE r.state <> 'expired' AND r.ages_from <= $1 - {FewestDays} * interval '24 hours'
                AND {RecordingCatalogue.ExpiresAt} <= $1 AND coalesce(r.last_tried_at < $2, true)
            ORDER BY r.recording_id LIMIT {BatchLimit} FOR UPDATE SKIP LOCKED) AS due
        WHERE r.recording_id = due.recording_id
        RETURNING r.recording_id
        """,
        now,
        ct,
        RecordingEvents.Expired);

    /// <summary>Takes out names, which hold telephone numbers, where the records that named them have lost theirs or are gone.</summary>
    /// <returns>How many.</returns>
    public Task<int> RemoveNamesAsync(DateTimeOffset now, CancellationToken ct) => SweepAsync(
        $"""
        UPDATE pbx.recording AS r
        SET name = NULL, next_try_at = NULL,
            state = CASE WHEN r.state = 'pending' THEN 'absent' ELSE r.state END,
            reason = CASE WHEN r.state = 'pending' THEN '{RecordingReason.NeverFetched}' ELSE r.reason END,
            detail = CASE WHEN r.state = 'pending' THEN NULL ELSE r.detail END
        FROM (
            SELECT r.recording_id FROM pbx.recording AS r
            WHERE r.name IS NOT NULL AND ({TooOldForNumbers} OR {TooOldForRecords}) AND coalesce(r.last_tried_at < $2, true)
            ORDER BY r.recording_id LIMIT {BatchLimit} FOR UPDATE SKIP LOCKED) AS due
        WHERE r.recording_id = due.recording_id
        """,
        now,
        ct);

    /// <summary>Forgets tombstones, and who listened to them, when records of that age are gone too.</summary>
    /// <returns>How many.</returns>
    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken ct) => SweepAsync(
        $"""
        WITH due AS (
            SELECT r.recording_id FROM pbx.recording AS r
            WHERE r.state = 'expired' AND r.file_removed_at IS NOT NULL AND r.expired_at < $2 AND {TooOldForRecords}
            ORDER BY r.recording_id LIMIT {BatchLimit} FOR UPDATE SKIP LOCKED),
        listenings AS (DELETE FROM pbx.recording_listening AS l USING due WHERE l.recording_id = due.recording_id)
        DELETE FROM pbx.recording AS r USING due WHERE r.recording_id = due.recording_id
        """,
        now,
        ct);

    /// <summary>Expired recordings whose files are still to be removed, some of them.</summary>
    public async Task<IReadOnlyList<string>> ListLeftoversAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT recording_id FROM pbx.recording WHERE state = 'expired' AND file_removed_at IS NULL ORDER BY expired_at LIMIT {BatchLimit}");
        return await command.ListAsync(row => row.GetString(0), ct);
    }

    /// <summary>The files of these are removed.</summary>
    public async Task RemovedAsync(IEnumerable<string> recordingIds, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand("UPDATE pbx.recording SET file_removed_at = $2 WHERE recording_id = ANY ($1) AND state = 'expired'");
        command.Parameters.Texts(recordingIds).Instant(now);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Those of some files in the vault whose recordings expired and count as removed: they came late, from a fetch under way
    /// when the time was over. A file without any row is left alone: it may belong to another database, or to a later state
    /// of this one than the backup that was restored.
    /// </summary>
    public async Task<IReadOnlyList<string>> ListLateAsync(IEnumerable<string> recordingIds, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT recording_id FROM pbx.recording
            WHERE recording_id = ANY ($1) AND state = 'expired' AND file_removed_at IS NOT NULL
            """);
        command.Parameters.Texts(recordingIds);
        return await command.ListAsync(row => row.GetString(0), ct);
    }

    private async Task<int> SweepAsync(string sql, DateTimeOffset now, CancellationToken ct, string? told = null)
    {
        var swept = 0;
        int batch;
        do
        {
            batch = await SweepOnceAsync(sql, now, told, ct);
            swept += batch;
        }
        while (batch >= BatchLimit);

        return swept;
    }

    /// <summary>One batch, and in its transaction the event of this type about each recording that the statement returns.</summary>
    private async Task<int> SweepOnceAsync(string sql, DateTimeOffset now, string? told, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Instant(now).Instant(now - TryMayRun);
        int batch;
        if (told is null)
        {
            batch = await command.ExecuteNonQueryAsync(ct);
        }
        else
        {
            var swept = await command.ListAsync(row => row.GetString(0), ct);
            await RecordingEvents.TellAsync(connection, told, swept, now, ct);
            batch = swept.Count;
        }

        await transaction.CommitAsync(ct);
        return batch;
    }

    /// <summary>False where no number of days is set.</summary>
    private static string TooOld(string days) => $"""
        coalesce(r.ages_from <= $1 - coalesce(
            (SELECT own.{days} FROM pbx.call_record_retention AS own WHERE own.site_id = r.site_id),
            (SELECT every.{days} FROM pbx.call_record_retention AS every WHERE every.site_id = '*')) * interval '24 hours', false)
        """;
}
