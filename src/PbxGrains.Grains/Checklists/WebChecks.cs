using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Network;

namespace PbxGrains.Grains.Checklists;

/// <summary>The web server of the PBX: redirect, certificate, and whether large answers come through.</summary>
internal sealed class WebChecks(TimeProvider time)
{
    public const string Redirect = "network.redirect";
    public const string Tls = "network.tls";
    public const string Mtu = "network.mtu";

    /// <summary>An answer longer than one packet of a line without a tunnel, bytes.</summary>
    private const int LargerThanOnePacket = 1500;

    /// <summary>What the PBX says of one extension, bytes: names of fields and quotes.</summary>
    private const int BytesOfExtension = 90;

    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(30);

    public IEnumerable<Check> All =>
    [
        new(Redirect, [NetworkChecks.Ports], RedirectAsync),
        new(Tls, [NetworkChecks.Tcp], TlsAsync),
        Check.Judging(Mtu, [ApiChecks.Credentials], round => JudgeLargeAnswers(round.Extensions, round.ExtensionsFailure)) with { After = [PermissionChecks.Extensions] },
    ];

    /// <summary>What plain HTTP on port 80 says of the site's address. Pure.</summary>
    public static Measured JudgeRedirect(Uri address, RedirectReading? reading) => reading switch
    {
        null => WebFindings.NoPlainHttp.With(),
        { Redirects: true } when address.Port == 80 => WebFindings.AddressRedirects.With(("location", reading.Location!.ToString())),
        { Redirects: true, Location: { } location } when location.Port != address.Port =>
            WebFindings.RedirectsElsewhere.With(("location", location.ToString()), ("port", location.Port), ("own", address.Port)),
        { Redirects: true, Location: { } location } => WebFindings.RedirectsHere.With(("location", location.ToString())),
        { Status: { } status } => WebFindings.NoRedirect.With(("status", status)),
        _ => WebFindings.NoPlainHttp.With(),
    };

    /// <summary>What a certificate means. Pure.</summary>
    public static Measured JudgeCertificate(PbxCertificate certificate, IReadOnlyList<string> pins, DateTimeOffset now)
    {
        var left = certificate.NotAfter - now;
        var finding = pins.Count > 0 && !pins.Contains(certificate.Pin, StringComparer.Ordinal) ? WebFindings.PinMismatch
            : pins.Count == 0 && !certificate.Trusted ? WebFindings.CertificateUntrusted
            : left <= TimeSpan.Zero ? WebFindings.CertificateExpired
            : left < ExpiresSoon ? WebFindings.CertificateExpiresSoon
            : pins.Count > 0 ? WebFindings.CertificatePinned
            : WebFindings.CertificateTrusted;
        return finding.With(("subject", certificate.Subject), ("pin", certificate.Pin), ("expires", certificate.NotAfter), ("left", left.Duration()));
    }

    /// <summary>Whether an answer of several packets came through. Pure.</summary>
    public static Measured JudgeLargeAnswers(IReadOnlyList<PbxExtension>? extensions, PbxFailure? failure)
    {
        if (extensions is null)
        {
            return failure?.Kind == PbxFailureKind.NoAnswer
                ? WebFindings.LargeAnswersHang.With()
                : GeneralFindings.PrerequisiteFailed.With(("item", PermissionChecks.Extensions)) with { SkippedBecause = PermissionChecks.Extensions };
        }

        var bytes = extensions.Sum(e => BytesOfExtension + e.Number.Length + (e.Name?.Length ?? 0) + e.RawStatus.Length);
        return (bytes > LargerThanOnePacket ? WebFindings.LargeAnswersPass : WebFindings.LargeAnswersUnproven).With(("extensions", extensions.Count), ("bytes", bytes));
    }

    private async Task<Measured> RedirectAsync(CheckRound round, CancellationToken ct)
    {
        var connection = round.Configuration.Connection!;
        var asked = round.Port80Answers || (connection.Address.Port == 80 && round.PortAnswers);
        return JudgeRedirect(connection.Address, asked ? await RedirectProbe.ReadAsync(connection.Address.IdnHost, 80, connection.ConnectTimeout, time, ct) : null);
    }

    private async Task<Measured> TlsAsync(CheckRound round, CancellationToken ct)
    {
        var connection = round.Configuration.Connection!;
        if (connection.Address.Scheme != Uri.UriSchemeHttps)
        {
            return WebFindings.PlainHttp.With();
        }

        var certificate = await PbxCertificateProbe.ReadAsync(connection.Address, connection.ConnectTimeout, time, ct);
        return certificate.Succeeded
            ? JudgeCertificate(certificate.Value, connection.CertificatePins, time.GetUtcNow())
            : WebFindings.NoTls.With(("port", connection.Address.Port), ("detail", certificate.Failure.Message));
    }
}
