using System.Diagnostics.Metrics;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>
/// Measures of the webhooks to the CRM, for whoever listens to the meter <see cref="Name"/>. Durations are in seconds. No
/// measure names a subscription.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>pbx.webhook.attempts</c></term><description>Attempts to deliver, by <c>outcome</c>: delivered, failed (tried again later), given_up.</description></item>
/// <item><term><c>pbx.webhook.duration</c></term><description>One attempt, by <c>outcome</c>.</description></item>
/// <item><term><c>pbx.webhook.delay</c></term><description>From the moment an event tells of until its first attempt succeeded.</description></item>
/// <item><term><c>pbx.webhook.overdue</c></term><description>By how long the oldest delivery waits beyond its time, over all subscriptions; 0 when none does.</description></item>
/// </list>
/// </remarks>
public static class WebhookMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "PbxGrains.Webhooks";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("pbx.webhook.attempts", "{attempt}");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("pbx.webhook.duration", "s");
    private static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("pbx.webhook.delay", "s");
    private static double _overdue;

    static WebhookMeter() => Meter.CreateObservableGauge("pbx.webhook.overdue", () => Volatile.Read(ref _overdue), "s");

    internal static void Overdue(TimeSpan by) => Volatile.Write(ref _overdue, Math.Max(0, by.TotalSeconds));

    internal static void Tried(DeliveryOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Attempt is not { } attempt)
        {
            return;
        }

        var tag = KeyValuePair.Create<string, object?>("outcome", outcome.State switch { DeliveryState.Delivered => "delivered", DeliveryState.Pending => "failed", _ => "given_up" });
        Attempts.Add(1, tag);
        Duration.Record(attempt.Milliseconds / 1000.0, tag);
        if (outcome is { State: DeliveryState.Delivered, Delivery: { Tries: 0, Event: { } told } })
        {
            Delay.Record(Math.Max(0, (now - told.Event.OccurredAt).TotalSeconds));
        }
    }
}
