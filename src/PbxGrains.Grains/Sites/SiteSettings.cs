namespace PbxGrains.Grains.Sites;

/// <summary>What holds for all sites unless a site says otherwise; configuration section <c>Pbx</c>.</summary>
public sealed record SiteSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Pbx";

    /// <summary>
    /// Host and port PBXs reach our report listener by, <c>10.0.0.5:8260</c>. Null: a PBX pushes to the address it sees
    /// our requests come from, which only works when the silo and the front share it.
    /// </summary>
    public string? ReportAddress { get; init; }

    /// <summary>Port of the report listener, used when <see cref="ReportAddress"/> is null.</summary>
    public int ReportPort { get; init; } = 8260;

    /// <summary>Time from one poll round to the next while calls run.</summary>
    public TimeSpan Busy { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time from one poll round to the next while nothing happens and pushes are not proven.</summary>
    public TimeSpan PushSilent { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time from one poll round to the next while nothing happens and pushes are proven.</summary>
    public TimeSpan PushProven { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>First pause after the PBX could not be reached; doubles up to <see cref="BackoffLast"/>, with jitter.</summary>
    public TimeSpan BackoffFirst { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause while the PBX cannot be reached.</summary>
    public TimeSpan BackoffLast { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Extension knowledge not confirmed for longer than this reads as unknown. Null: three poll periods, at least 30 s.</summary>
    public TimeSpan? StaleAfter { get; init; }

    /// <summary>Time between heartbeats; the PBX forgets a session after 30 minutes.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time from one comparison of the recent call records with the PBX's own to the next; each login brings one, too.</summary>
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Time limit for a connection to a PBX.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Time limit for an answer of a PBX.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Networks the company's PBXs lie in, in CIDR notation (<c>10.0.0.0/8</c>); empty: the checklist cannot judge where an address lies.</summary>
    public IReadOnlyList<string> VpnRanges { get; init; } = [];

    /// <summary>How often the site directory is compared with what is supervised, besides change notifications.</summary>
    public TimeSpan Reconcile { get; init; } = TimeSpan.FromSeconds(30);
}
