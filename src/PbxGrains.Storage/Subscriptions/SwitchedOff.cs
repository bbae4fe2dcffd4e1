using System.Text.Json;
using System.Text.Json.Serialization;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>A subscription that was switched off because of its target.</summary>
internal sealed record SwitchedOff(Guid SubscriptionId, string Url, string? Description, string Reason, DateTimeOffset? FailingSince)
{
    /// <summary>What the event log calls it.</summary>
    public const string Type = "pbx.subscription.disabled";

    /// <summary>The event that tells of it. It is of no site: the installation as a whole has subscriptions.</summary>
    public EventRow ToEvent(DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Type = Type,
        SiteId = "",
        Subject = $"subscriptions/{SubscriptionId}",
        OccurredAt = now,
        Data = JsonSerializer.Serialize(
            new SubscriptionDisabledTold(SubscriptionId, Address(Url), Description, Reason, FailingSince, Sentence(Reason)),
            SwitchedOffJson.Default.SubscriptionDisabledTold),
    };

    private static string Sentence(string reason) => reason == "gone"
        ? "The target answered 410 Gone. Nothing more is sent until the subscription is switched on again."
        : "The target has taken nothing for days. Nothing more is sent until the subscription is switched on again; it then goes on where it stopped.";

    /// <summary>Without a query, which may hold a secret of the target's.</summary>
    private static string Address(string url) => new Uri(url).GetLeftPart(UriPartial.Path);
}

/// <summary>The particulars of that event.</summary>
internal sealed record SubscriptionDisabledTold(Guid SubscriptionId, string Url, string? Description, string Reason, DateTimeOffset? FailingSince, string Message);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SubscriptionDisabledTold))]
internal sealed partial class SwitchedOffJson : JsonSerializerContext;
