using Npgsql;
using NpgsqlTypes;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>Events that are delivered once more because somebody asked for it.</summary>
/// <param name="Replay">Its number, from 1 for each subscription.</param>
/// <param name="Cursor">How far it has come.</param>
/// <param name="Until">Where it ends.</param>
/// <param name="Recorded">When its events were recorded; null when it was asked for by cursor.</param>
/// <param name="Enqueued">Deliveries made so far.</param>
/// <param name="Missed">What was asked for and the log no longer has; null when nothing.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="FinishedAt">When the last of its deliveries was enqueued; null while there is more to come.</param>
public sealed record ReplayRow(int Replay, EventCursor Cursor, EventCursor Until, TimeRange? Recorded, long Enqueued, MissedEvents? Missed, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>Replays of subscriptions. They are done by <see cref="DeliveryFanOut" />, page by page, by whichever process is there.</summary>
/// <param name="database">The migrated database.</param>
/// <param name="log">The event log.</param>
public sealed class Replays(NpgsqlDataSource database, EventReader log)
{
    /// <summary>Replays that are shown.</summary>
    private const int Shown = 20;

    private const string Columns = """
        replay, era, tx, position, until_era, until_tx, until_position, from_at, to_at, enqueued, missed_from, missed_until, missed_at, created_at, finished_at
        """;

    /// <summary>Asks for the events that were recorded within a span of time.</summary>
    /// <returns>Null when there is no such subscription.</returns>
    public async Task<ReplayRow?> AddAsync(Guid subscriptionId, TimeRange recorded, DateTimeOffset now, CancellationToken ct)
    {
        var start = await EventPlaces.BeforeAsync(database, recorded.From, ct);
        return await AddAsync(subscriptionId, start, await log.EndAsync(ct), recorded, wantsAll: true, now, ct);
    }

    /// <summary>Asks for the events between two cursors.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="after">They are behind this one.</param>
    /// <param name="until">The last one is before this one, or at it; null for all until now.</param>
    /// <param name="now">The time.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>Null when there is no such subscription.</returns>
    public async Task<ReplayRow?> AddAsync(Guid subscriptionId, EventCursor after, EventCursor? until, DateTimeOffset now, CancellationToken ct)
    {
        var end = await log.EndAsync(ct);
        return await AddAsync(subscriptionId, after, until < end ? until.Value : end, recorded: null, wantsAll: after != EventCursor.Beginning, now, ct);
    }

    /// <summary>The last replays of a subscription, newest first.</summary>
    public async Task<IReadOnlyList<ReplayRow>> ListAsync(Guid subscriptionId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns} FROM pbx.subscription_reading WHERE subscription_id = $1 AND replay > 0 ORDER BY replay DESC LIMIT {Shown}
            """);
        command.Parameters.Id(subscriptionId);
        return await command.ListAsync(Read, ct);
    }

    private async Task<ReplayRow?> AddAsync(Guid subscriptionId, EventCursor after, EventCursor until, TimeRange? recorded, bool wantsAll, DateTimeOffset now, CancellationToken ct)
    {
        // From the beginning means: everything the log still has. Whoever names a place or a time may have wanted more.
        var horizon = await log.HorizonAsync(ct);
        var missed = wantsAll && after < horizon;
        var start = after < horizon ? horizon : after;

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // Replays asked for at the same time take turns, for the sake of their numbers; the lock is that of nobody's delivery.
        await using var turn = new NpgsqlCommand("SELECT 1 FROM pbx.subscription WHERE subscription_id = $1 FOR NO KEY UPDATE", connection);
        turn.Parameters.Id(subscriptionId);
        if (await turn.ExecuteScalarAsync(ct) is null)
        {
            return null;
        }

        await using var add = new NpgsqlCommand($"""
            INSERT INTO pbx.subscription_reading (
                subscription_id, replay, era, tx, position, until_era, until_tx, until_position, from_at, to_at, missed_from, missed_until, missed_at, created_at)
            SELECT $1, 1 + coalesce(max(replay), 0), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM pbx.subscription_reading WHERE subscription_id = $1
            RETURNING {Columns}
            """, connection);
        add.Parameters.Id(subscriptionId)
            .Bind(NpgsqlDbType.Integer, start.Era).Bind(NpgsqlDbType.Xid8, start.Transaction).Bind(NpgsqlDbType.Bigint, start.Position)
            .Bind(NpgsqlDbType.Integer, until.Era).Bind(NpgsqlDbType.Xid8, until.Transaction).Bind(NpgsqlDbType.Bigint, until.Position)
            .Instant(recorded?.From).Instant(recorded?.To)
            .Text(missed ? after.ToString() : null).Text(missed ? start.ToString() : null).Instant(missed ? now : null)
            .Instant(now);
        var added = await add.FirstOrNullAsync(Read, ct);
        await transaction.CommitAsync(ct);
        return added;
    }

    private static ReplayRow Read(NpgsqlDataReader row) => new(
        row.GetInt32(0),
        new EventCursor(row.GetInt32(1), row.GetFieldValue<ulong>(2), row.GetInt64(3)),
        new EventCursor(row.GetInt32(4), row.GetFieldValue<ulong>(5), row.GetInt64(6)),
        row.IsDBNull(7) ? null : new TimeRange(row.Instant(7), row.Instant(8)),
        row.GetInt64(9),
        row.IsDBNull(10) ? null : new MissedEvents(row.GetString(10), row.GetString(11), row.Instant(12)),
        row.Instant(13),
        row.InstantOrNull(14));
}
