using PbxGrains.Contracts.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>
/// Tries a configuration before it is saved: certificate, one login, device information, logout. It has a login budget
/// of its own, so that mistyped passwords do not make the PBX lock out the whole cluster's address.
/// </summary>
public sealed class SiteProbe(PbxConnector connector, TimeProvider time)
{
    private const int RefusalsAllowed = 2;

    private readonly Queue<DateTimeOffset> _refusals = new();

    /// <summary>Tries it, as far as it goes.</summary>
    public async Task<SiteProbeResult> RunAsync(SiteCandidate candidate, SiteSettings settings, CancellationToken ct)
    {
        if (!Uri.TryCreate(candidate.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return Failed(SiteProbeStep.Address, "address-invalid", "The address is not a URL: write https://10.1.0.254:8088 for example.");
        }

        var result = new SiteProbeResult { Reached = SiteProbeStep.Connection };
        var pins = candidate.CertificatePins;
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            var certificate = await PbxCertificateProbe.ReadAsync(address, settings.ConnectTimeout, time, ct);
            if (!certificate.Succeeded)
            {
                return Failed(SiteProbeStep.Connection, "no-connection", certificate.Failure.Message);
            }

            result = result with
            {
                CertificatePin = certificate.Value.Pin,
                CertificateSubject = certificate.Value.Subject,
                CertificateExpires = certificate.Value.NotAfter,
            };
            if (pins.Count > 0 && !pins.Contains(certificate.Value.Pin, StringComparer.Ordinal))
            {
                return result with { Reached = SiteProbeStep.Certificate, Failure = "certificate-changed", Message = "The PBX presents another certificate than the pinned one. If it was replaced on purpose, pin the new one." };
            }

            pins = [certificate.Value.Pin];
        }

        if (Exhausted())
        {
            return result with { Reached = SiteProbeStep.Login, Failure = "login-budget-spent", Message = "Two logins were refused in the last minutes; three more and the PBX locks us out. Check user and password in the PBX's API settings and try again in ten minutes." };
        }

        return await LogInAsync(candidate, address, pins, settings, result, ct);
    }

    private async Task<SiteProbeResult> LogInAsync(SiteCandidate candidate, Uri address, IReadOnlyList<string> pins, SiteSettings settings, SiteProbeResult result, CancellationToken ct)
    {
        var login = await connector.ConnectAsync(
            new PbxConnection
            {
                Address = address,
                UserName = candidate.UserName,
                Password = PbxPassword.FromMd5(candidate.PasswordMd5),
                CertificatePins = pins,
                AllowPlainHttp = candidate.AllowPlainHttp,
                ConnectTimeout = settings.ConnectTimeout,
                AnswerTimeout = settings.AnswerTimeout,
            },
            ct);
        if (!login.Succeeded)
        {
            return Classified(login.Failure, result);
        }

        using var client = login.Value;
        var device = await client.GetDeviceInformationAsync(ct);
        _ = await client.LogoutAsync(ct);
        result = result with { Dialect = SiteConfigurations.DialectText(client.Dialect) };
        if (!device.Succeeded)
        {
            return result with { Reached = SiteProbeStep.Device, Failure = "device-information-refused", Message = device.Failure.Message, };
        }

        return result with
        {
            Reached = SiteProbeStep.Done,
            Firmware = device.Value.Firmware,
            SerialNumber = device.Value.SerialNumber,
            DeviceName = device.Value.Name,
            ClockSkewSeconds = device.Value.Clock is { } clock ? Math.Round((clock - time.GetUtcNow()).TotalSeconds) : null,
            UtcOffsetMinutes = device.Value.Clock is { } zoned ? (int)zoned.Offset.TotalMinutes : null,
        };
    }

    private SiteProbeResult Classified(PbxFailure failure, SiteProbeResult result)
    {
        if (failure.Kind == PbxFailureKind.CredentialsRejected)
        {
            _refusals.Enqueue(time.GetUtcNow());
        }

        var (step, code) = failure.Kind switch
        {
            PbxFailureKind.NotReached => (SiteProbeStep.Connection, "no-connection"),
            PbxFailureKind.NoAnswer => (SiteProbeStep.Login, "no-answer"),
            PbxFailureKind.CertificateRefused => (SiteProbeStep.Certificate, "certificate-changed"),
            PbxFailureKind.CredentialsRejected => (SiteProbeStep.Login, "wrong-credentials"),
            PbxFailureKind.AddressLocked => (SiteProbeStep.Login, "address-locked"),
            PbxFailureKind.UnexpectedAnswer or PbxFailureKind.NotSupported => (SiteProbeStep.Login, "not-a-pbx-api"),
            _ => (SiteProbeStep.Login, "login-refused"),
        };
        return result with { Reached = step, Failure = code, Message = failure.Message };
    }

    private bool Exhausted()
    {
        while (_refusals.TryPeek(out var oldest) && time.GetUtcNow() - oldest > LoginBudget.LockOut)
        {
            _ = _refusals.Dequeue();
        }

        return _refusals.Count >= RefusalsAllowed;
    }

    private static SiteProbeResult Failed(SiteProbeStep step, string code, string message) =>
        new() { Reached = step, Failure = code, Message = message };
}
