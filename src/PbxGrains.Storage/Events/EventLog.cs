using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Commits;

namespace PbxGrains.Storage.Events;

/// <summary>
/// Appends to the event log. An append is answered after COMMIT; whoever waits at the same time shares one. What is
/// appended by one sender after another keeps its order.
/// </summary>
public sealed class EventLog : IAsyncDisposable
{
    private readonly GroupCommit<IReadOnlyList<EventRow>, int> _commits;

    /// <summary>Starts it; dispose it to stop it.</summary>
    /// <param name="database">The migrated database.</param>
    /// <param name="time">Dates the events and limits the waiting.</param>
    /// <param name="logger">Says when the database is lost.</param>
    /// <param name="options">Limits; null for the defaults, with one writer so that order is kept.</param>
    public EventLog(NpgsqlDataSource database, TimeProvider time, ILogger<EventLog> logger, GroupCommitOptions? options = null)
    {
        _commits = new GroupCommit<IReadOnlyList<EventRow>, int>(new EventWriter(database, time, logger), time, options ?? new GroupCommitOptions { Writers = 1 });
        EventMeter.Watch(this, () => _commits.Depth);
    }

    /// <summary>Appends events, all or none, in their order. Appending the same again changes nothing.</summary>
    /// <param name="events">The events, at most a few hundred; empty does nothing.</param>
    /// <param name="ct">Stops waiting. The commit goes on, since others share it.</param>
    /// <exception cref="EventLogUnavailableException">The queue is full or the database lost; whether they were appended is unknown. Append them again.</exception>
    /// <exception cref="EventsRejectedException">The database will not take them.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; whether they were appended is unknown.</exception>
    public async Task AppendAsync(IReadOnlyList<EventRow> events, CancellationToken ct)
    {
        if (events.Count > 0)
        {
            _ = await _commits.WriteAsync(events, ct);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        EventMeter.Forget(this);
        return _commits.DisposeAsync();
    }
}

/// <summary>The event log cannot promise to have kept the events. It may have: append them again, which does no harm.</summary>
public sealed class EventLogUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The database refuses these very events, and will again.</summary>
public sealed class EventsRejectedException(Exception cause) : Exception("The event log refuses the events.", cause);
