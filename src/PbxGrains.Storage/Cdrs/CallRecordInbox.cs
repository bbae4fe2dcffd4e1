using Npgsql;

namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// Call record reports as PBXs pushed them: durable before the PBX gets its answer, because it never sends a record again
/// once that was 200. They outlive their site.
/// </summary>
/// <param name="database">The migrated database.</param>
public sealed class CallRecordInbox(NpgsqlDataSource database)
{
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
}
