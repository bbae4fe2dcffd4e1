using Npgsql;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>Follows the event log for all readers of this process: one connection that listens, one that reads.</summary>
internal sealed partial class EventTail(EventReader log, EventListener listener, EventRing ring, TimeProvider time, ILogger<EventTail> logger) : BackgroundService
{
    private const int Page = 500;

    /// <summary>Asked at least so often: a notification may be lost with its connection.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>Asked again so soon while an older transaction holds events back, which nothing notifies of.</summary>
    private static readonly TimeSpan HeldBackFirst = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan HeldBackLast = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _news = new(0, 1);

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(listener.ListenAsync(Wake, stoppingToken), FollowAsync(stoppingToken));
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        var failures = 0;
        var heldBack = HeldBackFirst;
        while (true)
        {
            try
            {
                if (!ring.HasStarted)
                {
                    ring.Start(await log.EndAsync(ct));
                }

                var page = await log.ReadAsync(ring.End, Page, ct);
                failures = 0;
                if (page.Events.Count > 0)
                {
                    ring.Add([.. page.Events.Select(StreamedEvent.Of)]);
                    heldBack = HeldBackFirst;
                    if (page.Events.Count == Page)
                    {
                        continue;
                    }
                }

                await WaitAsync(page.IsHeldBack ? heldBack : Idle, ct);
                heldBack = page.IsHeldBack ? Shorter(heldBack * 2, HeldBackLast) : HeldBackFirst;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                if (failures++ == 0)
                {
                    Log.NotRead(logger, e.Message);
                }

                await Task.Delay(AfterFailure, time, ct);
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void Wake()
    {
        if (_news.CurrentCount == 0)
        {
            try
            {
                _ = _news.Release();
            }
            catch (SemaphoreFullException)
            {
                // Woken by somebody else at the same moment.
            }
        }
    }

    private async Task WaitAsync(TimeSpan limit, CancellationToken ct) => _ = await _news.WaitAsync(limit, ct);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The event log cannot be read; trying again every second: {Why}")]
        public static partial void NotRead(ILogger logger, string why);
    }
}
