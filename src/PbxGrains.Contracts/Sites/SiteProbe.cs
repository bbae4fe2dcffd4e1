namespace PbxGrains.Contracts.Sites;

/// <summary>A site configuration to be tried before it is saved.</summary>
[GenerateSerializer, Immutable, Alias("pbx.SiteCandidate")]
public sealed record SiteCandidate
{
    /// <summary>Address of the PBX's web interface, <c>https://10.1.0.254:8088</c>.</summary>
    [Id(0)] public required string Address { get; init; }

    /// <summary>API user of the PBX.</summary>
    [Id(1)] public required string UserName { get; init; }

    /// <summary>Lower-case hexadecimal MD5 of the API password: what the PBX wants to see. As secret as the password.</summary>
    [Id(2)] public required string PasswordMd5 { get; init; }

    /// <summary>Pins to demand (SHA-256 of the public key, Base64); empty to accept and report the certificate presented.</summary>
    [Id(3)] public IReadOnlyList<string> CertificatePins { get; init; } = [];

    /// <summary>True when the site speaks plain HTTP on purpose.</summary>
    [Id(4)] public bool AllowPlainHttp { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Address} as {UserName}";
}

/// <summary>How far a probe came.</summary>
[GenerateSerializer, Alias("pbx.SiteProbeStep")]
public enum SiteProbeStep
{
    /// <summary>The address could not be used at all.</summary>
    Address = 0,

    /// <summary>A TCP connection.</summary>
    Connection = 1,

    /// <summary>The TLS certificate.</summary>
    Certificate = 2,

    /// <summary>The login.</summary>
    Login = 3,

    /// <summary>Device information: dialect, firmware, serial number, clock.</summary>
    Device = 4,

    /// <summary>Everything worked.</summary>
    Done = 5,
}

/// <summary>What a probe found out.</summary>
[GenerateSerializer, Immutable, Alias("pbx.SiteProbeResult")]
public sealed record SiteProbeResult
{
    /// <summary>The step that failed, or <see cref="SiteProbeStep.Done"/>.</summary>
    [Id(0)] public required SiteProbeStep Reached { get; init; }

    /// <summary>Stable code of the failure (<c>no-connection</c>, <c>wrong-credentials</c>, …); null when done.</summary>
    [Id(1)] public string? Failure { get; init; }

    /// <summary>What failed, one English sentence; null when done.</summary>
    [Id(2)] public string? Message { get; init; }

    /// <summary>Pin of the certificate presented (SHA-256 of the public key, Base64); null over plain HTTP.</summary>
    [Id(3)] public string? CertificatePin { get; init; }

    /// <summary>Subject of the certificate presented.</summary>
    [Id(4)] public string? CertificateSubject { get; init; }

    /// <summary>When the certificate ends, UTC.</summary>
    [Id(5)] public DateTimeOffset? CertificateExpires { get; init; }

    /// <summary>API dialect found, <c>1.1.0</c> or <c>2.0.0</c>.</summary>
    [Id(6)] public string? Dialect { get; init; }

    /// <summary>Firmware found.</summary>
    [Id(7)] public string? Firmware { get; init; }

    /// <summary>Serial number found.</summary>
    [Id(8)] public string? SerialNumber { get; init; }

    /// <summary>Name the PBX gives itself.</summary>
    [Id(9)] public string? DeviceName { get; init; }

    /// <summary>Clock of the PBX minus ours, seconds; null when it did not say.</summary>
    [Id(10)] public double? ClockSkewSeconds { get; init; }

    /// <summary>UTC offset the PBX says it has, minutes; null when it did not say.</summary>
    [Id(11)] public int? UtcOffsetMinutes { get; init; }
}
