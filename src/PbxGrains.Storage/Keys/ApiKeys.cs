using Npgsql;

namespace PbxGrains.Storage.Keys;

/// <summary>A key of the HTTP API; the key itself is known to its owner only.</summary>
/// <param name="KeyId">Its public part: 1 to 64 letters, digits, hyphens and underscores.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Hash">Hash of its secret part.</param>
/// <param name="Scope"><c>admin</c>, <c>operate</c> or <c>read</c>.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="RevokedAt">When it stopped counting (UTC); null while it counts.</param>
public sealed record ApiKeyRow(string KeyId, string Name, byte[] Hash, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>The keys of the HTTP API. Revoked ones are kept, so that their use can be told apart from nonsense.</summary>
/// <param name="database">The migrated database.</param>
public sealed class ApiKeys(NpgsqlDataSource database)
{
    private const string Columns = "key_id, name, hash, scope, created_at, revoked_at";

    /// <summary>Adds a key.</summary>
    /// <exception cref="PostgresException">The id is taken, or a value breaks a rule of the table; <see cref="PostgresException.ConstraintName" /> says which.</exception>
    public async Task AddAsync(ApiKeyRow row, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"INSERT INTO pbx.api_key ({Columns}) VALUES ($1, $2, $3, $4, $5, $6)");
        command.Parameters.Text(row.KeyId).Text(row.Name).Bytes(row.Hash).Text(row.Scope).Instant(row.CreatedAt).Instant(row.RevokedAt);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The key with this id, revoked or not; null when there is none.</summary>
    public async Task<ApiKeyRow?> FindAsync(string keyId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.api_key WHERE key_id = $1");
        command.Parameters.Text(keyId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>All keys, oldest first.</summary>
    public async Task<IReadOnlyList<ApiKeyRow>> ListAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.api_key ORDER BY created_at, key_id");
        return await command.ListAsync(Read, ct);
    }

    /// <summary>Makes a key stop counting.</summary>
    /// <returns>False when there is no such key or it was revoked before.</returns>
    public async Task<bool> RevokeAsync(string keyId, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand("UPDATE pbx.api_key SET revoked_at = $2 WHERE key_id = $1 AND revoked_at IS NULL");
        command.Parameters.Text(keyId).Instant(now);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    private static ApiKeyRow Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.Bytes(2), row.GetString(3), row.Instant(4), row.InstantOrNull(5));
}
