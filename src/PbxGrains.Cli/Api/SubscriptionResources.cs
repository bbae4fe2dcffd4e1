namespace PbxGrains.Cli.Api;

/// <summary>A subscription to be made.</summary>
internal sealed record SubscriptionInput(string Url, IReadOnlyList<string> Types, IReadOnlyList<string> Sites, string? Description, bool? Enabled, string? Secret)
{
    /// <inheritdoc />
    public override string ToString() => nameof(SubscriptionInput);
}

/// <summary>What is to change of one; null leaves it as it is.</summary>
internal sealed record SubscriptionChange(string? Url, IReadOnlyList<string>? Types, IReadOnlyList<string>? Sites, string? Description, bool? Enabled);

/// <summary>A subscription as the API shows it.</summary>
internal sealed record SubscriptionResource
{
    public string? Id { get; init; }

    public string? Url { get; init; }

    public IReadOnlyList<string>? Types { get; init; }

    public IReadOnlyList<string>? Sites { get; init; }

    public string? Description { get; init; }

    public bool Enabled { get; init; }

    /// <summary>operator, gone or failing; null while it is switched on.</summary>
    public string? DisabledReason { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public string? Cursor { get; init; }

    public MissedEvents? Missed { get; init; }
}

/// <summary>Events that could not be delivered any more.</summary>
internal sealed record MissedEvents(string? From, string? Until, DateTimeOffset? NoticedAt);

/// <summary>A subscription just made, with its secret, which is shown once.</summary>
internal sealed record SubscriptionMade(SubscriptionResource? Subscription, string? Secret)
{
    /// <inheritdoc />
    public override string ToString() => nameof(SubscriptionMade);
}

/// <summary>A wish for a new secret.</summary>
internal sealed record SubscriptionSecretInput(string? Secret, int? OverlapHours)
{
    /// <inheritdoc />
    public override string ToString() => nameof(SubscriptionSecretInput);
}

/// <summary>A new secret.</summary>
internal sealed record SubscriptionSecretMade(string? Secret, DateTimeOffset? PreviousValidUntil)
{
    /// <inheritdoc />
    public override string ToString() => nameof(SubscriptionSecretMade);
}

/// <summary>A delivery as the API shows it.</summary>
internal sealed record DeliveryResource
{
    public long Id { get; init; }

    public string? EventId { get; init; }

    public string? Type { get; init; }

    public int? Replay { get; init; }

    /// <summary>pending, sending, delivered or failed.</summary>
    public string? State { get; init; }

    public int Tries { get; init; }

    public DateTimeOffset? NextTryAt { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public IReadOnlyList<DeliveryAttempt>? Attempts { get; init; }
}

/// <summary>One attempt of a delivery.</summary>
internal sealed record DeliveryAttempt(DateTimeOffset? At, int Milliseconds, int? Status, string? Error, string? Answer);

/// <summary>A page of deliveries, newest first.</summary>
internal sealed record DeliveryPage(IReadOnlyList<DeliveryResource>? Items, string? Next);

/// <summary>A wish to deliver past events once more.</summary>
internal sealed record ReplayInput(string? From, string? To, string? After, string? Until);

/// <summary>A replay as the API shows it.</summary>
internal sealed record ReplayResource
{
    public int Replay { get; init; }

    public MissedEvents? Missed { get; init; }
}
