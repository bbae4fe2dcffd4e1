using Npgsql;

namespace PbxGrains.Storage.Webhooks;

/// <summary>A secret by which a PBX proves itself when it pushes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SiteId">The site it belongs to.</param>
/// <param name="Hash">Hash of the secret, to compare with.</param>
/// <param name="Cipher">The secret encrypted, for login's report address; this layer never sees it plain.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="ExpiresAt">When it stops counting (UTC); null for the current one.</param>
public sealed record WebhookSecretRow(Guid Id, string SiteId, byte[] Hash, byte[] Cipher, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>The webhook secrets of all sites. A rotated secret goes on counting for a while, until the PBX has the new one.</summary>
/// <param name="database">The migrated database.</param>
public sealed class WebhookSecrets(NpgsqlDataSource database)
{
    private const string Columns = "id, site_id, hash, cipher, created_at, expires_at";

    /// <summary>
    /// Gives a site a new secret. Those that live end at <paramref name="now" /> + <paramref name="overlap" />, or sooner
    /// if they were to; those that ended are removed. The site's version changes, so whoever listens hears of it.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such site.</exception>
    public async Task<WebhookSecretRow> RotateAsync(string siteId, byte[] hash, byte[] cipher, DateTimeOffset now, TimeSpan overlap, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // The row of the site also makes concurrent rotations take turns.
        await using var touch = new NpgsqlCommand("UPDATE pbx.site SET row_version = row_version + 1 WHERE site_id = $1", connection);
        touch.Parameters.Text(siteId);
        if (await touch.ExecuteNonQueryAsync(ct) == 0)
        {
            throw new KeyNotFoundException($"There is no site '{siteId}'.");
        }

        await using var retire = new NpgsqlCommand("""
            WITH ended AS (DELETE FROM pbx.webhook_secret WHERE site_id = $1 AND expires_at <= $2)
            UPDATE pbx.webhook_secret SET expires_at = $3 WHERE site_id = $1 AND (expires_at IS NULL OR expires_at > $3)
            """, connection);
        retire.Parameters.Text(siteId).Instant(now).Instant(now + overlap);
        await retire.ExecuteNonQueryAsync(ct);

        await using var add = new NpgsqlCommand(
            $"INSERT INTO pbx.webhook_secret (site_id, hash, cipher, created_at) VALUES ($1, $2, $3, $4) RETURNING {Columns}", connection);
        add.Parameters.Text(siteId).Bytes(hash).Bytes(cipher).Instant(now);
        var added = await add.FirstOrNullAsync(Read, ct);

        await transaction.CommitAsync(ct);
        return added!;
    }

    /// <summary>The secrets of all sites that count at <paramref name="now" />; by site, newest first.</summary>
    public async Task<IReadOnlyList<WebhookSecretRow>> ListLiveAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM pbx.webhook_secret WHERE expires_at IS NULL OR expires_at > $1 ORDER BY site_id, {NewestFirst}");
        command.Parameters.Instant(now);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>The secrets of one site that count at <paramref name="now" />, newest first.</summary>
    public async Task<IReadOnlyList<WebhookSecretRow>> ListLiveAsync(string siteId, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM pbx.webhook_secret WHERE site_id = $1 AND (expires_at IS NULL OR expires_at > $2) ORDER BY {NewestFirst}");
        command.Parameters.Text(siteId).Instant(now);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>The one without an end is the newest, whatever the clocks of the hosts said.</summary>
    private const string NewestFirst = "expires_at IS NULL DESC, created_at DESC, id";

    private static WebhookSecretRow Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.Bytes(2), row.Bytes(3), row.Instant(4), row.InstantOrNull(5));
}
