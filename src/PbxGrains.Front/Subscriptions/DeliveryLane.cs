using Npgsql;
using PbxGrains.Grains.Secrets;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>
/// The workers of one target. There are as many as there is work, up to a limit; a target that does not answer holds its
/// own and nobody else's. Deliveries are claimed in batches that a quick target makes large and a slow one small, so that
/// none waits here until its lease has run out.
/// </summary>
internal sealed partial class DeliveryLane(
    Guid subscriptionId,
    DeliveryClaims claims,
    DeliverySender sender,
    OutcomeQueue outcomes,
    WorkerSlots slots,
    ISecretProtector protector,
    SubscriptionSettings settings,
    TimeProvider time,
    ILogger logger)
{
    private const int LargestBatch = 256;
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Queue<Ready> _ready = new();
    private readonly HashSet<Task> _running = [];
    private int _workers;
    private int _size = settings.Concurrency;
    private long _claimedAt;
    private bool _mayHaveMore;
    private Task? _claiming;

    /// <summary>Says that something is due.</summary>
    /// <param name="ct">Ends the work that this begins.</param>
    public void Wake(CancellationToken ct)
    {
        lock (_gate)
        {
            _mayHaveMore = true;
            Begin(ct);
        }
    }

    /// <summary>Ends when nobody works any more.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_running);
        }
    }

    /// <summary>Adds a worker, if there may be one. The first needs no slot: however many targets hang, each has one.</summary>
    private void Begin(CancellationToken ct)
    {
        if (ct.IsCancellationRequested || _workers >= settings.Concurrency)
        {
            return;
        }

        var needsSlot = _workers > 0;
        if (needsSlot && !slots.TryTake())
        {
            return;
        }

        _workers++;
        var work = Task.Run(() => WorkAsync(needsSlot, ct), CancellationToken.None);
        _ = _running.Add(work);
        _ = work.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Forget(Task work)
    {
        lock (_gate)
        {
            _ = _running.Remove(work);
        }
    }

    private async Task WorkAsync(bool hasSlot, CancellationToken ct)
    {
        try
        {
            while (await NextAsync(ct) is { } next)
            {
                var outcome = MayStillBeSent(next)
                    ? await sender.SendAsync(next.Target, next.Delivery, ct)
                    : new DeliveryOutcome(subscriptionId, next.Delivery, DeliveryState.Pending, time.GetUtcNow(), Attempt: null);
                WebhookMeter.Tried(outcome, time.GetUtcNow());
                outcomes.Add(outcome);
            }
        }
        catch (Exception error)
        {
            // A mistake of ours must not end the lane: what was claimed comes back when its lease runs out.
            Log.Broken(logger, subscriptionId, error);
            lock (_gate)
            {
                _workers--;
            }
        }
        finally
        {
            if (hasSlot)
            {
                slots.Release();
            }
        }
    }

    /// <summary>The next delivery; null when there is none, and then this worker no longer counts.</summary>
    private async Task<Ready?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            Task claiming;
            lock (_gate)
            {
                if (!ct.IsCancellationRequested && _ready.TryDequeue(out var next))
                {
                    if (_ready.Count > 0)
                    {
                        Begin(ct);
                    }

                    return next;
                }

                if (ct.IsCancellationRequested || (!_mayHaveMore && _claiming is null))
                {
                    GiveBack();
                    _workers--;
                    return null;
                }

                claiming = _claiming ??= ClaimAsync(ct);
            }

            await claiming;
        }
    }

    /// <summary>The front stops: others need not wait for the leases.</summary>
    private void GiveBack()
    {
        while (_ready.TryDequeue(out var left))
        {
            outcomes.Add(new DeliveryOutcome(subscriptionId, left.Delivery, DeliveryState.Pending, time.GetUtcNow(), Attempt: null));
        }
    }

    private async Task ClaimAsync(CancellationToken ct)
    {
        // Not within the lock of whoever asked first.
        await Task.Yield();
        var size = NextSize();
        ClaimedBatch? batch = null;
        try
        {
            batch = await claims.ClaimAsync(subscriptionId, size, time.GetUtcNow(), settings.Lease, ct);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            // Whoever looks for what is due comes by again.
            Log.NotClaimed(logger, subscriptionId, error.Message);
        }
        finally
        {
            lock (_gate)
            {
                Take(batch, size);
                _claiming = null;
            }
        }
    }

    private int NextSize()
    {
        lock (_gate)
        {
            _size = time.GetElapsedTime(_claimedAt) < Quick ? Math.Min(_size * 2, LargestBatch) : settings.Concurrency;
            _claimedAt = time.GetTimestamp();
            _mayHaveMore = false;
            return _size;
        }
    }

    private void Take(ClaimedBatch? batch, int size)
    {
        if (batch is null)
        {
            return;
        }

        var target = DeliveryTarget.Of(subscriptionId, batch, protector);
        foreach (var delivery in batch.Deliveries)
        {
            _ready.Enqueue(new Ready(target, delivery, batch.LeasedUntil));
        }

        _mayHaveMore |= batch.Deliveries.Count == size;
    }

    private bool MayStillBeSent(Ready next) => time.GetUtcNow() + settings.Timeout < next.LeasedUntil;

    private sealed record Ready(DeliveryTarget Target, ClaimedDelivery Delivery, DateTimeOffset LeasedUntil);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Deliveries of subscription {SubscriptionId} cannot be claimed now: {Why}")]
        public static partial void NotClaimed(ILogger logger, Guid subscriptionId, string why);

        [LoggerMessage(2, LogLevel.Error, "A worker of subscription {SubscriptionId} failed for a reason nobody foresaw")]
        public static partial void Broken(ILogger logger, Guid subscriptionId, Exception error);
    }
}
