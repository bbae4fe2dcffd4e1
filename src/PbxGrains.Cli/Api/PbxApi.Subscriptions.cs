using System.Globalization;

namespace PbxGrains.Cli.Api;

/// <summary>Subscriptions and their deliveries.</summary>
internal sealed partial class PbxApi
{
    /// <summary>All subscriptions.</summary>
    public Task<ApiAnswer<IReadOnlyList<SubscriptionResource>>> ListSubscriptions(CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Subscriptions, null, ApiJson.Default.IReadOnlyListSubscriptionResource, ct);

    /// <summary>One subscription.</summary>
    public Task<ApiAnswer<SubscriptionResource>> FindSubscription(string id, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Subscription(id), null, ApiJson.Default.SubscriptionResource, ct);

    /// <summary>Makes a subscription.</summary>
    public Task<ApiAnswer<SubscriptionMade>> CreateSubscription(SubscriptionInput input, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Subscriptions, Json(input, ApiJson.Default.SubscriptionInput), ApiJson.Default.SubscriptionMade, ct);

    /// <summary>Changes what is given.</summary>
    public Task<ApiAnswer<SubscriptionResource>> ChangeSubscription(string id, SubscriptionChange change, CancellationToken ct) =>
        Send(HttpMethod.Patch, Routes.Subscription(id), Json(change, ApiJson.Default.SubscriptionChange), ApiJson.Default.SubscriptionResource, ct);

    /// <summary>Removes a subscription.</summary>
    public Task<ApiAnswer<Nothing>> RemoveSubscription(string id, CancellationToken ct) => Send<Nothing>(HttpMethod.Delete, Routes.Subscription(id), null, null, ct);

    /// <summary>Makes a new secret.</summary>
    public Task<ApiAnswer<SubscriptionSecretMade>> RotateSubscriptionSecret(string id, SubscriptionSecretInput input, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Subscription(id) + "/secret", Json(input, ApiJson.Default.SubscriptionSecretInput), ApiJson.Default.SubscriptionSecretMade, ct);

    /// <summary>Sends a test message.</summary>
    public Task<ApiAnswer<DeliveryResource>> TestSubscription(string id, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Subscription(id) + "/test", null, ApiJson.Default.DeliveryResource, ct);

    /// <summary>The log of deliveries.</summary>
    public Task<ApiAnswer<DeliveryPage>> ListDeliveries(string id, ApiQuery query, CancellationToken ct) =>
        Send(HttpMethod.Get, $"{Routes.Subscription(id)}/deliveries{query}", null, ApiJson.Default.DeliveryPage, ct);

    /// <summary>One delivery.</summary>
    public Task<ApiAnswer<DeliveryResource>> FindDelivery(string id, long deliveryId, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Delivery(id, deliveryId), null, ApiJson.Default.DeliveryResource, ct);

    /// <summary>Sends a delivery again.</summary>
    public Task<ApiAnswer<DeliveryResource>> ResendDelivery(string id, long deliveryId, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Delivery(id, deliveryId) + "/resend", null, ApiJson.Default.DeliveryResource, ct);

    /// <summary>Delivers past events once more.</summary>
    public Task<ApiAnswer<ReplayResource>> Replay(string id, ReplayInput input, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Subscription(id) + "/replay", Json(input, ApiJson.Default.ReplayInput), ApiJson.Default.ReplayResource, ct);

    private static partial class Routes
    {
        public const string Subscriptions = "api/pbx/subscriptions";

        public static string Subscription(string id) => $"{Subscriptions}/{Uri.EscapeDataString(id)}";

        public static string Delivery(string id, long deliveryId) => string.Create(CultureInfo.InvariantCulture, $"{Subscription(id)}/deliveries/{deliveryId}");
    }
}
