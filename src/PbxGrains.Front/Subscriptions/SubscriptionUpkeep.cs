using Microsoft.Extensions.Options;
using Npgsql;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Clears old deliveries away, in every front: twice changes nothing.</summary>
internal sealed partial class SubscriptionUpkeep(DeliveryRetention retention, IOptions<SubscriptionSettings> settings, TimeProvider time, ILogger<SubscriptionUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _ = await retention.ApplyAsync(time.GetUtcNow(), settings.Value.KeepDelivered, settings.Value.KeepFailed, stoppingToken);
            }
            catch (NpgsqlException error)
            {
                Log.Failed(logger, error.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Upkeep of deliveries failed and will be tried again: {Why}")]
        public static partial void Failed(ILogger logger, string why);
    }
}
