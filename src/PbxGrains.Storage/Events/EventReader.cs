using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Events;

/// <summary>Some events in their order, and how it goes on.</summary>
/// <param name="Events">The events.</param>
/// <param name="IsHeldBack">
/// True when there are events that cannot be passed over yet, because an older transaction is still open: ask again soon.
/// </param>
public sealed record EventPage(IReadOnlyList<LoggedEvent> Events, bool IsHeldBack);

/// <summary>
/// Reads the event log by cursor. An event is shown once every transaction of this database that began before the one that
/// wrote it has ended: whoever goes on from the last cursor gets every event exactly once, however the commits were interleaved.
/// </summary>
/// <param name="database">The migrated database.</param>
public sealed class EventReader(NpgsqlDataSource database)
{
    private const string Settled = "(e.era < log.era OR e.tx < log.oldest_open)";

    /// <summary>The columns of an event <c>e</c>, as <see cref="Read(NpgsqlDataReader, int)" /> wants them.</summary>
    internal const string Columns = """
        e.event_id, e.type, e.site_id, e.subject, e.occurred_at, e.call_id, e.agent_id, e.extensions, e.data, e.era, e.tx, e.position,
        e.call_sequence, e.recorded_at
        """;

    /// <summary>The events behind a cursor.</summary>
    /// <param name="after">Where the reader stands.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<EventPage> ReadAsync(EventCursor after, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);

        // Settled or not is read with the events, so that both come from one snapshot. The order settles the oldest first.
        await using var command = database.CreateCommand($"""
            WITH log AS MATERIALIZED (SELECT era, pbx.oldest_open_transaction() AS oldest_open FROM pbx.event_log)
            SELECT {Columns}, {Settled} FROM pbx.event AS e CROSS JOIN log
            WHERE (e.era, e.tx, e.position) > ($1, $2, $3)
            ORDER BY e.era, e.tx, e.position LIMIT {limit}
            """);
        command.Parameters.Bind(NpgsqlDbType.Integer, after.Era).Bind(NpgsqlDbType.Xid8, after.Transaction).Bind(NpgsqlDbType.Bigint, after.Position);
        var rows = await command.ListAsync(row => (Event: Read(row), IsSettled: row.GetBoolean(14)), ct);
        var settled = rows.TakeWhile(row => row.IsSettled).Select(row => row.Event).ToList();
        return new EventPage(settled, IsHeldBack: settled.Count < rows.Count);
    }

    /// <summary>A cursor before which everything is settled now: what is committed from now on comes after it.</summary>
    public async Task<EventCursor> EndAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT era, pbx.oldest_open_transaction() FROM pbx.event_log");
        return (await command.ListAsync(row => new EventCursor(row.GetInt32(0), row.GetFieldValue<ulong>(1), Position: 0), ct)).Single();
    }

    /// <summary>No event of this log is behind this cursor yet: who comes with one that is, has it from another log.</summary>
    public async Task<EventCursor> LimitAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT era, pg_snapshot_xmax(pg_current_snapshot()) FROM pbx.event_log");
        return (await command.ListAsync(row => new EventCursor(row.GetInt32(0), row.GetFieldValue<ulong>(1), Position: 0), ct)).Single();
    }

    /// <summary>
    /// The events of one call so far, in their order; also those that are not settled yet, since nobody goes on from here.
    /// </summary>
    /// <param name="siteId">The site.</param>
    /// <param name="callId">The PBX's name for the call.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<LoggedEvent>> OfCallAsync(string siteId, string callId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.event AS e WHERE e.call_id = $1 AND e.site_id = $2 ORDER BY e.call_sequence");
        command.Parameters.Text(Sql.Storable(callId)).Text(siteId);
        return await command.ListAsync(Read, ct);
    }

    /// <summary>
    /// The particulars of the last event of a type about each of some subjects of a site; also of one that is not settled
    /// yet. A subject of which the log knows none is missing.
    /// </summary>
    /// <param name="siteId">The site.</param>
    /// <param name="type"><c>pbx.extension.status</c> or <c>pbx.site.health</c>: for these there is an index.</param>
    /// <param name="subjects">The subjects.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyDictionary<string, string>> LastAsync(string siteId, string type, IEnumerable<string> subjects, CancellationToken ct)
    {
        // The type stands in the text, since an index of some types serves only whoever names them there.
        await using var command = database.CreateCommand($"""
            SELECT given.subject, last.data FROM unnest($2) AS given (subject) CROSS JOIN LATERAL (
                SELECT e.data FROM pbx.event AS e WHERE e.site_id = $1 AND e.subject = given.subject AND e.type = '{type.Replace("'", "''", StringComparison.Ordinal)}'
                ORDER BY e.era DESC, e.tx DESC, e.position DESC LIMIT 1) AS last
            """);
        command.Parameters.Text(siteId).Texts(subjects.Distinct(StringComparer.Ordinal));
        var rows = await command.ListAsync(row => (Subject: row.GetString(0), Data: row.GetString(1)), ct);
        return rows.ToDictionary(row => row.Subject, row => row.Data, StringComparer.Ordinal);
    }

    /// <summary>
    /// The place up to which retention has removed events: a reader whose cursor is before it has missed some.
    /// </summary>
    public async Task<EventCursor> HorizonAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT dropped_era, dropped_tx, dropped_position FROM pbx.event_log");
        return (await command.ListAsync(row => new EventCursor(row.GetInt32(0), row.GetFieldValue<ulong>(1), row.GetInt64(2)), ct)).Single();
    }

    /// <summary>Reads an event whose columns begin at a place.</summary>
    internal static LoggedEvent Read(NpgsqlDataReader row, int first) => new(
        new EventRow
        {
            Id = row.GetGuid(first),
            Type = row.GetString(first + 1),
            SiteId = row.GetString(first + 2),
            Subject = row.GetString(first + 3),
            OccurredAt = row.Instant(first + 4),
            CallId = row.TextOrNull(first + 5),
            AgentId = row.TextOrNull(first + 6),
            Extensions = row.GetFieldValue<string[]>(first + 7),
            Data = row.GetString(first + 8),
        },
        new EventCursor(row.GetInt32(first + 9), row.GetFieldValue<ulong>(first + 10), row.GetInt64(first + 11)),
        row.IsDBNull(first + 12) ? null : row.GetInt32(first + 12),
        row.Instant(first + 13));

    private static LoggedEvent Read(NpgsqlDataReader row) => Read(row, first: 0);
}
