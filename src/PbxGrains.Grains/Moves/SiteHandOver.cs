using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Grains.Moves;

/// <summary>
/// What a site's actor hands to its successor on another silo: the session, which the PBX goes on honouring, and what it
/// would take rounds, reports or a second login to learn again. It crosses the link between silos and is stored nowhere.
/// Additive: a silo of another version reads what it knows. Rows, logins counted and events are in the database already.
/// </summary>
[GenerateSerializer, Immutable, Alias("pbx.SiteHandOver")]
internal sealed record SiteHandOver
{
    /// <summary>Credentials and address the session belongs to: version of the directory row's.</summary>
    [Id(0)] public required long CredentialsVersion { get; init; }

    /// <summary>Address of the PBX.</summary>
    [Id(1)] public required string? Address { get; init; }

    /// <summary>The open session; null when there was none.</summary>
    [Id(2)] public SessionHandOver? Session { get; init; }

    /// <summary>Logins done so far.</summary>
    [Id(3)] public int Logins { get; init; }

    /// <summary>How the site does.</summary>
    [Id(4)] public required HealthHandOver Health { get; init; }

    /// <summary>The live picture.</summary>
    [Id(5)] public required PictureHandOver Picture { get; init; }

    /// <summary>The rounds so far.</summary>
    [Id(6)] public required RoundsHandOver Rounds { get; init; }

    /// <summary>What the PBX said about itself; null when it has not yet.</summary>
    [Id(7)] public DeviceHandOver? Device { get; init; }

    /// <summary>The silo it comes from when that one stops, so that nobody sends anything back; else null.</summary>
    [Id(8)] public SiloAddress? Leaving { get; init; }

    /// <summary>When it was made, UTC.</summary>
    [Id(9)] public DateTimeOffset At { get; init; }

    /// <summary>How far the clock it was made by is ahead of that of the silo it came to. Known on arrival; zero when it is not ahead.</summary>
    [Id(10)] public TimeSpan Ahead { get; init; }

    /// <inheritdoc />
    public override string ToString() => "(a site's hand-over)";
}

/// <summary>A session with a PBX. The token is as good as the password while it lives.</summary>
[GenerateSerializer, Immutable, Alias("pbx.SessionHandOver")]
internal sealed record SessionHandOver(
    [property: Id(0)] bool DialectV2,
    [property: Id(1)] string Token,
    [property: Id(2)] DateTimeOffset HeartbeatAt,
    [property: Id(3)] string? ReportUrl,
    [property: Id(4)] int ReportPort,
    [property: Id(5)] bool ReportUrlAbsolute)
{
    /// <inheritdoc />
    public override string ToString() => "(secret)";
}

/// <summary>How a site does.</summary>
[GenerateSerializer, Immutable, Alias("pbx.HealthHandOver")]
internal sealed record HealthHandOver(
    [property: Id(0)] SiteHealth Health,
    [property: Id(1)] SiteHealthReason Reason,
    [property: Id(2)] string? Detail,
    [property: Id(3)] DateTimeOffset Since,
    [property: Id(4)] IReadOnlyList<SiteWarning> Warnings);

/// <summary>Rounds, comparisons and pauses so far.</summary>
[GenerateSerializer, Immutable, Alias("pbx.RoundsHandOver")]
internal sealed record RoundsHandOver
{
    /// <summary>Rounds that worked.</summary>
    [Id(0)] public long Worked { get; init; }

    /// <summary>When one last worked.</summary>
    [Id(1)] public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>How long it took.</summary>
    [Id(2)] public TimeSpan? LastDuration { get; init; }

    /// <summary>Rounds in a row that failed.</summary>
    [Id(3)] public int Failures { get; init; }

    /// <summary>The pause the last one promised: how old knowledge may be follows from it.</summary>
    [Id(4)] public TimeSpan Promised { get; init; }

    /// <summary>When the next one is due.</summary>
    [Id(5)] public DateTimeOffset NextAt { get; init; }

    /// <summary>When call records are to be compared next; null: as soon as possible, because a comparison was cut short.</summary>
    [Id(6)] public DateTimeOffset? CompareAt { get; init; }

    /// <summary>When they were last compared whole.</summary>
    [Id(7)] public DateTimeOffset? LastComparedAt { get; init; }
}

/// <summary>What a PBX says about itself.</summary>
[GenerateSerializer, Immutable, Alias("pbx.DeviceHandOver")]
internal sealed record DeviceHandOver(
    [property: Id(0)] string? Name,
    [property: Id(1)] string? SerialNumber,
    [property: Id(2)] string? Firmware,
    [property: Id(3)] DateTimeOffset? Clock,
    [property: Id(4)] TimeSpan? Uptime,
    [property: Id(5)] int? RegisteredExtensions,
    [property: Id(6)] int? TotalExtensions);

/// <summary>Extensions, calls, and whether pushes can be relied on.</summary>
[GenerateSerializer, Immutable, Alias("pbx.PictureHandOver")]
internal sealed record PictureHandOver
{
    /// <summary>The extensions.</summary>
    [Id(0)] public required IReadOnlyList<ExtensionHandOver> Extensions { get; init; }

    /// <summary>When the list was last read whole.</summary>
    [Id(1)] public DateTimeOffset? ListedAt { get; init; }

    /// <summary>Number of the last change.</summary>
    [Id(2)] public long Revision { get; init; }

    /// <summary>The calls, those remembered as ended included.</summary>
    [Id(3)] public required IReadOnlyList<CallHandOver> Calls { get; init; }

    /// <summary>When a report last arrived.</summary>
    [Id(4)] public DateTimeOffset? LastReportAt { get; init; }

    /// <summary>When a poll last found what no push had told.</summary>
    [Id(5)] public DateTimeOffset? MissedAt { get; init; }
}

/// <summary>One extension.</summary>
[GenerateSerializer, Immutable, Alias("pbx.ExtensionHandOver")]
internal sealed record ExtensionHandOver(
    [property: Id(0)] ExtensionNumber Number,
    [property: Id(1)] ExtensionState State,
    [property: Id(2)] DateTimeOffset? PushedAt);
