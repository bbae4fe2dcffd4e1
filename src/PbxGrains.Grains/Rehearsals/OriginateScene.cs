using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Rehearsals;

/// <summary>Everything known in the moment of a dry run.</summary>
public sealed record OriginateScene
{
    /// <summary>The wish.</summary>
    public required OriginateRequest Request { get; init; }

    /// <summary>The site; null when none is registered.</summary>
    public required SiteConfiguration? Configuration { get; init; }

    /// <summary>How the site does.</summary>
    public required SiteHealth Health { get; init; }

    /// <summary>Particulars of the health in English; null when there are none.</summary>
    public string? HealthDetail { get; init; }

    /// <summary>Its extensions.</summary>
    public required ExtensionListing Listing { get; init; }

    /// <summary>True when another call is being started for the extension.</summary>
    public bool Dialling { get; init; }

    /// <summary>What the PBX answered when the same was last dialled; null when it was not.</summary>
    public SeenPermission? Permission { get; init; }

    /// <summary>The destination as read.</summary>
    public required DialledNumber Destination { get; init; }

    /// <summary>The PBX's trunks, asked now; null when nobody asked.</summary>
    public PbxAnswer<IReadOnlyList<TrunkView>>? Trunks { get; init; }

    /// <summary>The calling extension, when the list is fresh and holds it.</summary>
    public ExtensionView? Caller => Listing.Fresh ? Listing.Extensions.FirstOrDefault(view => view.Number == Request.Extension) : null;

    /// <summary>True when the PBX is being polled and can be asked.</summary>
    public bool Reachable => Configuration is { Suspended: false } && Health is SiteHealth.Online or SiteHealth.Degraded;
}

/// <summary>A check, and why the call would be refused when it failed.</summary>
/// <param name="Found">The check.</param>
/// <param name="Refusal">The refusal; null unless it failed.</param>
public sealed record RehearsedCheck(OriginateCheck Found, OriginateRefusal? Refusal = null)
{
    internal static RehearsedCheck Pass(OriginateCheckKind kind, string finding, string message, params (string Name, string? Value)[] facts) =>
        new(Check(kind, OriginateVerdict.Pass, finding, message, facts));

    internal static RehearsedCheck Warn(OriginateCheckKind kind, string finding, string message, params (string Name, string? Value)[] facts) =>
        new(Check(kind, OriginateVerdict.Warn, finding, message, facts));

    internal static RehearsedCheck Skip(OriginateCheckKind kind, string finding, string message) =>
        new(Check(kind, OriginateVerdict.Skipped, finding, message, []));

    internal static RehearsedCheck Fail(OriginateCheckKind kind, OriginateRefusal refusal, string finding, string message, params (string Name, string? Value)[] facts) =>
        new(Check(kind, OriginateVerdict.Fail, finding, message, facts), refusal);

    private static OriginateCheck Check(OriginateCheckKind kind, OriginateVerdict verdict, string finding, string message, (string Name, string? Value)[] facts) =>
        new(kind, verdict, finding, message, facts.Length == 0 ? null : facts.Where(fact => fact.Value is not null).ToDictionary(fact => fact.Name, fact => fact.Value!, StringComparer.Ordinal));
}
