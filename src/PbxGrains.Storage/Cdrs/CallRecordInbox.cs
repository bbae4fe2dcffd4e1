using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// Call record reports as PBXs pushed them: durable before the PBX gets its answer, because it never sends a record again
/// once that was 200. They outlive their site.
/// </summary>
/// <param name="database">The migrated database.</param>
public sealed class CallRecordInbox(NpgsqlDataSource database)
{
    private const string Columns = "id, site_id, received_at, body";

    /// <summary>Keeps one report; committed when this returns.</summary>
    /// <param name="siteId">The site that pushed it.</param>
    /// <param name="receivedAt">When (UTC).</param>
    /// <param name="body">The report, PINs removed by the caller. Characters PostgreSQL cannot hold become U+FFFD.</param>
    /// <param name="ct">Stops waiting; whether it was kept is then unknown.</param>
    public async Task AppendAsync(string siteId, DateTimeOffset receivedAt, string body, CancellationToken ct)
    {
        await using var command = database.CreateCommand("INSERT INTO pbx.call_record_inbox (site_id, received_at, body) VALUES ($1, $2, $3)");
        command.Parameters.Text(siteId).Instant(receivedAt).Text(Sql.Storable(body));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>How many reports of this site are kept.</summary>
    public async Task<long> CountAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM pbx.call_record_inbox WHERE site_id = $1");
        command.Parameters.Text(siteId);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The oldest reports of all sites; they stay until deleted.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<InboxReport>> TakeAsync(int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.call_record_inbox ORDER BY id LIMIT $1");
        command.Parameters.Bind(NpgsqlDbType.Integer, limit);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>Reports of one site, oldest first; they stay until deleted.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="after">Goes on behind this <see cref="InboxReport.Id"/>; 0 from the beginning.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<InboxReport>> ListAsync(string siteId, long after, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.call_record_inbox WHERE site_id = $1 AND id > $2 ORDER BY id LIMIT $3");
        command.Parameters.Text(siteId).Bind(NpgsqlDbType.Bigint, after).Bind(NpgsqlDbType.Integer, limit);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>Deletes all but the latest reports of a site.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="keep">How many stay.</param>
    /// <param name="ct">Stops waiting; whether they were deleted is then unknown.</param>
    /// <returns>How many went.</returns>
    public async Task<int> TrimAsync(string siteId, int keep, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            DELETE FROM pbx.call_record_inbox
            WHERE site_id = $1 AND id <= (SELECT id FROM pbx.call_record_inbox WHERE site_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)
            """);
        command.Parameters.Text(siteId).Bind(NpgsqlDbType.Integer, keep);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Deletes reports that are in the ledger by now.</summary>
    /// <param name="ids">Their <see cref="InboxReport.Id" />.</param>
    /// <param name="ct">Stops waiting; whether they were deleted is then unknown.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> DeleteAsync(IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        await using var command = database.CreateCommand("DELETE FROM pbx.call_record_inbox WHERE id = ANY ($1)");
        command.Parameters.Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, ids.ToArray());
        return await command.ExecuteNonQueryAsync(ct);
    }

    private static InboxReport Read(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetString(1), row.Instant(2), row.GetString(3));
}

/// <summary>A report that is kept.</summary>
/// <param name="Id">Its number, growing.</param>
/// <param name="SiteId">The site that pushed it.</param>
/// <param name="ReceivedAt">When (UTC).</param>
/// <param name="Body">The report, PINs removed.</param>
public sealed record InboxReport(long Id, string SiteId, DateTimeOffset ReceivedAt, string Body);
