using Npgsql;

namespace PbxGrains.Storage.Calls;

/// <summary>The calls dialled through the API, written down before the PBX is asked so that none is ever dialled twice.</summary>
/// <param name="database">The migrated database.</param>
public sealed class Originates(NpgsqlDataSource database)
{
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    private const string Columns = """
        originate_id, site_id, extension, destination, idempotency_key, request_hash, state, call_id, refusal, message,
        pbx_error_code, reference, created_at, resolved_at, agent_id
        """;

    /// <summary>
    /// Writes a new originate down, unless the site used its idempotency key less than 24 h before
    /// <see cref="OriginateRow.CreatedAt" />. Of callers that come together with one key exactly one gets null.
    /// </summary>
    /// <returns>Null when it was written; else the earlier one, and nothing was written.</returns>
    public async Task<OriginateRow?> BeginAsync(OriginateRow row, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        while (true)
        {
            if (await TryBeginAsync(connection, row, ct))
            {
                return null;
            }

            if (await FindByKeyAsync(connection, row, ct) is { } earlier)
            {
                return earlier;
            }

            // The earlier one went between the two statements: the key is free again.
        }
    }

    /// <summary>
    /// Writes down what became of an originate. A call id once known stays when <paramref name="callId" /> is null; the
    /// rest is replaced. An unknown id is ignored.
    /// </summary>
    public async Task CompleteAsync(
        Guid originateId, OriginateRowState state, string? callId, string? refusal, string? message, string? pbxErrorCode, DateTimeOffset? resolvedAt, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            UPDATE pbx.originate
            SET state = $2, call_id = coalesce($3, call_id), refusal = $4, message = $5, pbx_error_code = $6, resolved_at = $7
            WHERE originate_id = $1
            """);
        command.Parameters.Id(originateId).Text(Word(state)).Text(callId).Text(refusal).Text(message).Text(pbxErrorCode).Instant(resolvedAt);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The originate of this site with this id; null when there is none.</summary>
    public async Task<OriginateRow?> FindAsync(string siteId, Guid originateId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.originate WHERE site_id = $1 AND originate_id = $2");
        command.Parameters.Text(siteId).Id(originateId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>The originate of this site with this idempotency key, made less than 24 h before <paramref name="now" />; null when there is none.</summary>
    public async Task<OriginateRow?> FindByKeyAsync(string siteId, string idempotencyKey, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM pbx.originate WHERE site_id = $1 AND idempotency_key = $2 AND NOT key_expired AND created_at > $3");
        command.Parameters.Text(siteId).Text(idempotencyKey).Instant(now - KeyLife);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>The originate of this site that became this call, the newest if a PBX used the id again; null when there is none.</summary>
    public async Task<OriginateRow?> FindByCallAsync(string siteId, string callId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.originate WHERE site_id = $1 AND call_id = $2 ORDER BY created_at DESC LIMIT 1");
        command.Parameters.Text(siteId).Text(callId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>The originates of this site that are <see cref="OriginateRowState.Dialling" /> or <see cref="OriginateRowState.Unknown" /> and not given up, oldest first.</summary>
    public async Task<IReadOnlyList<OriginateRow>> ListOpenAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM pbx.originate WHERE site_id = $1 AND state IN ('dialling', 'unknown') AND resolved_at IS NULL ORDER BY created_at, originate_id");
        command.Parameters.Text(siteId);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>The originates of this site that became one of these calls, the newest of each if a PBX used an id again.</summary>
    public async Task<IReadOnlyList<OriginateRow>> ListByCallsAsync(string siteId, IEnumerable<string> callIds, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT DISTINCT ON (call_id) {Columns} FROM pbx.originate WHERE site_id = $1 AND call_id = ANY ($2) ORDER BY call_id, created_at DESC");
        command.Parameters.Text(siteId).Texts(callIds);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>The originates of this site that were given up as <see cref="OriginateRowState.Unknown" /> and asked for within a span of time, oldest first.</summary>
    public async Task<IReadOnlyList<OriginateRow>> ListGivenUpAsync(string siteId, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns} FROM pbx.originate
            WHERE site_id = $1 AND state IN ('dialling', 'unknown') AND created_at BETWEEN $2 AND $3 AND resolved_at IS NOT NULL AND call_id IS NULL
            ORDER BY created_at, originate_id
            """);
        command.Parameters.Text(siteId).Instant(from).Instant(to);
        return await command.ListAsync(Read, ct);
    }

    private static async Task<bool> TryBeginAsync(NpgsqlConnection connection, OriginateRow row, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);

        if (row.IdempotencyKey is not null)
        {
            var free = new NpgsqlBatchCommand("""
                UPDATE pbx.originate SET key_expired = true
                WHERE site_id = $1 AND idempotency_key = $2 AND NOT key_expired AND created_at <= $3
                """);
            free.Parameters.Text(row.SiteId).Text(row.IdempotencyKey).Instant(row.CreatedAt - KeyLife);
            batch.BatchCommands.Add(free);
        }

        var insert = new NpgsqlBatchCommand($"""
            INSERT INTO pbx.originate ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            ON CONFLICT (site_id, idempotency_key) WHERE idempotency_key IS NOT NULL AND NOT key_expired DO NOTHING
            """);
        insert.Parameters
            .Id(row.OriginateId).Text(row.SiteId).Text(row.Extension).Text(row.Destination).Text(row.IdempotencyKey).Bytes(row.RequestHash)
            .Text(Word(row.State)).Text(row.CallId).Text(row.Refusal).Text(row.Message).Text(row.PbxErrorCode).Text(row.Reference)
            .Instant(row.CreatedAt).Instant(row.ResolvedAt).Text(row.AgentId);
        batch.BatchCommands.Add(insert);

        await batch.ExecuteNonQueryAsync(ct);
        return insert.RecordsAffected > 0;
    }

    private static async Task<OriginateRow?> FindByKeyAsync(NpgsqlConnection connection, OriginateRow row, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns} FROM pbx.originate WHERE site_id = $1 AND idempotency_key = $2 AND NOT key_expired", connection);
        command.Parameters.Text(row.SiteId).Text(row.IdempotencyKey);
        return await command.FirstOrNullAsync(Read, ct);
    }

    private static OriginateRow Read(NpgsqlDataReader row) => new()
    {
        OriginateId = row.GetGuid(0),
        SiteId = row.GetString(1),
        Extension = row.GetString(2),
        Destination = row.GetString(3),
        IdempotencyKey = row.TextOrNull(4),
        RequestHash = row.Bytes(5),
        State = StateOf(row.GetString(6)),
        CallId = row.TextOrNull(7),
        Refusal = row.TextOrNull(8),
        Message = row.TextOrNull(9),
        PbxErrorCode = row.TextOrNull(10),
        Reference = row.TextOrNull(11),
        CreatedAt = row.Instant(12),
        ResolvedAt = row.InstantOrNull(13),
        AgentId = row.TextOrNull(14),
    };

    private static string Word(OriginateRowState state) => state switch
    {
        OriginateRowState.Dialling => "dialling",
        OriginateRowState.Accepted => "accepted",
        OriginateRowState.Refused => "refused",
        OriginateRowState.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    private static OriginateRowState StateOf(string word) => word switch
    {
        "dialling" => OriginateRowState.Dialling,
        "accepted" => OriginateRowState.Accepted,
        "refused" => OriginateRowState.Refused,
        "unknown" => OriginateRowState.Unknown,
        _ => throw new InvalidDataException($"'{word}' is not a state of an originate."),
    };
}
