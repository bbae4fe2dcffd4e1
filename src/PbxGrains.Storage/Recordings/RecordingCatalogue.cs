using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Recordings;

/// <summary>
/// What is known of each recording. Rows come by themselves, in the transaction that records the name
/// (<c>pbx.call_record_named_recordings</c>); here they are read, and written as their story goes on.
/// </summary>
/// <param name="database">The migrated database.</param>
public sealed class RecordingCatalogue(NpgsqlDataSource database)
{
    /// <summary>Days a recording is kept where nobody says otherwise.</summary>
    public const int DefaultDays = 180;

    /// <summary>When a recording <c>r</c> expires.</summary>
    internal static readonly string ExpiresAt = $"""
        coalesce(r.expired_at, r.ages_from + coalesce(
            (SELECT own.recording_days FROM pbx.call_record_retention AS own WHERE own.site_id = r.site_id),
            (SELECT every.recording_days FROM pbx.call_record_retention AS every WHERE every.site_id = '*'),
            {DefaultDays}) * interval '24 hours')
        """;

    internal static readonly string Select = $"""
        SELECT r.recording_id, r.site_id, r.call_id, r.name, r.state, r.reason, r.detail, r.bytes, r.sha256, r.content_type, r.duration_seconds,
            r.tries, r.refusals, r.ages_from, r.first_named_at, r.last_tried_at, r.next_try_at, r.fetched_at, {ExpiresAt}
        FROM pbx.recording AS r
        """;

    /// <summary>One recording; null when no record ever named it.</summary>
    public async Task<RecordingRow?> FindAsync(string recordingId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"{Select} WHERE r.recording_id = $1");
        command.Parameters.Text(recordingId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>The recordings of a site's PBX with these names, in no order; names nobody knows are passed over.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="names">The PBX's file names.</param>
    /// <param name="ct">Stops reading.</param>
    public Task<IReadOnlyList<RecordingRow>> ListByNamesAsync(string siteId, IEnumerable<string> names, CancellationToken ct) =>
        ListByIdsAsync(names.Select(name => RecordingId.Of(siteId, name)), ct);

    /// <summary>The recordings with these ids, in no order; ids nobody knows are passed over.</summary>
    public async Task<IReadOnlyList<RecordingRow>> ListByIdsAsync(IEnumerable<string> recordingIds, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"{Select} WHERE r.recording_id = ANY ($1)");
        command.Parameters.Texts(recordingIds.Distinct(StringComparer.Ordinal));
        return await command.ListAsync(Read, ct);
    }

    /// <summary>The recordings to ask a site's PBX for by now, newest call first: the PBX overwrites the oldest, but people want the newest.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="now">The time.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<RecordingRow>> ListDueAsync(string siteId, DateTimeOffset now, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            {Select} WHERE r.site_id = $1 AND r.next_try_at <= $2 AND {ExpiresAt} > $2
            ORDER BY r.next_try_at DESC, r.recording_id LIMIT $3
            """);
        command.Parameters.Text(siteId).Instant(now).Bind(NpgsqlDbType.Integer, limit);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>When a site's PBX is to be asked for a recording next, after a time; null when for none.</summary>
    public async Task<DateTimeOffset?> NextTryAsync(string siteId, DateTimeOffset after, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT min(next_try_at) FROM pbx.recording WHERE site_id = $1 AND next_try_at > $2");
        command.Parameters.Text(siteId).Instant(after);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? reader.InstantOrNull(0) : null;
    }

    /// <summary>
    /// Writes down that the PBX is asked now. Should the process end meanwhile, the next one waits until
    /// <paramref name="nextTryAt" /> and looks into the vault first.
    /// </summary>
    /// <returns>False when it is not to be asked for any more.</returns>
    public async Task<bool> BeginAsync(string recordingId, DateTimeOffset now, DateTimeOffset nextTryAt, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            UPDATE pbx.recording SET tries = tries + 1, last_tried_at = $2, next_try_at = $3
            WHERE recording_id = $1 AND state IN ('pending', 'absent') AND name IS NOT NULL
            """);
        command.Parameters.Text(recordingId).Instant(now).Instant(nextTryAt);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>It lies in the vault.</summary>
    /// <returns>False when it expired meanwhile: the file is then marked to be removed.</returns>
    public async Task<bool> ReadyAsync(string recordingId, FetchedRecording file, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            WITH ready AS (
                UPDATE pbx.recording
                SET state = 'ready', reason = NULL, detail = NULL, next_try_at = NULL,
                    bytes = $2, sha256 = $3, content_type = $4, duration_seconds = $5, fetched_at = $6
                WHERE recording_id = $1 AND state <> 'expired' RETURNING 1),
            late AS (
                UPDATE pbx.recording SET bytes = $2, sha256 = $3, file_removed_at = NULL WHERE recording_id = $1 AND state = 'expired')
            SELECT count(*) FROM ready
            """,
            connection);
        command.Parameters.Text(recordingId).Bind(NpgsqlDbType.Bigint, file.Bytes).Bytes(file.Sha256).Text(file.ContentType)
            .Bind(NpgsqlDbType.Double, file.DurationSeconds).Instant(now);
        var isReady = (long)(await command.ExecuteScalarAsync(ct))! > 0;
        await RecordingEvents.TellAsync(connection, RecordingEvents.Ready, isReady ? [recordingId] : [], now, ct);
        await transaction.CommitAsync(ct);
        return isReady;
    }

    /// <summary>The vault does not have it any more, whoever removed it: the PBX is asked again while it has a name.</summary>
    public async Task LostAsync(string recordingId, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            UPDATE pbx.recording
            SET state = CASE WHEN name IS NULL THEN 'absent' ELSE 'pending' END, next_try_at = CASE WHEN name IS NULL THEN NULL ELSE $2 END,
                reason = $3, detail = 'The vault does not have it any more.', refusals = 0
            WHERE recording_id = $1 AND state = 'ready'
            """);
        command.Parameters.Text(recordingId).Instant(now).Text(RecordingReason.VaultUnavailable);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>It could not be had this time.</summary>
    public async Task SetBackAsync(string recordingId, RecordingSetback setback, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            UPDATE pbx.recording AS r
            SET state = $2, reason = $3, detail = $4, next_try_at = CASE WHEN r.name IS NULL THEN NULL ELSE $5 END, refusals = r.refusals + $6
            FROM (SELECT recording_id, state FROM pbx.recording WHERE recording_id = $1 FOR UPDATE) AS due
            WHERE r.recording_id = due.recording_id AND r.state IN ('pending', 'absent')
            RETURNING r.recording_id, r.state = 'absent' AND due.state <> 'absent'
            """,
            connection);
        command.Parameters.Text(recordingId).Text(setback.State).Text(setback.Reason).Text(setback.Detail).Instant(setback.NextTryAt)
            .Bind(NpgsqlDbType.Integer, setback.Refused ? 1 : 0);
        await TellAbsentAsync(connection, command, at: null, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>What holds a site's recordings up is nothing about any of them: all that are due say so, and wait if told.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="setback">State and reason; its next try, if any, replaces theirs.</param>
    /// <param name="now">The time.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    public async Task HoldUpAsync(string siteId, RecordingSetback setback, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            UPDATE pbx.recording AS r
            SET state = $2, reason = $3, detail = $4, next_try_at = coalesce($5, r.next_try_at)
            FROM (SELECT recording_id, state FROM pbx.recording WHERE site_id = $1 AND next_try_at <= $6 ORDER BY recording_id FOR UPDATE) AS due
            WHERE r.recording_id = due.recording_id AND r.state IN ('pending', 'absent')
              AND ($5 IS NOT NULL OR r.reason IS DISTINCT FROM $3)
            RETURNING r.recording_id, r.state = 'absent' AND due.state <> 'absent'
            """,
            connection);
        command.Parameters.Text(siteId).Text(setback.State).Text(setback.Reason).Text(setback.Detail).Instant(setback.NextTryAt).Instant(now);
        await TellAbsentAsync(connection, command, now, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Runs a change and tells of those recordings it made absent that were not before.</summary>
    private static async Task TellAbsentAsync(NpgsqlConnection connection, NpgsqlCommand change, DateTimeOffset? at, CancellationToken ct)
    {
        var changed = await change.ListAsync(row => (Id: row.GetString(0), IsAbsentNow: row.GetBoolean(1)), ct);
        await RecordingEvents.TellAsync(connection, RecordingEvents.Absent, [.. changed.Where(row => row.IsAbsentNow).Select(row => row.Id)], at, ct);
    }

    internal static RecordingRow Read(NpgsqlDataReader row) => new()
    {
        RecordingId = row.GetString(0),
        SiteId = row.GetString(1),
        CallId = row.GetString(2),
        Name = row.TextOrNull(3),
        State = row.GetString(4),
        Reason = row.TextOrNull(5),
        Detail = row.TextOrNull(6),
        Bytes = row.IsDBNull(7) ? null : row.GetInt64(7),
        Sha256 = row.IsDBNull(8) ? null : row.Bytes(8),
        ContentType = row.TextOrNull(9),
        DurationSeconds = row.IsDBNull(10) ? null : row.GetDouble(10),
        Tries = row.GetInt32(11),
        Refusals = row.GetInt32(12),
        AgesFrom = row.Instant(13),
        FirstNamedAt = row.Instant(14),
        LastTriedAt = row.InstantOrNull(15),
        NextTryAt = row.InstantOrNull(16),
        FetchedAt = row.InstantOrNull(17),
        ExpiresAt = row.Instant(18),
    };
}
