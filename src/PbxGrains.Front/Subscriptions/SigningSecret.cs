using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PbxGrains.Front.Subscriptions;

/// <summary>A secret that signs webhooks, as Standard Webhooks writes it: <c>whsec_</c> and its bytes in Base64.</summary>
internal sealed class SigningSecret
{
    private const string Prefix = "whsec_";
    private const int NewBytes = 32;
    private const int FewestBytes = 24;
    private const int MostBytes = 64;
    private const int LongestText = 100;

    private readonly byte[] _key;

    private SigningSecret(string text, byte[] key)
    {
        Text = text;
        _key = key;
    }

    /// <summary>The whole secret.</summary>
    public string Text { get; }

    /// <summary>A new secret of 256 bits from the system's random numbers.</summary>
    public static SigningSecret Create()
    {
        var key = RandomNumberGenerator.GetBytes(NewBytes);
        return new SigningSecret(Prefix + Convert.ToBase64String(key), key);
    }

    /// <summary>Reads a secret; false when it is none, or one that is too short to be good.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SigningSecret? secret)
    {
        secret = null;
        Span<byte> key = stackalloc byte[LongestText];
        if (text is { Length: <= LongestText } && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], key, out var count) && count is >= FewestBytes and <= MostBytes)
        {
            secret = new SigningSecret(text, key[..count].ToArray());
        }

        return secret is not null;
    }

    /// <summary>Signs a message: <c>v1,</c> and the HMAC-SHA256 of <c>id.timestamp.body</c> in Base64.</summary>
    /// <param name="id">The message's id.</param>
    /// <param name="timestamp">Seconds of the epoch at which it is sent.</param>
    /// <param name="body">The body, byte by byte as it is sent.</param>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        mac.AppendData(body);
        return "v1," + Convert.ToBase64String(mac.GetHashAndReset());
    }

    /// <inheritdoc />
    public override string ToString() => Prefix + "…";
}
