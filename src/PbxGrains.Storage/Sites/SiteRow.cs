namespace PbxGrains.Storage.Sites;

/// <summary>One registered PBX: its configuration, and a little that was learnt from it.</summary>
public sealed record SiteRow
{
    /// <summary>Its id: 1 to 63 lower-case letters, digits and hyphens.</summary>
    public required string SiteId { get; init; }

    /// <summary>Its name for people; blank becomes the id.</summary>
    public required string Name { get; init; }

    /// <summary>Where the PBX is: a host, host:port or URL without blanks.</summary>
    public required string Address { get; init; }

    /// <summary>User of the PBX's API.</summary>
    public required string UserName { get; init; }

    /// <summary>The encrypted MD5 of that user's password; this layer never sees it plain. Empty when it was never set (a row inserted in SQL).</summary>
    public required byte[] PasswordCipher { get; init; }

    /// <summary>IANA name of the time zone of the PBX's wall clock.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Two capital letters (ISO 3166), for reading phone numbers; null when unknown.</summary>
    public string? Country { get; init; }

    /// <summary>Pinned certificate keys; empty when none are.</summary>
    public IReadOnlyList<string> CertificatePins { get; init; } = [];

    /// <summary>True when the PBX may be spoken to without TLS.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>IP addresses or CIDR ranges whose reports need no secret.</summary>
    public IReadOnlyList<string> SourceAddresses { get; init; } = [];

    /// <summary>Host:port the PBX shall push to; null for the one the front is configured with.</summary>
    public string? ReportAddress { get; init; }

    /// <summary>True while an operator keeps the site switched off.</summary>
    public bool Suspended { get; init; }

    /// <summary>Why; null when not suspended or not said.</summary>
    public string? SuspendedReason { get; init; }

    /// <summary>How fast to poll.</summary>
    public SitePolling Polling { get; init; } = new();

    /// <summary>Learnt: the dialect the PBX speaks; null until known.</summary>
    public string? Dialect { get; init; }

    /// <summary>Learnt: the PBX's firmware; null until known.</summary>
    public string? Firmware { get; init; }

    /// <summary>Learnt: the PBX's serial number; null until known.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>Changes when address, user or password change; never repeats.</summary>
    public long CredentialsVersion { get; init; }

    /// <summary>Changes with every change of configuration, whoever makes it; never repeats, not even for a site registered anew.</summary>
    public long RowVersion { get; init; }

    /// <summary>When it was registered (UTC).</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its configuration last changed (UTC).</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A site and the version of its configuration: enough to see what changed.</summary>
/// <param name="SiteId">The site.</param>
/// <param name="RowVersion">See <see cref="SiteRow.RowVersion" />.</param>
public sealed record SiteRowVersion(string SiteId, long RowVersion);

/// <summary>What saving may do.</summary>
public enum SiteSaveMode
{
    /// <summary>Only register a new site.</summary>
    Create,

    /// <summary>Only change a registered one.</summary>
    Update,

    /// <summary>Either.</summary>
    CreateOrUpdate,
}

/// <summary>What saving did.</summary>
public enum SiteSaveResult
{
    /// <summary>The site is new.</summary>
    Created,

    /// <summary>The site was there and now has this configuration (it may have had it before).</summary>
    Updated,

    /// <summary>Nothing: there is such a site already.</summary>
    AlreadyExists,

    /// <summary>Nothing: there is no such site.</summary>
    NotFound,
}
