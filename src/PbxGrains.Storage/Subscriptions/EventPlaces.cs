using Npgsql;
using NpgsqlTypes;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>Finds places in the event log by time.</summary>
internal static class EventPlaces
{
    /// <summary>Events are in the order of their transactions, not of their times: so far may the two differ.</summary>
    public static readonly TimeSpan Spread = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A place before every event that was recorded from an instant on. Looks backwards from the end, and so at no more
    /// events than are read from there.
    /// </summary>
    public static async Task<EventCursor> BeforeAsync(NpgsqlDataSource database, DateTimeOffset recordedAt, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT era, tx, position FROM pbx.event WHERE recorded_at < $1 ORDER BY era DESC, tx DESC, position DESC LIMIT 1
            """);
        command.Parameters.Bind(NpgsqlDbType.TimestampTz, recordedAt - Spread);
        var found = await command.ListAsync(row => new EventCursor(row.GetInt32(0), row.GetFieldValue<ulong>(1), row.GetInt64(2)), ct);
        return found.Count > 0 ? found[0] : EventCursor.Beginning;
    }
}
