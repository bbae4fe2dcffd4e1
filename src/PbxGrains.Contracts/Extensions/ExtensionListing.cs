namespace PbxGrains.Contracts.Extensions;

/// <summary>All extensions of a site in one look, and whether the list itself may be relied on: what is missing from a stale list may exist.</summary>
[GenerateSerializer, Immutable, Alias("pbx.ExtensionListing")]
public sealed record ExtensionListing
{
    /// <summary>The site.</summary>
    [Id(0)] public required SiteId Site { get; init; }

    /// <summary>The extensions, stale ones as unknown.</summary>
    [Id(1)] public required IReadOnlyList<ExtensionView> Extensions { get; init; }

    /// <summary>When the PBX's list was last read whole, UTC; null when never in this activation.</summary>
    [Id(2)] public DateTimeOffset? ListedAt { get; init; }

    /// <summary>True when it was read within its bound: only then does an extension that is not listed not exist.</summary>
    [Id(3)] public required bool Fresh { get; init; }

    /// <summary>The clock's time when this was made, UTC.</summary>
    [Id(4)] public required DateTimeOffset AsOf { get; init; }
}
