using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PbxGrains.Grains.Secrets;

/// <summary>
/// The secret a PBX proves itself by in the path of its report address. Only its digest is compared; its text is kept
/// encrypted because the site's actor puts it into the report address at each login.
/// </summary>
public static class WebhookSecret
{
    private const int Bytes = 24;

    /// <summary>A new secret of 192 random bits, safe in a URL.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The digest stored and compared: SHA-256 of the text.</summary>
    public static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Path of a site's report address, without leading slash.</summary>
    public static string PathFor(string siteId, string secret) => $"api/pbx/webhook/{siteId}/{secret}";
}
