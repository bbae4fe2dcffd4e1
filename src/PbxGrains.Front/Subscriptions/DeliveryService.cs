using Npgsql;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>
/// Looks for what is due: retries, what another front enqueued, and what one left behind that was killed. What this front
/// enqueues itself wakes its lane without waiting for this.
/// </summary>
internal sealed partial class DeliveryService(DeliveryClaims claims, DeliveryLanes lanes, TimeProvider time, ILogger<DeliveryService> logger) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await lanes.StopAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Longest;
            try
            {
                pause = await WakeAsync(stoppingToken);
                failures = 0;
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                if (failures++ == 0)
                {
                    Log.NotRead(logger, error.Message);
                }
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    /// <summary>Wakes the lanes that have something to do.</summary>
    /// <returns>How long nothing else is due, within bounds.</returns>
    private async Task<TimeSpan> WakeAsync(CancellationToken ct)
    {
        var pause = Longest;
        var due = await claims.DueAsync(ct);
        var now = time.GetUtcNow();
        WebhookMeter.Overdue(due.Select(next => now - next.DueAt).DefaultIfEmpty(TimeSpan.Zero).Max());
        foreach (var (subscription, at) in due)
        {
            if (at <= now)
            {
                lanes.Wake(subscription);
            }
            else if (at - now < pause)
            {
                pause = at - now;
            }
        }

        return pause < Shortest ? Shortest : pause;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Deliveries that are due cannot be looked for; trying again every second: {Why}")]
        public static partial void NotRead(ILogger logger, string why);
    }
}
