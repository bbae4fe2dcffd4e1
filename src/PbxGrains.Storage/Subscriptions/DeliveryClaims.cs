using Npgsql;
using NpgsqlTypes;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>A delivery that is ours to make until the lease runs out.</summary>
/// <param name="DeliveryId">Its number.</param>
/// <param name="Claim">Which claim of it this is.</param>
/// <param name="Tries">Failures so far.</param>
/// <param name="EventId">The event's name.</param>
/// <param name="Body">The whole message of a test; null for an event.</param>
/// <param name="Event">The event; null for a test, and when the log no longer has it.</param>
public sealed record ClaimedDelivery(long DeliveryId, int Claim, int Tries, Guid EventId, string? Body, LoggedEvent? Event)
{
    /// <summary>A test message is tried once.</summary>
    public bool IsTest => Body is not null;
}

/// <summary>Deliveries claimed together.</summary>
/// <param name="Url">Where they go.</param>
/// <param name="Secrets">The secrets that count now, encrypted, the current one first.</param>
/// <param name="LeasedUntil">When others may take what is not done.</param>
/// <param name="Deliveries">The deliveries in their order.</param>
public sealed record ClaimedBatch(string Url, IReadOnlyList<byte[]> Secrets, DateTimeOffset LeasedUntil, IReadOnlyList<ClaimedDelivery> Deliveries);

/// <summary>
/// Hands out what is due, each delivery to one worker at a time, however many processes ask. What a worker does not finish
/// comes back when its lease runs out.
/// </summary>
/// <param name="database">The migrated database.</param>
public sealed class DeliveryClaims(NpgsqlDataSource database)
{
    private const int EventColumn = 6;

    /// <summary>For each subscription that is switched on and has something to deliver, when the first of it is due.</summary>
    public async Task<IReadOnlyList<(Guid SubscriptionId, DateTimeOffset DueAt)>> DueAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT s.subscription_id, next.due_at FROM pbx.subscription AS s CROSS JOIN LATERAL (
                SELECT d.due_at FROM pbx.delivery AS d WHERE d.subscription_id = s.subscription_id AND d.state = 'pending' ORDER BY d.due_at LIMIT 1) AS next
            WHERE s.enabled
            """);
        return await command.ListAsync(row => (row.GetGuid(0), row.Instant(1)), ct);
    }

    /// <summary>Claims what is due for a subscription, the oldest first.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="now">The time.</param>
    /// <param name="lease">How long they are ours.</param>
    /// <param name="ct">Stops waiting for the database; what was claimed comes back by itself.</param>
    /// <returns>Null when the subscription is gone or switched off.</returns>
    public async Task<ClaimedBatch?> ClaimAsync(Guid subscriptionId, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken ct)
    {
        // One way to the server, and one snapshot each: where to, then what. The rows are found by their numbers, and the
        // events one by one, so that no plan ever reads a whole table.
        await using var batch = database.CreateBatch();
        var target = new NpgsqlBatchCommand("""
            SELECT s.url, k.cipher FROM pbx.subscription AS s JOIN pbx.subscription_secret AS k ON k.subscription_id = s.subscription_id
            WHERE s.subscription_id = $1 AND s.enabled AND (k.expires_at IS NULL OR k.expires_at > $2)
            ORDER BY k.expires_at IS NULL DESC, k.secret_id DESC
            """);
        target.Parameters.Id(subscriptionId).Instant(now);
        var claim = new NpgsqlBatchCommand($"""
            WITH claimed AS (
                UPDATE pbx.delivery AS d SET claim = d.claim + 1, due_at = $3, leased_until = $3
                WHERE d.delivery_id = ANY (ARRAY (
                    SELECT w.delivery_id FROM pbx.delivery AS w
                    WHERE w.subscription_id = $1 AND w.state = 'pending' AND w.due_at <= $2
                        AND EXISTS (SELECT FROM pbx.subscription AS s WHERE s.subscription_id = $1 AND s.enabled)
                    ORDER BY w.due_at, w.delivery_id LIMIT $4 FOR UPDATE OF w SKIP LOCKED))
                RETURNING d.delivery_id, d.claim, d.tries, d.event_id, d.body, d.event_day
            )
            SELECT c.delivery_id, c.claim, c.tries, c.event_id, c.body, e.event_id IS NOT NULL, {EventReader.Columns}
            FROM claimed AS c LEFT JOIN LATERAL (
                SELECT * FROM pbx.event AS kept WHERE kept.day = c.event_day AND kept.event_id = c.event_id LIMIT 1) AS e ON true
            ORDER BY c.delivery_id
            """);
        claim.Parameters.Id(subscriptionId).Instant(now).Instant(now + lease).Bind(NpgsqlDbType.Bigint, (long)limit);
        batch.BatchCommands.Add(target);
        batch.BatchCommands.Add(claim);

        await using var reader = await batch.ExecuteReaderAsync(ct);
        string? url = null;
        var secrets = new List<byte[]>();
        while (await reader.ReadAsync(ct))
        {
            url = reader.GetString(0);
            secrets.Add(reader.Bytes(1));
        }

        var deliveries = new List<ClaimedDelivery>();
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            deliveries.Add(new ClaimedDelivery(
                reader.GetInt64(0),
                reader.GetInt32(1),
                reader.GetInt32(2),
                reader.GetGuid(3),
                reader.TextOrNull(4),
                reader.GetBoolean(5) ? EventReader.Read(reader, EventColumn) : null));
        }

        return url is null ? null : new ClaimedBatch(url, secrets, now + lease, deliveries);
    }
}
