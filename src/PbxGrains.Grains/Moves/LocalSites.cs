using System.Collections.Concurrent;
using PbxGrains.Contracts;
using PbxGrains.Grains.Placement;

namespace PbxGrains.Grains.Moves;

/// <summary>The sites whose actors live on this silo.</summary>
/// <param name="shares">Which silo has which sites.</param>
public sealed class LocalSites(SiteShares shares)
{
    private readonly ConcurrentDictionary<SiteId, SiteMove> _sites = new();

    internal SiteShares Shares => shares;

    internal IEnumerable<SiteMove> All => _sites.Values;

    internal void Add(SiteMove site) => _sites[site.Site] = site;

    internal void Remove(SiteMove site) => _sites.TryRemove(KeyValuePair.Create(site.Site, site));
}
