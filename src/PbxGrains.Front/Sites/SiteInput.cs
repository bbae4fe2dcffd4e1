using System.Text.Json.Serialization;

namespace PbxGrains.Front.Sites;

/// <summary>
/// A site to be saved. On update an absent (or null) field keeps its value; an empty text clears an optional one.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SiteInput
{
    /// <summary>Name for people, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Address of the PBX's web interface: a URL such as <c>https://10.1.0.254:8088</c>, or just its IP address.</summary>
    public string? Address { get; init; }

    /// <summary>API user of the PBX.</summary>
    public string? UserName { get; init; }

    /// <summary>API password of the PBX; required on creation. Kept encrypted, never shown.</summary>
    public string? Password { get; init; }

    /// <summary>IANA time zone of the PBX's clock, <c>Europe/Paris</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>ISO 3166 country of the PBX, two letters, by which numbers are read.</summary>
    public string? Country { get; init; }

    /// <summary>SHA-256 of the public keys to demand, Base64; at most two, so that a certificate can be changed ahead.</summary>
    public IReadOnlyList<string>? CertificatePins { get; init; }

    /// <summary>True when plain HTTP is used on purpose.</summary>
    public bool? AllowPlainHttp { get; init; }

    /// <summary>Addresses or networks (CIDR) whose reports need no secret.</summary>
    public IReadOnlyList<string>? SourceAddresses { get; init; }

    /// <summary>Host and port this PBX shall push to, <c>10.0.0.5:8260</c>, when not the installation's.</summary>
    public string? ReportAddress { get; init; }

    /// <summary>True to switch supervision off.</summary>
    public bool? Suspended { get; init; }

    /// <summary>Cadences of this site; replaces all of them when given.</summary>
    public SitePollingResource? Polling { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Address} as {UserName}";
}

/// <summary>Cadences and time limits of one site in seconds; null means the product's own.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SitePollingResource
{
    /// <summary>Between polls while calls run; 0.5 to 3600.</summary>
    public double? BusySeconds { get; init; }

    /// <summary>Between polls while pushes are silent; 0.5 to 3600.</summary>
    public double? PushSilentSeconds { get; init; }

    /// <summary>Between polls while pushes are proven; 0.5 to 3600.</summary>
    public double? PushProvenSeconds { get; init; }

    /// <summary>First pause after a failure; 0.5 to 3600.</summary>
    public double? BackoffFirstSeconds { get; init; }

    /// <summary>Longest pause after failures; 0.5 to 3600, not below the first.</summary>
    public double? BackoffLastSeconds { get; init; }

    /// <summary>Age from which knowledge reads as unknown; 1 to 86400.</summary>
    public double? StaleAfterSeconds { get; init; }

    /// <summary>Between heartbeats; 10 to 1500, for a session dies after 1800.</summary>
    public double? HeartbeatSeconds { get; init; }

    /// <summary>Time limit of a connection; 0.1 to 60.</summary>
    public double? ConnectTimeoutSeconds { get; init; }

    /// <summary>Time limit of an answer; 0.1 to 120.</summary>
    public double? AnswerTimeoutSeconds { get; init; }
}
