using System.Security.Cryptography;
using PbxGrains.Grains.Secrets;
using PbxGrains.Storage.Webhooks;

namespace PbxGrains.Front.Webhooks;

/// <summary>Judges the secret by which a PBX proves itself in the address it pushes to.</summary>
internal static class WebhookProof
{
    /// <summary>True when one of the site's secrets that live now is the one presented. Always compares all of them.</summary>
    public static bool Proves(string? presented, IReadOnlyList<WebhookSecretRow> secrets, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(presented))
        {
            return false;
        }

        var hash = WebhookSecret.Digest(presented);
        var proven = false;
        foreach (var secret in secrets)
        {
            var live = secret.ExpiresAt is not { } end || now < end;
            proven |= live & CryptographicOperations.FixedTimeEquals(hash, secret.Hash);
        }

        return proven;
    }
}
