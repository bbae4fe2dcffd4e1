using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace PbxGrains.Front.Keys;

/// <summary>
/// An API key, <c>pbx_{keyId}_{secret}</c>: the id finds it, the secret (256 bits) proves it. Only the SHA-256 of the
/// whole text is stored; a secret that long needs no slow hash.
/// </summary>
internal readonly record struct ApiKey
{
    private const string Prefix = "pbx_";
    private const int IdBytes = 8;
    private const int SecretBytes = 32;
    private const int LongestText = 200;

    private ApiKey(string id, string text)
    {
        Id = id;
        Text = text;
    }

    /// <summary>Public part, lower-case hexadecimal; names the key in lists and logs.</summary>
    public string Id { get; }

    /// <summary>The whole key. Secret.</summary>
    public string Text { get; }

    /// <summary>A new key from the system's random numbers.</summary>
    public static ApiKey Create()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return new ApiKey(id, $"{Prefix}{id}_{secret}");
    }

    /// <summary>Reads a key's form; says nothing about whether it is valid.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ApiKey key)
    {
        key = default;
        if (text is null || text.Length > LongestText || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var end = text.IndexOf('_', Prefix.Length);
        if (end < 0 || end == text.Length - 1)
        {
            return false;
        }

        var id = text[Prefix.Length..end];
        if (id.Length < IdBytes || !id.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        key = new ApiKey(id, text);
        return true;
    }

    /// <summary>What is stored of the key.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    /// <inheritdoc />
    public override string ToString() => $"{Prefix}{Id}_…";
}
