using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using PbxGrains.Grains.Secrets;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>The lanes of all subscriptions, made when they are first needed.</summary>
internal sealed class DeliveryLanes(
    DeliveryClaims claims,
    DeliverySender sender,
    OutcomeQueue outcomes,
    ISecretProtector protector,
    IOptions<SubscriptionSettings> settings,
    TimeProvider time,
    ILogger<DeliveryLanes> logger) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, DeliveryLane> _lanes = new();
    private readonly WorkerSlots _slots = new(settings.Value.OverallConcurrency);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Says that something is due for a subscription.</summary>
    public void Wake(Guid subscriptionId) => _lanes.GetOrAdd(subscriptionId, NewLane).Wake(_stopping.Token);

    /// <summary>Ends all work; what is under way is given back.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_lanes.Values.Select(lane => lane.WhenIdleAsync()));
    }

    public void Dispose() => _stopping.Dispose();

    private DeliveryLane NewLane(Guid subscriptionId) => new(subscriptionId, claims, sender, outcomes, _slots, protector, settings.Value, time, logger);
}
