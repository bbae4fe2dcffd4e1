using System.Text.Json.Serialization;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>A subscription to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SubscriptionInput
{
    /// <summary>Where events are posted, https://crm.example/hooks/pbx for example.</summary>
    public string? Url { get; init; }

    /// <summary>Types of events, <c>pbx.call.*</c> standing for all that begin so; none or null for all.</summary>
    public IReadOnlyList<string?>? Types { get; init; }

    /// <summary>Sites; none or null for all.</summary>
    public IReadOnlyList<string?>? Sites { get; init; }

    /// <summary>What it is for, at most 200 characters.</summary>
    public string? Description { get; init; }

    /// <summary>False to make it switched off.</summary>
    public bool? Enabled { get; init; }

    /// <summary>A signing secret of your own, <c>whsec_</c> and 24 to 64 bytes in Base64; null for a new one.</summary>
    public string? Secret { get; init; }

    /// <inheritdoc />
    public override string ToString() => nameof(SubscriptionInput);
}

/// <summary>What is to change of a subscription; what is left out stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SubscriptionChange
{
    /// <summary>Where events are posted.</summary>
    public string? Url { get; init; }

    /// <summary>Types of events; an empty list for all.</summary>
    public IReadOnlyList<string?>? Types { get; init; }

    /// <summary>Sites; an empty list for all.</summary>
    public IReadOnlyList<string?>? Sites { get; init; }

    /// <summary>What it is for; empty for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>False to switch it off, true to switch it on: it goes on where it stopped.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A subscription.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Where events are posted.</param>
/// <param name="Types">Types of events; empty for all.</param>
/// <param name="Sites">Sites; empty for all.</param>
/// <param name="Description">What it is for; null when nothing was said.</param>
/// <param name="Enabled">False while nothing is sent.</param>
/// <param name="DisabledReason"><c>operator</c>, <c>gone</c> (the target answered 410) or <c>failing</c> (nothing succeeded for days); null while it is switched on.</param>
/// <param name="DisabledAt">Since when, UTC.</param>
/// <param name="FailingSince">The first failure since the last success, UTC; null when there is none.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Cursor">Of everything up to here there are deliveries.</param>
/// <param name="Missed">Events it could not be given any more, the last time that happened; null when it never did.</param>
internal sealed record SubscriptionResource(
    Guid Id,
    string Url,
    IReadOnlyList<string> Types,
    IReadOnlyList<string> Sites,
    string? Description,
    bool Enabled,
    DisabledReason? DisabledReason,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? FailingSince,
    DateTimeOffset CreatedAt,
    string Cursor,
    MissedResource? Missed)
{
    public static SubscriptionResource Of(SubscriptionRow row) => new(
        row.SubscriptionId,
        row.Terms.Url,
        row.Terms.Filter.Types,
        row.Terms.Filter.Sites,
        row.Terms.Description,
        row.Terms.Enabled,
        row.DisabledReason,
        row.DisabledAt,
        row.FailingSince,
        row.CreatedAt,
        row.Cursor.ToString(),
        MissedResource.Of(row.Missed));
}

/// <summary>Events that the log no longer had.</summary>
/// <param name="From">Cursor behind which they were.</param>
/// <param name="Until">Cursor up to which they were.</param>
/// <param name="NoticedAt">When it was found out, UTC.</param>
internal sealed record MissedResource(string From, string Until, DateTimeOffset NoticedAt)
{
    public static MissedResource? Of(MissedEvents? missed) => missed is null ? null : new MissedResource(missed.From, missed.Until, missed.NoticedAt);
}

/// <summary>A subscription just made.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Secret">What signs its webhooks, shown this once.</param>
internal sealed record SubscriptionMade(SubscriptionResource Subscription, string Secret)
{
    /// <inheritdoc />
    public override string ToString() => nameof(SubscriptionMade);
}

/// <summary>A wish for a new secret.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SubscriptionSecretInput
{
    /// <summary>A secret of your own; null for a new one.</summary>
    public string? Secret { get; init; }

    /// <summary>How many hours the old secret signs beside the new one: 0 to 168, 24 by default.</summary>
    public int? OverlapHours { get; init; }

    /// <inheritdoc />
    public override string ToString() => nameof(SubscriptionSecretInput);
}

/// <summary>A new secret.</summary>
/// <param name="Secret">The secret, shown this once.</param>
/// <param name="PreviousValidUntil">Until when the old one signs beside it, UTC.</param>
internal sealed record SubscriptionSecretMade(string Secret, DateTimeOffset PreviousValidUntil)
{
    /// <inheritdoc />
    public override string ToString() => nameof(SubscriptionSecretMade);
}
