using Npgsql;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>The subscriptions and their secrets.</summary>
/// <param name="database">The migrated database.</param>
public sealed class SubscriptionRegistry(NpgsqlDataSource database)
{
    private const string Select = """
        SELECT s.subscription_id, s.url, s.types, s.sites, s.description, s.enabled, s.disabled_reason, s.disabled_at, s.failing_since, s.created_at,
            r.era, r.tx, r.position, r.missed_from, r.missed_until, r.missed_at
        FROM pbx.subscription AS s JOIN pbx.subscription_reading AS r ON r.subscription_id = s.subscription_id AND r.replay = 0
        """;

    /// <summary>Adds a subscription that gets what happens from now on.</summary>
    /// <param name="subscriptionId">Its id, new.</param>
    /// <param name="terms">What is said of it.</param>
    /// <param name="cipher">Its first secret, encrypted.</param>
    /// <param name="now">The time.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    public async Task AddAsync(Guid subscriptionId, SubscriptionTerms terms, byte[] cipher, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var add = new NpgsqlCommand("""
            WITH added AS (
                INSERT INTO pbx.subscription (subscription_id, url, types, sites, description, enabled, disabled_reason, disabled_at, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $6 THEN NULL ELSE 'operator' END, CASE WHEN $6 THEN NULL ELSE $7 END, $7)
                RETURNING subscription_id
            ), read AS (
                INSERT INTO pbx.subscription_reading (subscription_id, replay, era, tx, position, created_at)
                SELECT added.subscription_id, 0, log.era, pbx.oldest_open_transaction(), 0, $7 FROM added CROSS JOIN pbx.event_log AS log
            )
            INSERT INTO pbx.subscription_secret (subscription_id, cipher, created_at) SELECT subscription_id, $8, $7 FROM added
            """, connection);
        Bind(add.Parameters.Id(subscriptionId), terms).Instant(now).Bytes(cipher);
        await add.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>All subscriptions, oldest first.</summary>
    public async Task<IReadOnlyList<SubscriptionRow>> ListAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"{Select} ORDER BY s.created_at, s.subscription_id");
        return await command.ListAsync(Read, ct);
    }

    /// <summary>One subscription; null when there is none.</summary>
    public async Task<SubscriptionRow?> FindAsync(Guid subscriptionId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"{Select} WHERE s.subscription_id = $1");
        command.Parameters.Id(subscriptionId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>
    /// Changes a subscription. One that is switched on begins without failures and goes on where it stopped.
    /// </summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> UpdateAsync(Guid subscriptionId, SubscriptionTerms terms, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            UPDATE pbx.subscription SET url = $2, types = $3, sites = $4, description = $5, enabled = $6,
                disabled_reason = CASE WHEN $6 THEN NULL ELSE coalesce(disabled_reason, 'operator') END,
                disabled_at = CASE WHEN $6 THEN NULL ELSE coalesce(disabled_at, $7) END,
                failing_since = CASE WHEN $6 AND NOT enabled THEN NULL ELSE failing_since END
            WHERE subscription_id = $1
            """);
        Bind(command.Parameters.Id(subscriptionId), terms).Instant(now);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Removes a subscription; its deliveries are cleared away later.</summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> RemoveAsync(Guid subscriptionId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("DELETE FROM pbx.subscription WHERE subscription_id = $1");
        command.Parameters.Id(subscriptionId);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>
    /// Gives a subscription a new secret. The one that was current signs beside it until <paramref name="now" /> +
    /// <paramref name="overlap" />; an older one ends, so that there are never more than two.
    /// </summary>
    /// <returns>False when there is no such subscription.</returns>
    public async Task<bool> RotateAsync(Guid subscriptionId, byte[] cipher, DateTimeOffset now, TimeSpan overlap, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // Concurrent rotations take turns.
        await using var turn = new NpgsqlCommand("SELECT 1 FROM pbx.subscription WHERE subscription_id = $1 FOR UPDATE", connection);
        turn.Parameters.Id(subscriptionId);
        if (await turn.ExecuteScalarAsync(ct) is null)
        {
            return false;
        }

        await using var rotate = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("DELETE FROM pbx.subscription_secret WHERE subscription_id = $1 AND expires_at IS NOT NULL"),
                new("UPDATE pbx.subscription_secret SET expires_at = $2 WHERE subscription_id = $1"),
                new("INSERT INTO pbx.subscription_secret (subscription_id, cipher, created_at) VALUES ($1, $2, $3)"),
            },
        };
        rotate.BatchCommands[0].Parameters.Id(subscriptionId);
        rotate.BatchCommands[1].Parameters.Id(subscriptionId).Instant(now + overlap);
        rotate.BatchCommands[2].Parameters.Id(subscriptionId).Bytes(cipher).Instant(now);
        await rotate.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static NpgsqlParameterCollection Bind(NpgsqlParameterCollection parameters, SubscriptionTerms terms) => parameters
        .Text(terms.Url)
        .Texts(terms.Filter.Types)
        .Texts(terms.Filter.Sites)
        .Text(terms.Description is { } text ? Sql.Storable(text) : null)
        .Flag(terms.Enabled);

    private static SubscriptionRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        new SubscriptionTerms(row.GetString(1), new SubscriptionFilter(row.GetFieldValue<string[]>(2), row.GetFieldValue<string[]>(3)), row.TextOrNull(4), row.GetBoolean(5)),
        row.TextOrNull(6) is { } reason ? Enum.Parse<DisabledReason>(reason, ignoreCase: true) : null,
        row.InstantOrNull(7),
        row.InstantOrNull(8),
        row.Instant(9),
        new Events.EventCursor(row.GetInt32(10), row.GetFieldValue<ulong>(11), row.GetInt64(12)),
        row.IsDBNull(13) ? null : new MissedEvents(row.GetString(13), row.GetString(14), row.Instant(15)));
}
