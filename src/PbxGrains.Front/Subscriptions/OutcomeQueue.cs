using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>
/// Writes down what became of deliveries, as many at once as have come together. Nobody waits for it: what is lost with the
/// process is delivered again when its lease runs out.
/// </summary>
internal sealed partial class OutcomeQueue(DeliveryOutcomes outcomes, IOptions<SubscriptionSettings> settings, TimeProvider time, ILogger<OutcomeQueue> logger) : BackgroundService
{
    private const int Most = 500;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<DeliveryOutcome> _waiting = Channel.CreateUnbounded<DeliveryOutcome>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Adds an outcome. There are never more than were claimed.</summary>
    public void Add(DeliveryOutcome outcome) => _ = _waiting.Writer.TryWrite(outcome);

    /// <summary>Writes the rest: the workers have ended before.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _ = _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await Task.WhenAny(writing, Task.Delay(System.Threading.Timeout.Infinite, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<DeliveryOutcome>(Most);
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < Most && _waiting.Reader.TryRead(out var outcome))
            {
                batch.Add(outcome);
            }

            await WriteAsync(batch, stoppingToken);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<DeliveryOutcome> batch, CancellationToken ct)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                foreach (var id in await outcomes.WriteAsync(batch, time.GetUtcNow(), settings.Value.DisableAfter, ct))
                {
                    Log.SwitchedOff(logger, id);
                }

                return;
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                // Written again as often as it takes: writing it twice changes nothing.
                if (failures == 0)
                {
                    Log.NotWritten(logger, batch.Count, error.Message);
                }

                await Task.Delay(AfterFailure, time, ct);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Subscription {SubscriptionId} is switched off because of its target")]
        public static partial void SwitchedOff(ILogger logger, Guid subscriptionId);

        [LoggerMessage(2, LogLevel.Warning, "What became of {Count} deliveries cannot be written down; trying again every second: {Why}")]
        public static partial void NotWritten(ILogger logger, int count, string why);
    }
}
