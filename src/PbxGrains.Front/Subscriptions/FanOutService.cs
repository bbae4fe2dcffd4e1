using Npgsql;
using PbxGrains.Front.Events;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Makes deliveries as soon as there are events, and those of replays beside it.</summary>
internal sealed partial class FanOutService(DeliveryFanOut fanOut, EventRing ring, DeliveryLanes lanes, TimeProvider time, ILogger<FanOutService> logger) : BackgroundService
{
    /// <summary>Looked at so often though nothing was heard: another front may have died in the middle.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>A replay that waits for its own deliveries looks again after this.</summary>
    private static readonly TimeSpan ReplayPause = TimeSpan.FromMilliseconds(50);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FollowAsync(stoppingToken), ReplayAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            // Asked before the round: what comes during it is not slept over.
            var next = ring.Find(ring.End);
            if (!await TryAsync(token => fanOut.FollowAsync(Recent, token), ct))
            {
                await WaitAsync(next, ct);
            }
        }
    }

    private async Task ReplayAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(await TryAsync(fanOut.ReplayAsync, ct) ? ReplayPause : Idle, time, ct);
        }
    }

    /// <summary>Does a round; true when the next is wanted soon.</summary>
    private async Task<bool> TryAsync(Func<CancellationToken, Task<FanOutRound>> round, CancellationToken ct)
    {
        try
        {
            var done = await round(ct);
            foreach (var subscription in done.Enqueued)
            {
                lanes.Wake(subscription);
            }

            return done.HasMore;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            Log.Failed(logger, error.Message);
            await Task.Delay(Idle, time, ct);
            return false;
        }
    }

    private IReadOnlyList<LoggedEvent>? Recent(EventCursor after) =>
        ring.Find(after) is { } from && ring.Read(from, DeliveryFanOut.Page) is { } events ? [.. events.Select(streamed => streamed.Logged).Where(logged => logged.Cursor > after)] : null;

    private async Task WaitAsync(long? next, CancellationToken ct)
    {
        try
        {
            await ring.WhenAnyFrom(next ?? 0).WaitAsync(Idle, time, ct);
        }
        catch (TimeoutException)
        {
            // Nothing was heard.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Events cannot be turned into deliveries now; trying again: {Why}")]
        public static partial void Failed(ILogger logger, string why);
    }
}
