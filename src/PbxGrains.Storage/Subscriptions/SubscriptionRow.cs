using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>Why a subscription is switched off.</summary>
public enum DisabledReason
{
    /// <summary>An operator switched it off.</summary>
    Operator,

    /// <summary>The target answered 410: it wants nothing more.</summary>
    Gone,

    /// <summary>Nothing succeeded for days.</summary>
    Failing,
}

/// <summary>Which events a subscription wants.</summary>
/// <param name="Types">Their types, <c>pbx.call.*</c> standing for all that begin so; empty for all.</param>
/// <param name="Sites">Their sites; empty for all, also for those that are of no site.</param>
public sealed record SubscriptionFilter(IReadOnlyList<string> Types, IReadOnlyList<string> Sites)
{
    /// <summary>Whether an event is wanted.</summary>
    public bool Fits(EventRow told) =>
        (Sites.Count == 0 || Sites.Contains(told.SiteId, StringComparer.Ordinal))
        && (Types.Count == 0 || Types.Any(type => EventPattern.Fits(told.Type, type)));
}

/// <summary>What an administrator says of a subscription.</summary>
/// <param name="Url">Where events are posted.</param>
/// <param name="Filter">Which events.</param>
/// <param name="Description">What it is for; null when nothing was said.</param>
/// <param name="Enabled">False while nothing is sent; nothing is lost meanwhile, as long as the event log reaches back.</param>
public sealed record SubscriptionTerms(string Url, SubscriptionFilter Filter, string? Description, bool Enabled);

/// <summary>Events that could not be delivered, because the log no longer had them.</summary>
/// <param name="From">Cursor behind which they were.</param>
/// <param name="Until">Cursor up to which they were.</param>
/// <param name="NoticedAt">When it was found out.</param>
public sealed record MissedEvents(string From, string Until, DateTimeOffset NoticedAt);

/// <summary>A target of outgoing webhooks.</summary>
/// <param name="SubscriptionId">Its id.</param>
/// <param name="Terms">What was said of it.</param>
/// <param name="DisabledReason">Why it is switched off; null while it is not.</param>
/// <param name="DisabledAt">Since when; null while it is not.</param>
/// <param name="FailingSince">The first failure since the last success; null when there was none.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Cursor">Of everything up to here there are deliveries.</param>
/// <param name="Missed">What it missed for good, the last time; null when nothing.</param>
public sealed record SubscriptionRow(
    Guid SubscriptionId,
    SubscriptionTerms Terms,
    DisabledReason? DisabledReason,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? FailingSince,
    DateTimeOffset CreatedAt,
    EventCursor Cursor,
    MissedEvents? Missed);
