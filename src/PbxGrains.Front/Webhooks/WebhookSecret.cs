using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PbxGrains.Storage.Webhooks;

namespace PbxGrains.Front.Webhooks;

/// <summary>The secret by which a PBX proves itself in the address it pushes to.</summary>
internal static class WebhookSecret
{
    // 192 bits; short enough for the PBX's address field.
    private const int Bytes = 24;

    /// <summary>A new secret, fit for a path.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is compared.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>True when one of the site's secrets that live now is the one presented. Always compares all of them.</summary>
    public static bool Proves(string? presented, IReadOnlyList<WebhookSecretRow> secrets, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(presented))
        {
            return false;
        }

        var hash = Hash(presented);
        var proven = false;
        foreach (var secret in secrets)
        {
            var live = secret.ExpiresAt is not { } end || now < end;
            proven |= live & CryptographicOperations.FixedTimeEquals(hash, secret.Hash);
        }

        return proven;
    }
}
