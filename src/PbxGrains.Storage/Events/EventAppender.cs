using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Events;

/// <summary>Appends events within somebody's transaction, so that they are there exactly when the change they tell of is.</summary>
internal static class EventAppender
{
    private const char Separator = '\x1f';

    /// <summary>Appends events in their order; of one that is there already nothing changes.</summary>
    /// <param name="connection">A connection in a transaction.</param>
    /// <param name="events">The events.</param>
    /// <param name="now">When, for <see cref="LoggedEvent.RecordedAt" />.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>How many are new.</returns>
    public static async Task<int> AppendAsync(NpgsqlConnection connection, IReadOnlyList<EventRow> events, DateTimeOffset now, CancellationToken ct)
    {
        if (events.Count == 0)
        {
            return 0;
        }

        await using var command = new NpgsqlCommand("SELECT pbx.append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", connection);
        command.Parameters
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Uuid, events.Select(e => e.Id).ToArray())
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Date, events.Select(e => e.Day).ToArray())
            .Texts(events.Select(e => e.Type))
            .Texts(events.Select(e => e.SiteId))
            .Texts(events.Select(e => Sql.Storable(e.Subject)))
            .Texts(events.Select(e => e.CallId is { } call ? Sql.Storable(call) : null))
            .Texts(events.Select(e => e.AgentId is { } agent ? Sql.Storable(agent) : null))
            .Texts(events.Select(e => Sql.Storable(string.Join(Separator, e.Extensions))))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, events.Select(e => e.OccurredAt.UtcDateTime).ToArray())
            .Instant(now)
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Jsonb, events.Select(e => Sql.StorableJson(e.Data)).ToArray());
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }
}
