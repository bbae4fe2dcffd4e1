using PbxGrains.Storage.Sites;

namespace PbxGrains.Storage.Tests.Sites;

/// <summary>Sites to try things with.</summary>
internal static class SampleSites
{
    /// <summary>An id nobody else uses.</summary>
    public static string NewId() => $"site-{Guid.NewGuid():n}";

    /// <summary>A site in which every configured column says something.</summary>
    public static SiteRow Full(string siteId) => new()
    {
        SiteId = siteId,
        Name = "Siège de Lyon",
        Address = "https://10.1.0.254:8088",
        UserName = "api",
        PasswordCipher = [1, 2, 3],
        TimeZone = "Europe/Paris",
        Country = "FR",
        CertificatePins = ["pin-one", "pin-two"],
        AllowPlainHttp = true,
        SourceAddresses = ["10.1.0.254", "10.2.0.0/16", "fd00::/8"],
        ReportAddress = "reports.example:8260",
        Suspended = true,
        SuspendedReason = "moving house",
        Polling = new SitePolling { Busy = TimeSpan.FromSeconds(1.5), BackoffLast = TimeSpan.FromMinutes(5) },
    };

    /// <summary>A site with nothing but what is required.</summary>
    public static SiteRow Plain(string siteId) => new()
    {
        SiteId = siteId,
        Name = "",
        Address = "10.1.0.254",
        UserName = "api",
        PasswordCipher = [],
        TimeZone = "UTC",
    };
}
