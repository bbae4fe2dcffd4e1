using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>
/// Makes deliveries of events. The deliveries of a page and the cursor behind it are one statement that holds only if the
/// cursor still is where the page began: whoever is killed anywhere has either done a page or not begun it, and of two
/// processes with the same page one has it.
/// </summary>
/// <param name="database">The migrated database.</param>
/// <param name="log">The event log.</param>
/// <param name="time">The clock.</param>
public sealed class DeliveryFanOut(NpgsqlDataSource database, EventReader log, TimeProvider time)
{
    /// <summary>Events read at once.</summary>
    public const int Page = 500;

    /// <summary>A cursor that passes only events nobody wants is written once in so long.</summary>
    private static readonly TimeSpan Unhurried = TimeSpan.FromSeconds(1);

    /// <summary>Deliveries that a replay may have ahead of what happens now.</summary>
    private const int ReplayAhead = 500;

    private readonly ConcurrentDictionary<Guid, long> _written = new();

    /// <summary>Takes every subscription one page further.</summary>
    /// <param name="recent">
    /// The newest events behind a cursor from memory, at most <see cref="Page" />; null when they have to be read from the log.
    /// </param>
    /// <param name="ct">Stops between two pages.</param>
    /// <returns>Who has something to deliver now, and whether some have further to go.</returns>
    public async Task<FanOutRound> FollowAsync(Func<EventCursor, IReadOnlyList<LoggedEvent>?> recent, CancellationToken ct)
    {
        var enqueued = new List<Guid>();
        var hasMore = false;
        var readings = await ListAsync("r.replay = 0", ct);
        foreach (var together in readings.GroupBy(reading => reading.Cursor))
        {
            var events = recent(together.Key) ?? await ReadAsync([.. together], ct);
            if (events is not { Count: > 0 })
            {
                continue;
            }

            var due = together.Where(reading => events.Count == Page || events.Any(reading.Wants) || IsTime(reading)).ToList();
            enqueued.AddRange(await AdvanceAsync(due, events, events[^1].Cursor, isLast: false, ct));
            hasMore |= events.Count == Page;
        }

        return new FanOutRound(enqueued, hasMore);
    }

    /// <summary>Takes every replay one page further, unless what it enqueued before is not delivered yet.</summary>
    /// <param name="ct">Stops between two pages.</param>
    /// <returns>Who has something to deliver now, and whether some have further to go.</returns>
    public async Task<FanOutRound> ReplayAsync(CancellationToken ct)
    {
        var enqueued = new List<Guid>();
        var hasMore = false;
        foreach (var reading in await ListAsync("r.replay > 0", ct))
        {
            if (await WaitingAsync(reading, ct) >= ReplayAhead)
            {
                hasMore = true;
                continue;
            }

            var page = await log.ReadAsync(reading.Cursor, Page, ct);
            var events = page.Events.TakeWhile(logged => logged.Cursor <= reading.Until && !(logged.RecordedAt > reading.Recorded?.To + EventPlaces.Spread)).ToList();

            // A short page proves the end only when nothing is held back: a moment later there may be more of it.
            var isLast = events.Count < page.Events.Count || (events.Count < Page && !page.IsHeldBack);
            enqueued.AddRange(await AdvanceAsync([reading], events, events.Count > 0 ? events[^1].Cursor : reading.Cursor, isLast, ct));
            hasMore |= !isLast;
        }

        return new FanOutRound(enqueued, hasMore);
    }

    private async Task<IReadOnlyList<SubscriptionReading>> ListAsync(string which, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT {SubscriptionReading.Columns} FROM pbx.subscription_reading AS r JOIN pbx.subscription AS s ON s.subscription_id = r.subscription_id
            WHERE s.enabled AND r.finished_at IS NULL AND {which} ORDER BY r.subscription_id, r.replay
            """);
        return await command.ListAsync(SubscriptionReading.Read, ct);
    }

    /// <summary>Reads the log; null when it no longer reaches back, which is noted.</summary>
    private async Task<IReadOnlyList<LoggedEvent>?> ReadAsync(IReadOnlyList<SubscriptionReading> together, CancellationToken ct)
    {
        var cursor = together[0].Cursor;
        var goesOnAt = cursor > await log.LimitAsync(ct) ? await log.EndAsync(ct)
            : await log.HorizonAsync(ct) is var horizon && cursor < horizon ? horizon
            : cursor;
        if (goesOnAt == cursor)
        {
            return (await log.ReadAsync(cursor, Page, ct)).Events;
        }

        await using var command = database.CreateCommand("""
            UPDATE pbx.subscription_reading SET era = $5, tx = $6, position = $7, missed_from = $8, missed_until = $9, missed_at = $10
            WHERE subscription_id = ANY ($1) AND replay = 0 AND era = $2 AND tx = $3 AND position = $4
            """);
        Place(Place(command.Parameters.Bind(Ids, together.Select(reading => reading.SubscriptionId).ToArray()), cursor), goesOnAt)
            .Text(cursor.ToString()).Text(goesOnAt.ToString()).Instant(time.GetUtcNow());
        await command.ExecuteNonQueryAsync(ct);
        return null;
    }

    private const NpgsqlDbType Ids = NpgsqlDbType.Array | NpgsqlDbType.Uuid;

    /// <summary>Readings that stand at the same place pass a page together.</summary>
    private async Task<IReadOnlyList<Guid>> AdvanceAsync(List<SubscriptionReading> readings, IReadOnlyList<LoggedEvent> events, EventCursor to, bool isLast, CancellationToken ct)
    {
        if (readings.Count == 0)
        {
            return [];
        }

        var wanted = readings.SelectMany(reading => events.Where(reading.Wants).Select(logged => (reading.SubscriptionId, logged.Event))).ToList();
        await using var command = database.CreateCommand("""
            WITH mine AS (
                SELECT subscription_id, replay FROM pbx.subscription_reading
                WHERE subscription_id = ANY ($1) AND replay = $2 AND era = $3 AND tx = $4 AND position = $5 AND finished_at IS NULL
                FOR UPDATE SKIP LOCKED
            ), added AS (
                INSERT INTO pbx.delivery (subscription_id, replay, event_id, event_day, event_type, due_at, created_at)
                SELECT mine.subscription_id, mine.replay, wanted.event_id, wanted.event_day, wanted.event_type, $10, $10
                FROM unnest($6, $7, $8, $9) WITH ORDINALITY AS wanted (subscription_id, event_id, event_day, event_type, place)
                JOIN mine ON mine.subscription_id = wanted.subscription_id ORDER BY wanted.place
                ON CONFLICT DO NOTHING RETURNING subscription_id
            )
            UPDATE pbx.subscription_reading AS r SET era = $11, tx = $12, position = $13, finished_at = $14,
                enqueued = r.enqueued + (SELECT count(*) FROM added WHERE added.subscription_id = r.subscription_id)
            FROM mine WHERE r.subscription_id = mine.subscription_id AND r.replay = mine.replay
            RETURNING r.subscription_id
            """);
        var now = time.GetUtcNow();
        var at = command.Parameters.Bind(Ids, readings.Select(reading => reading.SubscriptionId).ToArray()).Bind(NpgsqlDbType.Integer, readings[0].Replay);
        at = Place(at, readings[0].Cursor)
            .Bind(Ids, wanted.Select(w => w.SubscriptionId).ToArray())
            .Bind(Ids, wanted.Select(w => w.Event.Id).ToArray())
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Date, wanted.Select(w => w.Event.Day).ToArray())
            .Texts(wanted.Select(w => w.Event.Type))
            .Instant(now);
        _ = Place(at, to).Instant(isLast ? now : null);
        var advanced = await command.ListAsync(row => row.GetGuid(0), ct);
        foreach (var id in advanced)
        {
            _written[id] = time.GetTimestamp();
        }

        return [.. advanced.Intersect(wanted.Select(w => w.SubscriptionId))];
    }

    private async Task<long> WaitingAsync(SubscriptionReading reading, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT count(*) FROM (
                SELECT FROM pbx.delivery WHERE subscription_id = $1 AND state = 'pending' AND due_at <= $2 LIMIT {ReplayAhead}) AS waiting
            """);
        command.Parameters.Id(reading.SubscriptionId).Instant(time.GetUtcNow());
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private bool IsTime(SubscriptionReading reading) =>
        !_written.TryGetValue(reading.SubscriptionId, out var written) || time.GetElapsedTime(written) >= Unhurried;

    private static NpgsqlParameterCollection Place(NpgsqlParameterCollection parameters, EventCursor cursor) => parameters
        .Bind(NpgsqlDbType.Integer, cursor.Era).Bind(NpgsqlDbType.Xid8, cursor.Transaction).Bind(NpgsqlDbType.Bigint, cursor.Position);
}

/// <summary>What a round of fan-out did.</summary>
/// <param name="Enqueued">Subscriptions that have something to deliver now.</param>
/// <param name="HasMore">Some have further to go.</param>
public sealed record FanOutRound(IReadOnlyList<Guid> Enqueued, bool HasMore);
