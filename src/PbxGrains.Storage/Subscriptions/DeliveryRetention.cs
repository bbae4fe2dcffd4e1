using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>Clears old deliveries away, and those whose subscription is gone. Any number of processes may do it at the same time.</summary>
/// <param name="database">The migrated database.</param>
public sealed class DeliveryRetention(NpgsqlDataSource database)
{
    private const int Page = 5000;

    /// <summary>Replays that are over are remembered as long as this, in days.</summary>
    private const int ReplayDays = 30;

    /// <summary>Clears away, page by page.</summary>
    /// <param name="now">The time.</param>
    /// <param name="keepDelivered">How long delivered ones are kept.</param>
    /// <param name="keepFailed">How long all others are kept, by when they were enqueued.</param>
    /// <param name="ct">Stops between two pages.</param>
    /// <returns>How many went.</returns>
    public async Task<long> ApplyAsync(DateTimeOffset now, TimeSpan keepDelivered, TimeSpan keepFailed, CancellationToken ct)
    {
        var (removed, last) = (0L, 0L);
        while (await PageAsync(last, now - keepDelivered, now - keepFailed, ct) is { } page)
        {
            removed += page.Removed;
            last = page.Last;
        }

        await using var replays = database.CreateCommand("DELETE FROM pbx.subscription_reading WHERE finished_at < $1");
        replays.Parameters.Instant(now.AddDays(-ReplayDays));
        await replays.ExecuteNonQueryAsync(ct);
        return removed;
    }

    private async Task<Cleared?> PageAsync(long after, DateTimeOffset deliveredBefore, DateTimeOffset failedBefore, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            WITH page AS MATERIALIZED (
                SELECT d.delivery_id, d.state, d.finished_at, d.created_at, s.subscription_id IS NULL AS is_orphan
                FROM pbx.delivery AS d LEFT JOIN pbx.subscription AS s ON s.subscription_id = d.subscription_id
                WHERE d.delivery_id > $1 ORDER BY d.delivery_id LIMIT {Page}
            ), removed AS (
                DELETE FROM pbx.delivery WHERE delivery_id = ANY (ARRAY (
                    SELECT delivery_id FROM page WHERE is_orphan OR (state = 'delivered' AND finished_at < $2) OR (state <> 'delivered' AND created_at < $3)))
                RETURNING 1
            )
            SELECT max(delivery_id), (SELECT count(*) FROM removed) FROM page HAVING count(*) > 0
            """);
        command.Parameters.Bind(NpgsqlDbType.Bigint, after).Instant(deliveredBefore).Instant(failedBefore);
        return await command.FirstOrNullAsync(row => new Cleared(row.GetInt64(0), row.GetInt64(1)), ct);
    }

    private sealed record Cleared(long Last, long Removed);
}
