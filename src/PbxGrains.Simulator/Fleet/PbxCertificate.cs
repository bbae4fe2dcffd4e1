using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PbxGrains.Simulator.Fleet;

/// <summary>
/// The self-signed certificate of one PBX. Its key follows from the seed, so that a client's pin survives a restart of the
/// simulator; that makes the key worthless as a secret, which is all right for a test tool.
/// </summary>
internal sealed class PbxCertificate : IDisposable
{
    private readonly ECDsa _key;
    private readonly X509Certificate2 _certificate;

    public PbxCertificate(int seed, string serialNumber, int generation, IPAddress address, DateTimeOffset now)
    {
        var secret = SHA256.HashData(Encoding.ASCII.GetBytes($"PBX key {seed} {serialNumber} {generation}"));
        _key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
        var request = new CertificateRequest($"CN=Yeastar {serialNumber}", _key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        Pin = Convert.ToBase64String(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()));
        Context = SslStreamCertificateContext.Create(_certificate, additionalCertificates: null, offline: true);
    }

    /// <summary>Base64 of the SHA-256 of the public key (SPKI).</summary>
    public string Pin { get; }

    /// <summary>What the TLS handshake presents.</summary>
    public SslStreamCertificateContext Context { get; }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
