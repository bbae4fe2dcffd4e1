using System.Collections.Concurrent;
using PbxGrains.Contracts;
using PbxGrains.Grains.Placement;

namespace PbxGrains.Grains.Moves;

/// <summary>The sites whose actors live on this silo.</summary>
/// <param name="shares">Which silo has which sites.</param>
public sealed class LocalSites(SiteShares shares)
{
    private readonly ConcurrentDictionary<SiteId, SiteMove> _sites = new();

    private readonly ConcurrentDictionary<SiteId, SiteHandOver> _interrupted = new();

    internal SiteShares Shares => shares;

    internal IEnumerable<SiteMove> All => _sites.Values;

    internal void Add(SiteMove site) => _sites[site.Site] = site;

    /// <summary>
    /// Keeps what an actor knew that ends here and will be started here again: the runtime ends all actors whose entry in its
    /// directory was kept by a silo that left, wherever they live.
    /// </summary>
    internal void Keep(SiteId site, SiteHandOver handOver) => _interrupted[site] = handOver;

    /// <summary>What was kept since then; null when nothing was.</summary>
    internal SiteHandOver? Take(SiteId site, DateTimeOffset since) =>
        _interrupted.TryRemove(site, out var handOver) && handOver.At >= since ? handOver : null;

    internal void Remove(SiteMove site) => _sites.TryRemove(KeyValuePair.Create(site.Site, site));
}
