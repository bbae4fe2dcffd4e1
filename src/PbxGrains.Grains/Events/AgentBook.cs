using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Grains.Events;

/// <summary>Which extension belongs to which of the CRM's agents: a copy for all sites of this silo, a minute old at most.</summary>
/// <param name="agents">The agents.</param>
/// <param name="time">Says when the copy is old.</param>
/// <param name="logger">Says when there is no newer one.</param>
public sealed partial class AgentBook(AgentDirectory agents, TimeProvider time, ILogger<AgentBook> logger)
{
    /// <summary>Age at which the copy is read anew.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    private readonly Lock _guard = new();
    private Dictionary<(string Site, string Extension), string> _known = [];
    private DateTimeOffset _dueAt = DateTimeOffset.MinValue;
    private Task _reading = Task.CompletedTask;
    private bool _hasRead;

    /// <summary>The agent who has an extension; null when nobody has, or nobody knows yet.</summary>
    public string? AgentOf(SiteId site, string extension) => Volatile.Read(ref _known).GetValueOrDefault((site.Value, extension));

    /// <summary>Reads the agents anew when the copy is old. Only before the first copy is there anything to wait for.</summary>
    /// <param name="ct">Stops waiting.</param>
    public Task FreshenAsync(CancellationToken ct)
    {
        lock (_guard)
        {
            if (_reading.IsCompleted && time.GetUtcNow() >= _dueAt)
            {
                // On the pool's threads: the copy is everybody's, not this actor's.
                _dueAt = time.GetUtcNow() + AfterFailure;
                _reading = Task.Run(ReadAsync, CancellationToken.None);
            }

            return _hasRead ? Task.CompletedTask : _reading.WaitAsync(ct);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var known = new Dictionary<(string, string), string>();
            foreach (var agent in await agents.ListAsync(CancellationToken.None))
            {
                // Of two agents with one extension, the first by id: the same one at every reading.
                _ = known.TryAdd((agent.SiteId, agent.Extension), agent.AgentId);
            }

            lock (_guard)
            {
                Volatile.Write(ref _known, known);
                _hasRead = true;
                _dueAt = time.GetUtcNow() + Freshness;
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            Log.NotRead(logger, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(70, LogLevel.Warning, "The agents could not be read, events go on with those known before: {Why}")]
        public static partial void NotRead(ILogger logger, string why);
    }
}
