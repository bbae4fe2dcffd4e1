using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Notifications;

namespace PbxGrains.Storage.Sites;

/// <summary>Hears of changed sites within moments of the commit, whoever made the change.</summary>
/// <param name="database">The migrated database; one connection is kept out of its pool while listening.</param>
/// <param name="time">Clock of the pauses between attempts to reconnect.</param>
/// <param name="logger">Says when the connection is lost and found.</param>
public sealed class SiteChangeListener(NpgsqlDataSource database, TimeProvider time, ILogger<SiteChangeListener> logger)
{
    private readonly DatabaseChannel _channel = new(database, "pbx_site", time, logger);

    /// <summary>
    /// Yields the id of every site that was added, changed or removed, as the database tells; null when the whole table was
    /// emptied, and whenever the listening connection was established, at first and again after a loss: anything may have
    /// changed meanwhile, so compare everything. Ends only by cancellation.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IAsyncEnumerable<string?> ListenAsync(CancellationToken ct) => _channel.ListenAsync(ct);
}
