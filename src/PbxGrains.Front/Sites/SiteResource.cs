using PbxGrains.Contracts.Sites;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Sites;

/// <summary>A registered site. Instants are UTC; null means unknown.</summary>
public sealed record SiteResource
{
    /// <summary>The site's id.</summary>
    public required string SiteId { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Address of the PBX's web interface.</summary>
    public required string Address { get; init; }

    /// <summary>API user of the PBX.</summary>
    public required string UserName { get; init; }

    /// <summary>True when a password is stored.</summary>
    public required bool HasPassword { get; init; }

    /// <summary>IANA time zone of the PBX's clock.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Country by which numbers are read.</summary>
    public required string? Country { get; init; }

    /// <summary>SHA-256 of the public keys demanded, Base64; none means any certificate.</summary>
    public required IReadOnlyList<string> CertificatePins { get; init; }

    /// <summary>True when plain HTTP is used on purpose.</summary>
    public required bool AllowPlainHttp { get; init; }

    /// <summary>Addresses or networks whose reports need no secret.</summary>
    public required IReadOnlyList<string> SourceAddresses { get; init; }

    /// <summary>Host and port this PBX shall push to; null means the installation's.</summary>
    public required string? ReportAddress { get; init; }

    /// <summary>True when an operator switched supervision off.</summary>
    public required bool Suspended { get; init; }

    /// <summary>The operator's reason.</summary>
    public required string? SuspendedReason { get; init; }

    /// <summary>Cadences of this site; null fields mean the product's own.</summary>
    public required SitePollingResource Polling { get; init; }

    /// <summary>API dialect of the PBX, <c>1.1.0</c> or <c>2.0.0</c>.</summary>
    public required string? Dialect { get; init; }

    /// <summary>Firmware of the PBX.</summary>
    public required string? Firmware { get; init; }

    /// <summary>Serial number of the PBX.</summary>
    public required string? SerialNumber { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its configuration last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Grows with every change of the configuration.</summary>
    public required long Version { get; init; }

    /// <summary>How it does; null when its actor cannot be asked just now.</summary>
    public required SiteStatusResource? Status { get; init; }

    /// <summary>A site from its row and what its actor said.</summary>
    public static SiteResource Of(SiteRow row, SiteStatus? status) => new()
    {
        SiteId = row.SiteId,
        Name = row.Name,
        Address = row.Address,
        UserName = row.UserName,
        HasPassword = row.PasswordCipher.Length > 0,
        TimeZone = row.TimeZone,
        Country = row.Country,
        CertificatePins = row.CertificatePins,
        AllowPlainHttp = row.AllowPlainHttp,
        SourceAddresses = row.SourceAddresses,
        ReportAddress = row.ReportAddress,
        Suspended = row.Suspended,
        SuspendedReason = row.SuspendedReason,
        Polling = SiteCadences.Show(row.Polling),
        Dialect = status?.Dialect ?? row.Dialect,
        Firmware = status?.Firmware ?? row.Firmware,
        SerialNumber = status?.SerialNumber ?? row.SerialNumber,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        Version = row.RowVersion,
        Status = status is null ? null : SiteStatusResource.Of(status),
    };
}
