using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Webhooks;

/// <summary>Something a PBX pushed that nobody could read.</summary>
/// <param name="Id">Counts up.</param>
/// <param name="SiteId">The site it was pushed for.</param>
/// <param name="ReceivedAt">When (UTC).</param>
/// <param name="SourceAddress">From where; null when unknown.</param>
/// <param name="Reason">Why it could not be read.</param>
/// <param name="Body">The bytes as they came.</param>
public sealed record UnreadableReportRow(long Id, string SiteId, DateTimeOffset ReceivedAt, string? SourceAddress, string Reason, byte[] Body);

/// <summary>The last unreadable reports of each site, kept for people to look at.</summary>
/// <param name="database">The migrated database.</param>
public sealed class UnreadableReports(NpgsqlDataSource database)
{
    /// <summary>So many are kept per site; older ones go.</summary>
    public const int Kept = 50;

    /// <summary>Keeps a report and drops the oldest above <see cref="Kept" />. One for an unknown site is not kept.</summary>
    public async Task AddAsync(string siteId, DateTimeOffset receivedAt, string? sourceAddress, string reason, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);

        var add = new NpgsqlBatchCommand("""
            INSERT INTO pbx.unreadable_report (site_id, received_at, source_address, reason, body)
            SELECT site_id, $2, $3, $4, $5 FROM pbx.site WHERE site_id = $1 FOR KEY SHARE
            """);
        add.Parameters.Text(siteId).Instant(receivedAt).Text(sourceAddress).Text(Sql.Storable(reason)).Bytes(body);
        batch.BatchCommands.Add(add);

        var trim = new NpgsqlBatchCommand("""
            DELETE FROM pbx.unreadable_report
            WHERE site_id = $1 AND id <= (SELECT id FROM pbx.unreadable_report WHERE site_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)
            """);
        trim.Parameters.Text(siteId).Bind(NpgsqlDbType.Bigint, (long)Kept);
        batch.BatchCommands.Add(trim);

        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What is kept of one site, newest first, at most <see cref="Kept" />.</summary>
    public async Task<IReadOnlyList<UnreadableReportRow>> ListAsync(string siteId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT id, site_id, received_at, source_address, reason, body
            FROM pbx.unreadable_report WHERE site_id = $1 ORDER BY id DESC LIMIT $2
            """);
        command.Parameters.Text(siteId).Bind(NpgsqlDbType.Bigint, (long)Kept);
        return await command.ListAsync(
            row => new UnreadableReportRow(row.GetInt64(0), row.GetString(1), row.Instant(2), row.TextOrNull(3), row.GetString(4), row.Bytes(5)), ct);
    }
}
