namespace PbxGrains.Storage.Subscriptions;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>It waits for its time.</summary>
    Pending,

    /// <summary>The target took it.</summary>
    Delivered,

    /// <summary>It was given up; it can be sent again by hand.</summary>
    Failed,
}

/// <summary>One attempt to deliver.</summary>
/// <param name="At">When it began.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">HTTP status of the answer; null when there was none.</param>
/// <param name="Error">What went wrong, in English; null when nothing did.</param>
/// <param name="Answer">The beginning of what the target said about it; null when nothing, or when it took the delivery.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, int Milliseconds, int? Status, string? Error, string? Answer);

/// <summary>One event for one subscription.</summary>
/// <param name="DeliveryId">Number, growing with time.</param>
/// <param name="SubscriptionId">For whom.</param>
/// <param name="Replay">The replay it belongs to; 0 when it happened just so.</param>
/// <param name="EventId">The event: its <c>webhook-id</c>, the same over all attempts and replays.</param>
/// <param name="EventType">What kind of event.</param>
/// <param name="IsTest">A test message, which is not in the log and is tried once.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Tries">Failures since it was enqueued, or sent again by hand.</param>
/// <param name="DueAt">When it is tried next; of one that is being sent, when somebody else may.</param>
/// <param name="LeasedUntil">It is being sent by somebody, who has time until then; null when not.</param>
/// <param name="Attempts">The last attempts, oldest first.</param>
/// <param name="CreatedAt">When it was enqueued.</param>
/// <param name="FinishedAt">When it was delivered or given up; null until then.</param>
public sealed record DeliveryRow(
    long DeliveryId,
    Guid SubscriptionId,
    int Replay,
    Guid EventId,
    string EventType,
    bool IsTest,
    DeliveryState State,
    int Tries,
    DateTimeOffset DueAt,
    DateTimeOffset? LeasedUntil,
    IReadOnlyList<DeliveryAttempt> Attempts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt);
