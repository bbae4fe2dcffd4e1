namespace PbxGrains.Cli.Api;

/// <summary>What a site is saved with; null leaves a value as it is (or at its default when the site is new).</summary>
internal sealed record SiteInput
{
    public string? Name { get; init; }

    public string? Address { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    public string? TimeZone { get; init; }

    public string? Country { get; init; }

    public IReadOnlyList<string>? CertificatePins { get; init; }

    public bool? AllowPlainHttp { get; init; }

    public IReadOnlyList<string>? SourceAddresses { get; init; }

    public string? ReportAddress { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Address} as {UserName}";
}

/// <summary>A site as the API shows it. Enums stay text: a newer front may know more of them than this binary.</summary>
internal sealed record SiteResource
{
    public string? SiteId { get; init; }

    public string? Name { get; init; }

    public string? Address { get; init; }

    public string? UserName { get; init; }

    public bool HasPassword { get; init; }

    public string? TimeZone { get; init; }

    public string? Country { get; init; }

    public IReadOnlyList<string>? CertificatePins { get; init; }

    public bool AllowPlainHttp { get; init; }

    public IReadOnlyList<string>? SourceAddresses { get; init; }

    public string? ReportAddress { get; init; }

    public bool Suspended { get; init; }

    public string? Dialect { get; init; }

    public string? Firmware { get; init; }

    public string? SerialNumber { get; init; }

    public SiteStatusResource? Status { get; init; }
}

/// <summary>How a site does; instants are UTC, null means never.</summary>
internal sealed record SiteStatusResource
{
    public string? Health { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? LastPollAt { get; init; }

    public double? LastPollMilliseconds { get; init; }

    public DateTimeOffset? LastReportAt { get; init; }

    public string? Push { get; init; }

    public IReadOnlyDictionary<string, int>? Extensions { get; init; }

    public int RunningCalls { get; init; }

    public IReadOnlyList<SiteWarningResource>? Warnings { get; init; }

    public int LoginFailures { get; init; }

    public string? Silo { get; init; }
}

/// <summary>Something an administrator should look at.</summary>
internal sealed record SiteWarningResource(string Code, string Message, DateTimeOffset At);

/// <summary>What saving a site answers; the webhook is shown on creation only.</summary>
internal sealed record SiteSaved(SiteResource? Site, WebhookResource? Webhook);

/// <summary>Where the PBX shall send its reports, with the secret that proves it is the PBX.</summary>
internal sealed record WebhookResource(string? Url, string? Secret, DateTimeOffset? PreviousValidUntil)
{
    /// <inheritdoc />
    public override string ToString() => "(webhook)";
}

/// <summary>A configuration to try before it is saved.</summary>
internal sealed record SiteProbe
{
    public string? SiteId { get; init; }

    public required string Address { get; init; }

    public required string UserName { get; init; }

    public required string Password { get; init; }

    public required IReadOnlyList<string> CertificatePins { get; init; }

    public required bool AllowPlainHttp { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Address} as {UserName}";
}

/// <summary>What a probe found out.</summary>
internal sealed record SiteProbeResult
{
    /// <summary>The step that failed, or <c>done</c>: <c>address</c>, <c>connection</c>, <c>certificate</c>, <c>login</c>, <c>device</c>.</summary>
    public string? Reached { get; init; }

    public string? Failure { get; init; }

    public string? Message { get; init; }

    public string? CertificatePin { get; init; }

    public string? CertificateSubject { get; init; }

    public DateTimeOffset? CertificateExpires { get; init; }

    public string? Dialect { get; init; }

    public string? Firmware { get; init; }

    public string? SerialNumber { get; init; }

    public string? DeviceName { get; init; }

    public double? ClockSkewSeconds { get; init; }

    public int? UtcOffsetMinutes { get; init; }
}

/// <summary>Credentials that shall take the place of the stored ones; a null user keeps the stored one.</summary>
internal sealed record SiteCredentialsInput(string? UserName, string Password)
{
    /// <inheritdoc />
    public override string ToString() => $"as {UserName}";
}

/// <summary>A site whose credentials were changed, and what the login found out that proved them.</summary>
internal sealed record SiteCredentialsChanged(SiteResource? Site, SiteProbeResult? Proof);

/// <summary>Why a site is suspended.</summary>
internal sealed record SuspendInput(string? Reason);

/// <summary>For how long the old webhook secret stays good.</summary>
internal sealed record WebhookSecretInput(int? OverlapHours);
