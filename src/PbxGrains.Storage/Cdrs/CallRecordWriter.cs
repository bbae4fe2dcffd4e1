using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Cdrs;

/// <summary>Writes versions of records in one transaction.</summary>
/// <param name="database">The migrated database.</param>
/// <param name="time">Dates revisions.</param>
internal sealed class CallRecordWriter(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>How often a batch is tried while it is certain that it was not committed.</summary>
    private const int Attempts = 3;

    private const string Insert = $"""
        INSERT INTO pbx.call_record ({CallRecordColumns.Written})
        SELECT site_id, call_id, identity, start_wall_clock, started_at, total_seconds, ring_seconds, talk_seconds,
            direction, raw_type, caller, caller_e164, callee, callee_e164, called_group, answered_by,
            did, source_trunk, destination_trunk, disposition, raw_status, recording, string_to_array(extensions, E'\x1f'), agent_id,
            reference, raw, pushed_at, caught_up_at, imported_at, exact_fields, revision
        FROM {CallRecordColumns.Unnest} AS given ({CallRecordColumns.Written})
        ON CONFLICT (start_wall_clock, identity) DO NOTHING
        RETURNING identity, start_wall_clock, record_id
        """;

    // LATERAL with a lock or a limit inside: one probe of one partition's key for each, in the order given, whatever the statistics say.
    private const string SelectForUpdate = $"""
        SELECT stored.* FROM unnest($1, $2) AS given (identity, start_wall_clock)
        CROSS JOIN LATERAL (
            SELECT {CallRecordColumns.Read} FROM pbx.call_record AS r
            WHERE r.start_wall_clock = given.start_wall_clock AND r.identity = given.identity
            FOR UPDATE) AS stored
        """;

    private const string Select = $"""
        SELECT stored.* FROM unnest($1, $2) AS given (identity, start_wall_clock)
        CROSS JOIN LATERAL (
            SELECT {CallRecordColumns.Read} FROM pbx.call_record AS r
            WHERE r.start_wall_clock = given.start_wall_clock AND r.identity = given.identity
            LIMIT 1) AS stored
        """;

    private const string Update = $"""
        UPDATE pbx.call_record AS r
        SET call_id = given.call_id, started_at = given.started_at, total_seconds = given.total_seconds, ring_seconds = given.ring_seconds,
            talk_seconds = given.talk_seconds, direction = given.direction, raw_type = given.raw_type, caller = given.caller,
            caller_e164 = given.caller_e164, callee = given.callee, callee_e164 = given.callee_e164, called_group = given.called_group,
            answered_by = given.answered_by, did = given.did, source_trunk = given.source_trunk, destination_trunk = given.destination_trunk,
            disposition = given.disposition, raw_status = given.raw_status, recording = given.recording,
            extensions = string_to_array(given.extensions, E'\x1f'), agent_id = given.agent_id, reference = given.reference, raw = given.raw,
            pushed_at = given.pushed_at, caught_up_at = given.caught_up_at, imported_at = given.imported_at,
            exact_fields = given.exact_fields, revision = given.revision
        FROM {CallRecordColumns.Unnest} AS given ({CallRecordColumns.Written})
        WHERE r.start_wall_clock = given.start_wall_clock AND r.identity = given.identity
        """;

    private const string InsertRevisions = """
        INSERT INTO pbx.call_record_revision (record_id, revision, changed_at, source, before)
        SELECT record_id, revision, $5, source, before FROM unnest($1, $2, $3, $4) AS given (record_id, revision, source, before)
        """;

    /// <summary>Whether an error is the doing of a row, so that without that row the others would have been written.</summary>
    public static bool BlamesRow(Exception error) => error switch
    {
        PostgresException refusal when HasMoved(refusal) => false,

        // Data exceptions, broken constraints, values too big for an index.
        PostgresException refusal => refusal.SqlState[..2] is "22" or "23" or "54",
        ArgumentException or InvalidCastException => true,
        _ => false,
    };

    /// <summary>Writes all of them or throws; committed when this returns.</summary>
    /// <param name="versions">In the form of <see cref="CallRecordMerge.Canonical" />.</param>
    /// <param name="told">Events to append with them.</param>
    /// <param name="ct">Stops it; whether it was committed is then unknown.</param>
    /// <returns>The outcome of each, in their order.</returns>
    public async Task<LedgerOutcome[]> WriteAsync(IReadOnlyList<CallRecordRow> versions, IReadOnlyList<EventRow> told, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var commits = false;
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                LedgerOutcome[] outcomes;
                try
                {
                    outcomes = await WriteAsync(connection, versions, told, ct);
                }
                catch (PostgresException)
                {
                    await Sql.AbandonAsync(connection, transaction);
                    throw;
                }

                commits = true;
                await transaction.CommitAsync(ct);
                return outcomes;
            }
            catch (NpgsqlException error) when (!commits && attempt < Attempts && !BlamesRow(error) && !ct.IsCancellationRequested && MayPass(error))
            {
                // A deadlock with another process, a partition made at this moment, or a connection that the server closed long ago.
            }
        }
    }

    /// <summary>The record's month got a partition after the default one had been chosen: PostgreSQL says so without a constraint's name.</summary>
    private static bool HasMoved(PostgresException error) => error is { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null };

    private static bool MayPass(NpgsqlException error) => error.IsTransient || (error is PostgresException refusal && (HasMoved(refusal)
        || refusal.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow));

    private async Task<LedgerOutcome[]> WriteAsync(NpgsqlConnection connection, IReadOnlyList<CallRecordRow> given, IReadOnlyList<EventRow> told, CancellationToken ct)
    {
        var versions = await DialledNames.NameAsync(connection, given, ct);
        var outcomes = new LedgerOutcome[versions.Count];

        // Every process takes its locks in the order of keys, new records before known ones: nobody waits in a circle.
        var records = versions.Select((version, index) => (Version: version, Index: index))
            .GroupBy(told => CallRecordKey.Of(told.Version))
            .OrderBy(record => record.Key, CallRecordKey.LockOrder)
            .Select(record => new ToldRecord(record.Key, [.. record]))
            .ToList();
        var recorded = await InsertAsync(connection, [.. records.Select(record => record.Told[0].Version)], ct);
        var known = records.Where(record => !recorded.ContainsKey(record.Key) || record.Told.Count > 1).ToList();
        var events = records.Where(record => recorded.ContainsKey(record.Key))
            .Select(record => (Type: CallRecordEvents.Recorded, Record: record.Told[0].Version with { RecordId = recorded[record.Key] }))
            .ToList();
        if (known.Count > 0)
        {
            events.AddRange(await ReviseAsync(connection, known, recorded, outcomes, ct));
        }

        // After every record: whoever appends events waits for those who number events of the same calls, and they never wait for a record.
        var now = time.GetUtcNow();
        _ = await EventAppender.AppendAsync(connection, [.. told, .. CallRecordEvents.Of(events, now)], now, ct);
        return outcomes;
    }

    /// <returns>What was revised, as it reads afterwards.</returns>
    private async Task<IEnumerable<(string Type, CallRecordRow Record)>> ReviseAsync(
        NpgsqlConnection connection,
        IReadOnlyList<ToldRecord> known,
        Dictionary<CallRecordKey, long> recorded,
        LedgerOutcome[] outcomes,
        CancellationToken ct)
    {
        // A look without locks is enough for what only repeats, which is most of what catch-up reads.
        var changes = Merge(known, recorded, await SelectAsync(connection, Select, known, ct), outcomes);
        if (changes.Count > 0)
        {
            var changed = known.Where(record => changes.Any(change => change.Record == record)).ToList();
            changes = Merge(changed, recorded, await SelectAsync(connection, SelectForUpdate, changed, ct), outcomes);
            await ApplyAsync(connection, changes, ct);
        }

        return changes.SelectMany(change => change.Revisions).Select(revision => (CallRecordEvents.Revised, revision.After with { Source = revision.Source }));
    }

    private static async Task<Dictionary<CallRecordKey, long>> InsertAsync(NpgsqlConnection connection, IReadOnlyList<CallRecordRow> rows, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
        CallRecordColumns.BindRows(command.Parameters, rows);
        var inserted = await command.ListAsync(row => (Key: new CallRecordKey(row.GetDateTime(1), row.Bytes(0)), RecordId: row.GetInt64(2)), ct);
        return inserted.ToDictionary(row => row.Key, row => row.RecordId);
    }

    private static async Task<Dictionary<CallRecordKey, CallRecordRow>> SelectAsync(NpgsqlConnection connection, string sql, IReadOnlyList<ToldRecord> records, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        CallRecordColumns.BindKeys(command.Parameters, [.. records.Select(record => record.Told[0].Version)]);
        var rows = await command.ListAsync(CallRecordColumns.ReadRow, ct);
        return rows.ToDictionary(CallRecordKey.Of);
    }

    private static List<ChangedRecord> Merge(
        IEnumerable<ToldRecord> records,
        Dictionary<CallRecordKey, long> recorded,
        Dictionary<CallRecordKey, CallRecordRow> stored,
        LedgerOutcome[] outcomes)
    {
        var changes = new List<ChangedRecord>();
        foreach (var record in records)
        {
            if (!stored.TryGetValue(record.Key, out var before))
            {
                throw new CallRecordVanishedException();
            }

            var now = before;
            var revisions = new List<MadeRevision>();
            foreach (var (version, index) in recorded.ContainsKey(record.Key) ? record.Told.Skip(1) : record.Told)
            {
                var merged = CallRecordMerge.Of(now, version);
                var revised = !CallRecordMerge.SameContent(now, merged);
                outcomes[index] = revised ? LedgerOutcome.Revised : LedgerOutcome.Known;
                if (revised)
                {
                    merged = merged with { Revision = now.Revision + 1 };
                    revisions.Add(new MadeRevision(merged.Revision, version.Source, now, merged));
                }

                now = merged;
            }

            if (revisions.Count > 0 || !CallRecordMerge.SameSightings(before, now))
            {
                changes.Add(new ChangedRecord(record, now, revisions));
            }
        }

        return changes;
    }

    private async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<ChangedRecord> changes, CancellationToken ct)
    {
        if (changes.Count == 0)
        {
            return;
        }

        await using var update = new NpgsqlCommand(Update, connection);
        CallRecordColumns.BindRows(update.Parameters, [.. changes.Select(change => change.Now)]);
        await update.ExecuteNonQueryAsync(ct);

        var revisions = changes.SelectMany(change => change.Revisions).ToList();
        if (revisions.Count == 0)
        {
            return;
        }

        await using var history = new NpgsqlCommand(InsertRevisions, connection);
        history.Parameters
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, revisions.Select(revision => revision.Before.RecordId).ToArray())
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Integer, revisions.Select(revision => revision.Number).ToArray())
            .Texts(revisions.Select(revision => revision.Source))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Jsonb, revisions.Select(revision => JsonSerializer.Serialize(revision.Before, CallRecordJson.Default.CallRecordRow)).ToArray())
            .Instant(time.GetUtcNow());
        await history.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A record of a batch with the versions told of it, in the order in which they came.</summary>
    private sealed record ToldRecord(CallRecordKey Key, IReadOnlyList<(CallRecordRow Version, int Index)> Told);

    private sealed record ChangedRecord(ToldRecord Record, CallRecordRow Now, IReadOnlyList<MadeRevision> Revisions);

    private sealed record MadeRevision(int Number, string Source, CallRecordRow Before, CallRecordRow After);
}
