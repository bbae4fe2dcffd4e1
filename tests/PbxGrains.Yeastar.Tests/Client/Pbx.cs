using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

/// <summary>What the tests of the client share: certificates, connections, logins.</summary>
internal static class Pbx
{
    public const string Token = "48a7d7481a5355aa4fb5dc285edeb40e";
    public const string LoginV1 = $$"""{"status":"Success","token":"{{Token}}"}""";
    public const string LoginV2 = $$"""{"status":"Success","token":"{{Token}}","transport":"HTTP"}""";
    public const string Success = """{"status":"Success"}""";

    public static X509Certificate2 NewCertificate(DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=pbx.invalid", key, HashAlgorithmName.SHA256);
        var end = until ?? new DateTimeOffset(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = request.CreateSelfSigned(end.AddYears(-40), end);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    public static string PinOf(X509Certificate2 certificate) =>
        Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    public static PbxConnection Connection(Uri address) => new()
    {
        Address = address,
        UserName = "api",
        Password = PbxPassword.FromPlainText("Password1"),
        AllowPlainHttp = true,
    };

    public static PbxConnection To(ScriptedPbx pbx) => Connection(pbx.Address);

    /// <summary>A PBX of one dialect that lets everybody in and answers the rest by the script.</summary>
    public static ScriptedPbx Speaking(PbxDialect dialect, Func<ReceivedRequest, Reply> script) => new(request => request.Path switch
    {
        "/api/v2.0.0/login" => dialect == PbxDialect.V2 ? Reply.Json(LoginV2) : Reply.Error("10003"),
        "/api/v1.1.0/login" => Reply.Json(LoginV1),
        _ => script(request),
    });

    public static async Task<IPbxClient> ConnectAsync(ScriptedPbx pbx, Func<PbxConnection, PbxConnection>? with = null, TimeProvider? time = null)
    {
        var connection = To(pbx);
        var result = await new PbxConnector(time ?? TimeProvider.System).ConnectAsync(with?.Invoke(connection) ?? connection, TestContext.Current.CancellationToken);
        result.Failure.Should().BeNull();
        return result.Value!;
    }

    /// <summary>A sample as an answer; skips the test where there are none.</summary>
    public static Reply Sample(string name)
    {
        NeedSamples();
        return Reply.Json(Fixtures.Read(name));
    }

    public static void NeedSamples() => Assert.SkipWhen(Fixtures.Folder is null, "No samples beside this repository.");
}
