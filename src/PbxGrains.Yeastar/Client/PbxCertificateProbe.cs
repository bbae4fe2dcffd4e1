using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Client;

/// <summary>A certificate a PBX showed.</summary>
/// <param name="Pin">SHA-256 of its public key (SPKI), Base64: what <see cref="PbxConnection.CertificatePins"/> wants.</param>
/// <param name="Subject">Whom it names.</param>
/// <param name="NotBefore">Valid from.</param>
/// <param name="NotAfter">Valid until.</param>
/// <param name="Trusted">True when it is valid for the address in the ordinary way, so that no pin is needed.</param>
public sealed record PbxCertificate(string Pin, string Subject, DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool Trusted);

/// <summary>Looks at a PBX's certificate before anything is told to the PBX.</summary>
public static class PbxCertificateProbe
{
    /// <summary>Connects, shakes hands and hangs up; not a byte of HTTP is sent.</summary>
    /// <param name="address">The PBX's <c>https</c> address.</param>
    /// <param name="timeout">Time limit for TCP and TLS together.</param>
    /// <param name="time">Clock of the limit.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The certificate, trusted or not, or <see cref="PbxFailureKind.NotReached"/>.</returns>
    public static async Task<PbxResult<PbxCertificate>> ReadAsync(Uri address, TimeSpan timeout, TimeProvider time, CancellationToken ct)
    {
        if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps)
        {
            return new PbxFailure(PbxFailureKind.NotReached, "Only an https address has a certificate.");
        }

        PbxCertificate? seen = null;
        var line = await PbxLine.OpenAsync(address, Look, "The PBX showed no certificate.", timeout, time, ct);
        if (!line.Succeeded)
        {
            return line.Failure;
        }

        line.Value.Dispose();
        return seen!;

        bool Look(X509Certificate2 certificate, SslPolicyErrors errors)
        {
            seen = new PbxCertificate(
                PbxTrust.PinOf(certificate), certificate.Subject, Instant(certificate.NotBefore), Instant(certificate.NotAfter), errors == SslPolicyErrors.None);
            return true;
        }
    }

    private static DateTimeOffset Instant(DateTime local) => new DateTimeOffset(local).ToUniversalTime();
}
