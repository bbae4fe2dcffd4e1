using Microsoft.Extensions.Options;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Secrets;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Webhooks;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>Reads a site's row from the directory and makes it ready for use.</summary>
public sealed class SiteConfigurations(
    SiteRegistry registry,
    WebhookSecrets webhookSecrets,
    ISecretProtector protector,
    IOptions<SiteSettings> settings,
    TimeProvider time)
{
    /// <summary>The site's configuration; null when it is not registered.</summary>
    public async Task<SiteConfiguration?> LoadAsync(SiteId site, CancellationToken ct)
    {
        var row = await registry.FindAsync(site.Value, ct);
        if (row is null || await SecretAsync(row.SiteId, ct) is not { } secret)
        {
            return null;
        }

        var (connection, obstacle) = Connect(row, Reports(row, secret));
        return new SiteConfiguration
        {
            Site = site,
            RowVersion = row.RowVersion,
            CredentialsVersion = row.CredentialsVersion,
            Connection = connection,
            Obstacle = obstacle,
            Periods = Periods(row.Polling),
            Suspended = row.Suspended,
            SuspendedReason = row.SuspendedReason,
            Zone = TimeZoneInfo.TryFindSystemTimeZoneById(row.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc,
            Country = row.Country,
            SerialNumber = row.SerialNumber,
        };
    }

    /// <summary>The row as it is stored now; null when the site is not registered.</summary>
    public Task<SiteRow?> FindRowAsync(SiteId site, CancellationToken ct) => registry.FindAsync(site.Value, ct);

    /// <summary>Stores credentials that were proven for the row's PBX.</summary>
    /// <param name="row">The row as it was when they were proven.</param>
    /// <param name="userName">API user.</param>
    /// <param name="passwordMd5">What the PBX wants to see of the password.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>False when the row is gone, or is about another address or other credentials by now.</returns>
    public Task<bool> SaveCredentialsAsync(SiteRow row, string userName, string passwordMd5, CancellationToken ct) =>
        registry.SetCredentialsAsync(row.SiteId, userName, protector.Protect(passwordMd5), row.CredentialsVersion, ct);

    /// <summary>Keeps what was learnt about the PBX.</summary>
    public Task RecordDeviceAsync(SiteId site, PbxDialect dialect, DeviceInformation device, CancellationToken ct) =>
        registry.RecordDeviceAsync(site.Value, DialectText(dialect), device.Firmware, device.SerialNumber, ct);

    /// <summary>The dialect as people read it.</summary>
    public static string DialectText(PbxDialect dialect) => dialect == PbxDialect.V2 ? "2.0.0" : "1.1.0";

    private (PbxConnection? Connection, SiteObstacle? Obstacle) Connect(SiteRow row, ReportTarget reports)
    {
        if (!Uri.TryCreate(row.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return (null, new SiteObstacle(SiteHealthReason.Incomplete, "The site's address is not a URL: write https://10.1.0.254:8088 for example."));
        }

        if (row.PasswordCipher.Length == 0)
        {
            return (null, new SiteObstacle(SiteHealthReason.Incomplete, "The site has no password yet: set it."));
        }

        return protector.Unprotect(row.PasswordCipher) is { } password
            ? (Connection(row, address, password, reports), null)
            : (null, new SiteObstacle(SiteHealthReason.SecretUnreadable, "Set the site's password again: the stored one was encrypted with another key ring."));
    }

    private PbxConnection Connection(SiteRow row, Uri address, string passwordMd5, ReportTarget reports) => new()
    {
        Address = address,
        UserName = row.UserName,
        Password = PbxPassword.FromMd5(passwordMd5),
        CertificatePins = row.CertificatePins,
        AllowPlainHttp = row.AllowPlainHttp,
        ConnectTimeout = row.Polling.ConnectTimeout ?? settings.Value.ConnectTimeout,
        AnswerTimeout = row.Polling.AnswerTimeout ?? settings.Value.AnswerTimeout,
        Reports = reports,
        KnownDialect = row.Dialect switch { "2.0.0" => PbxDialect.V2, "1.1.0" => PbxDialect.V1, _ => null },
    };

    private ReportTarget Reports(SiteRow row, string secret)
    {
        var path = WebhookSecret.PathFor(row.SiteId, secret);
        var receiver = row.ReportAddress ?? settings.Value.ReportAddress;
        if (receiver is null)
        {
            return new ReportTarget(path, settings.Value.ReportPort, Absolute: false);
        }

        var colon = receiver.LastIndexOf(':');
        var port = colon > 0 && int.TryParse(receiver.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture, out var named) ? named : settings.Value.ReportPort;
        return new ReportTarget($"{receiver}/{path}", port, Absolute: true);
    }

    /// <summary>A row inserted by plain SQL has no secret yet, and one from another key ring cannot be read: make one.</summary>
    /// <returns>The secret; null when the site was removed meanwhile.</returns>
    private async Task<string?> SecretAsync(string siteId, CancellationToken ct)
    {
        foreach (var live in await webhookSecrets.ListLiveAsync(siteId, time.GetUtcNow(), ct))
        {
            if (protector.Unprotect(live.Cipher) is { } text)
            {
                return text;
            }
        }

        var secret = WebhookSecret.New();
        try
        {
            await webhookSecrets.RotateAsync(siteId, WebhookSecret.Digest(secret), protector.Protect(secret), time.GetUtcNow(), TimeSpan.FromDays(1), ct);
        }
        catch (KeyNotFoundException)
        {
            return null;
        }

        return secret;
    }

    private PollPeriods Periods(SitePolling own)
    {
        var common = settings.Value;
        return new PollPeriods
        {
            Busy = own.Busy ?? common.Busy,
            PushSilent = own.PushSilent ?? common.PushSilent,
            PushProven = own.PushProven ?? common.PushProven,
            BackoffFirst = own.BackoffFirst ?? common.BackoffFirst,
            BackoffLast = own.BackoffLast ?? common.BackoffLast,
            Heartbeat = own.Heartbeat ?? common.Heartbeat,
            StaleAfter = own.StaleAfter ?? common.StaleAfter,
            CatchUp = common.CatchUp,
        };
    }
}
