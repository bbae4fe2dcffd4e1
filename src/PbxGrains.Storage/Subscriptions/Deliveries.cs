using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>Why a delivery cannot be sent again.</summary>
public enum ResendOutcome
{
    /// <summary>It will be sent at once.</summary>
    Enqueued,

    /// <summary>There is no such delivery.</summary>
    Unknown,

    /// <summary>The event log no longer has its event.</summary>
    EventGone,
}

/// <summary>What waits to be delivered.</summary>
/// <param name="Waiting">Deliveries that are neither delivered nor given up, of subscriptions that are switched on.</param>
/// <param name="OldestAt">When the oldest of them was enqueued, UTC; null when none waits.</param>
public sealed record DeliveryBacklog(long Waiting, DateTimeOffset? OldestAt);

/// <summary>The log of deliveries, and what people do with it.</summary>
/// <param name="database">The migrated database.</param>
public sealed class Deliveries(NpgsqlDataSource database)
{
    private const string Columns = """
        d.delivery_id, d.subscription_id, d.replay, d.event_id, d.event_type, d.event_day IS NULL, d.state, d.tries, d.due_at, d.leased_until,
        d.attempts, d.created_at, d.finished_at
        """;

    /// <summary>Deliveries of a subscription, newest first.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="state">Only those that stand so; null for all.</param>
    /// <param name="before">Only those with a smaller number: the last one of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<DeliveryRow>> ListAsync(Guid subscriptionId, DeliveryState? state, long? before, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns} FROM pbx.delivery AS d
            WHERE d.subscription_id = $1 AND d.delivery_id < $2 AND ($3 IS NULL OR d.state = $3)
            ORDER BY d.delivery_id DESC LIMIT {limit}
            """);
        command.Parameters.Id(subscriptionId).Bind(NpgsqlDbType.Bigint, before ?? long.MaxValue).Text(state?.ToString().ToLowerInvariant());
        return await command.ListAsync(Read, ct);
    }

    /// <summary>What waits to be delivered to all who are switched on.</summary>
    public async Task<DeliveryBacklog> BacklogAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT count(*), min(d.created_at) FROM pbx.delivery AS d JOIN pbx.subscription AS s ON s.subscription_id = d.subscription_id AND s.enabled
            WHERE d.state = 'pending'
            """);
        return (await command.ListAsync(row => new DeliveryBacklog(row.GetInt64(0), row.InstantOrNull(1)), ct))[0];
    }

    /// <summary>One delivery; null when there is none.</summary>
    public async Task<DeliveryRow?> FindAsync(Guid subscriptionId, long deliveryId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.delivery AS d WHERE d.subscription_id = $1 AND d.delivery_id = $2");
        command.Parameters.Id(subscriptionId).Bind(NpgsqlDbType.Bigint, deliveryId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>Sends a delivery again, whatever became of it, with all its retries; one that waits is sent now.</summary>
    /// <returns>Whether it will be. One that is being sent at this moment is left to whoever sends it.</returns>
    public async Task<ResendOutcome> ResendAsync(Guid subscriptionId, long deliveryId, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            WITH asked AS MATERIALIZED (
                SELECT d.delivery_id, d.event_day IS NULL OR EXISTS (SELECT FROM pbx.event AS e WHERE e.day = d.event_day AND e.event_id = d.event_id) AS is_kept
                FROM pbx.delivery AS d WHERE d.subscription_id = $1 AND d.delivery_id = $2
            ), resent AS (
                UPDATE pbx.delivery AS d SET state = 'pending', tries = 0, due_at = $3, leased_until = NULL, finished_at = NULL
                FROM asked WHERE d.delivery_id = asked.delivery_id AND asked.is_kept AND (d.leased_until IS NULL OR d.leased_until <= $3)
            )
            SELECT is_kept FROM asked
            """);
        command.Parameters.Id(subscriptionId).Bind(NpgsqlDbType.Bigint, deliveryId).Instant(now);
        return await command.ExecuteScalarAsync(ct) switch
        {
            true => ResendOutcome.Enqueued,
            false => ResendOutcome.EventGone,
            _ => ResendOutcome.Unknown,
        };
    }

    /// <summary>Enqueues a message that is not in the event log; it is tried once.</summary>
    /// <param name="subscriptionId">For whom.</param>
    /// <param name="eventId">Its name.</param>
    /// <param name="type">What kind of event.</param>
    /// <param name="body">The whole message.</param>
    /// <param name="now">The time.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    public async Task<DeliveryRow> AddTestAsync(Guid subscriptionId, Guid eventId, string type, string body, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            INSERT INTO pbx.delivery AS d (subscription_id, replay, event_id, event_type, body, due_at, created_at) VALUES ($1, 0, $2, $3, $4, $5, $5)
            RETURNING {Columns}
            """);
        command.Parameters.Id(subscriptionId).Id(eventId).Text(type).Text(body).Instant(now);
        return (await command.FirstOrNullAsync(Read, ct))!;
    }

    private static DeliveryRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetGuid(1),
        row.GetInt32(2),
        row.GetGuid(3),
        row.GetString(4),
        row.GetBoolean(5),
        Enum.Parse<DeliveryState>(row.GetString(6), ignoreCase: true),
        row.GetInt32(7),
        row.Instant(8),
        row.InstantOrNull(9),
        JsonSerializer.Deserialize(row.GetString(10), DeliveryJson.Default.IReadOnlyListDeliveryAttempt) ?? [],
        row.Instant(11),
        row.InstantOrNull(12));
}
