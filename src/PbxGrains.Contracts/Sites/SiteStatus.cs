using PbxGrains.Contracts.Extensions;

namespace PbxGrains.Contracts.Sites;

/// <summary>How a site does.</summary>
[GenerateSerializer, Alias("pbx.SiteHealth")]
public enum SiteHealth
{
    /// <summary>No answer yet since supervision began or the configuration changed.</summary>
    Connecting = 0,

    /// <summary>Logged in and polled successfully.</summary>
    Online = 1,

    /// <summary>The PBX answers, but something we need does not work: see the reason.</summary>
    Degraded = 2,

    /// <summary>The PBX does not answer.</summary>
    Unreachable = 3,

    /// <summary>The PBX refused our credentials; nobody logs in until they change or an operator resumes.</summary>
    CredentialsRejected = 4,

    /// <summary>An operator switched supervision off.</summary>
    Suspended = 5,
}

/// <summary>Why a site has its health; each value has a sentence in English and French.</summary>
[GenerateSerializer, Alias("pbx.SiteHealthReason")]
public enum SiteHealthReason
{
    /// <summary>The first contact is under way.</summary>
    FirstContact = 0,

    /// <summary>All is well.</summary>
    Polling = 1,

    /// <summary>No connection to the address: VPN, address, port or power.</summary>
    NoConnection = 2,

    /// <summary>Connected, but no answer within the time limit.</summary>
    NoAnswer = 3,

    /// <summary>The certificate is not one of the site's pinned certificates; nothing was sent.</summary>
    CertificateChanged = 4,

    /// <summary>Something answered that is not the PBX's API.</summary>
    UnexpectedAnswer = 5,

    /// <summary>User or password wrong.</summary>
    WrongCredentials = 6,

    /// <summary>Our address is locked out by the PBX after failed logins.</summary>
    AddressLocked = 7,

    /// <summary>The login answer never came, repeatedly; we wait out the lock-out window before trying again.</summary>
    LoginUnresolved = 8,

    /// <summary>The PBX refused a request we need.</summary>
    RequestRefused = 9,

    /// <summary>Switched off by an operator.</summary>
    SuspendedByOperator = 10,

    /// <summary>The stored password cannot be read with this installation's keys.</summary>
    SecretUnreadable = 11,

    /// <summary>Our own database does not answer, and without it nobody logs in: the login budget lives there.</summary>
    StorageUnavailable = 12,

    /// <summary>The directory row lacks something: no password yet, or an address that is none.</summary>
    Incomplete = 13,
}

/// <summary>Whether the PBX's pushes can be relied on.</summary>
[GenerateSerializer, Alias("pbx.PushState")]
public enum PushState
{
    /// <summary>No report arrived lately, or a poll found a change that was not pushed.</summary>
    Silent = 0,

    /// <summary>Reports arrive and polls find nothing they missed.</summary>
    Proven = 1,
}

/// <summary>Something an administrator should look at.</summary>
/// <param name="Code">Stable code, <c>serial-number-contradicts</c> for example.</param>
/// <param name="Message">One English sentence.</param>
/// <param name="At">When it was last seen, UTC.</param>
[GenerateSerializer, Immutable, Alias("pbx.SiteWarning")]
public sealed record SiteWarning([property: Id(0)] string Code, [property: Id(1)] string Message, [property: Id(2)] DateTimeOffset At);

/// <summary>Health, freshness and counts of one site. Instants are UTC; null means never.</summary>
[GenerateSerializer, Immutable, Alias("pbx.SiteStatus")]
public sealed record SiteStatus
{
    /// <summary>The site.</summary>
    [Id(0)] public required SiteId Site { get; init; }

    /// <summary>How it does.</summary>
    [Id(1)] public required SiteHealth Health { get; init; }

    /// <summary>Why, as a stable value.</summary>
    [Id(2)] public required SiteHealthReason Reason { get; init; }

    /// <summary>Particulars of the reason in English, null when there are none.</summary>
    [Id(3)] public string? Detail { get; init; }

    /// <summary>Since when it has this health.</summary>
    [Id(4)] public required DateTimeOffset Since { get; init; }

    /// <summary>When a poll round last succeeded.</summary>
    [Id(5)] public DateTimeOffset? LastPollAt { get; init; }

    /// <summary>How long that round took, milliseconds.</summary>
    [Id(6)] public double? LastPollMilliseconds { get; init; }

    /// <summary>When the next round is due.</summary>
    [Id(7)] public DateTimeOffset? NextPollAt { get; init; }

    /// <summary>Successful rounds of this activation.</summary>
    [Id(8)] public long PollRounds { get; init; }

    /// <summary>When a report last arrived.</summary>
    [Id(9)] public DateTimeOffset? LastReportAt { get; init; }

    /// <summary>Whether pushes can be relied on.</summary>
    [Id(10)] public PushState Push { get; init; }

    /// <summary>API dialect in use, <c>1.1.0</c> or <c>2.0.0</c>.</summary>
    [Id(11)] public string? Dialect { get; init; }

    /// <summary>Firmware of the PBX.</summary>
    [Id(12)] public string? Firmware { get; init; }

    /// <summary>Serial number of the PBX.</summary>
    [Id(13)] public string? SerialNumber { get; init; }

    /// <summary>Number of extensions by status, stale ones as unknown.</summary>
    [Id(14)] public IReadOnlyDictionary<ExtensionStatus, int> Extensions { get; init; } = new Dictionary<ExtensionStatus, int>();

    /// <summary>Calls running now.</summary>
    [Id(15)] public int RunningCalls { get; init; }

    /// <summary>What an administrator should look at.</summary>
    [Id(16)] public IReadOnlyList<SiteWarning> Warnings { get; init; } = [];

    /// <summary>Logins refused in a row; at two nobody tries again.</summary>
    [Id(17)] public int LoginFailures { get; init; }

    /// <summary>The silo that hosts the site's actor.</summary>
    [Id(18)] public string? Silo { get; init; }

    /// <summary>Version of the directory row in force; null when the site is not registered.</summary>
    [Id(19)] public long? RowVersion { get; init; }
}
