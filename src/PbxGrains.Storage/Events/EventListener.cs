using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Notifications;

namespace PbxGrains.Storage.Events;

/// <summary>Hears within moments of a commit that there are new events.</summary>
/// <param name="database">The migrated database; one connection is kept out of its pool while listening.</param>
/// <param name="time">Clock of the pauses between attempts to reconnect.</param>
/// <param name="logger">Says when the connection is lost and found.</param>
public sealed class EventListener(NpgsqlDataSource database, TimeProvider time, ILogger<EventListener> logger)
{
    private readonly DatabaseChannel _channel = new(database, "pbx_event", time, logger);

    /// <summary>Calls back after every commit that appended events, and whenever some may have been missed. Ends only by cancellation.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task ListenAsync(Action changed, CancellationToken ct)
    {
        await foreach (var _ in _channel.ListenAsync(ct))
        {
            changed();
        }
    }
}
