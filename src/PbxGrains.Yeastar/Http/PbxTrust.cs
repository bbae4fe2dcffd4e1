using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PbxGrains.Yeastar.Http;

/// <summary>Decides whether a certificate is the PBX's: by its public key's pin, or in the ordinary way when there is none.</summary>
internal sealed class PbxTrust(IReadOnlyList<string> pins)
{
    /// <summary>The pin of a certificate: SHA-256 of its public key (SPKI), Base64.</summary>
    public static string PinOf(X509Certificate2 certificate) =>
        Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>
    /// With pins, only the key counts: a PBX's own certificate has the wrong name and no issuer, and one that ran out
    /// still proves who it is.
    /// </summary>
    public bool Accepts(X509Certificate2 certificate, SslPolicyErrors errors)
    {
        if (pins.Count == 0)
        {
            return errors == SslPolicyErrors.None;
        }

        var pin = PinOf(certificate);
        return pins.Any(known => string.Equals(known, pin, StringComparison.Ordinal));
    }

    /// <summary>Why a certificate was not accepted, for people.</summary>
    public string Reason => pins.Count == 0
        ? "The PBX's certificate is not trusted; pin it, or give the PBX a certificate this machine trusts."
        : "The PBX shows another certificate than the one pinned; nothing was sent to it.";
}
