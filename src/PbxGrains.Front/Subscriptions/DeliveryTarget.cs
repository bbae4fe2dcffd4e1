using PbxGrains.Grains.Secrets;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Where a subscription's deliveries go, and what signs them.</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Url">The address.</param>
/// <param name="Secrets">The secrets that count, the current one first; none when they cannot be decrypted here.</param>
internal sealed record DeliveryTarget(Guid SubscriptionId, Uri Url, IReadOnlyList<SigningSecret> Secrets)
{
    /// <summary>The target of a batch.</summary>
    public static DeliveryTarget Of(Guid subscriptionId, ClaimedBatch batch, ISecretProtector protector) =>
        new(subscriptionId, new Uri(batch.Url), [.. batch.Secrets.Select(cipher => SigningSecret.TryParse(protector.Unprotect(cipher), out var secret) ? secret : null).OfType<SigningSecret>()]);

    /// <summary>The signatures of a message, one per secret.</summary>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var signatures = new List<string>(Secrets.Count);
        foreach (var secret in Secrets)
        {
            signatures.Add(secret.Sign(id, timestamp, body));
        }

        return string.Join(' ', signatures);
    }
}
