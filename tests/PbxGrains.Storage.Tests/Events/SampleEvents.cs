using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Storage.Commits;
using PbxGrains.Storage.Events;
using PbxGrains.Testing;

namespace PbxGrains.Storage.Tests.Events;

internal static class SampleEvents
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static EventLog NewLog(NpgsqlDataSource database, TimeProvider? time = null, GroupCommitOptions? options = null) =>
        new(database, time ?? TimeProvider.System, NullLogger<EventLog>.Instance, options);

    public static EventRow Ringing(string site, string? call = "1.1", string subject = "1001", DateTimeOffset? at = null) => new()
    {
        Id = Guid.CreateVersion7(at ?? Now),
        Type = "pbx.call.ringing",
        SiteId = site,
        Subject = subject,
        OccurredAt = at ?? Now,
        CallId = call,
        AgentId = "jana",
        Extensions = ["1001", "1002"],
        Data = """{"direction": "inbound"}""",
    };

    /// <summary>Reads what is settled, page by page.</summary>
    public static async Task<List<LoggedEvent>> ReadSettledAsync(this EventReader reader, EventCursor after, int page, CancellationToken ct)
    {
        var events = new List<LoggedEvent>();
        while (true)
        {
            var read = (await reader.ReadAsync(after, page, ct)).Events;
            if (read.Count == 0)
            {
                return events;
            }

            events.AddRange(read);
            after = read[^1].Cursor;
        }
    }

    /// <summary>Reads everything, waiting for transactions still open anywhere on the server.</summary>
    public static async Task<List<LoggedEvent>> ReadAllAsync(this EventReader reader, EventCursor after, CancellationToken ct)
    {
        var events = new List<LoggedEvent>();
        await Eventually.Holds(
            async () =>
            {
                events.AddRange(await reader.ReadSettledAsync(after, page: 100, ct));
                after = events.Count > 0 ? events[^1].Cursor : after;
                return !(await reader.ReadAsync(after, 1, ct)).IsHeldBack;
            },
            "older transactions to end");
        events.AddRange(await reader.ReadSettledAsync(after, page: 100, ct));
        return events;
    }
}
