using Orleans.Metadata;
using PbxGrains.Contracts;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Placement;

/// <summary>
/// The share in force on this silo, made anew when a silo comes, goes or begins to stop, or when the list of sites changes.
/// Workers take part when there are any, else fronts. Silos of a version that knows no shares take part only when there
/// is nobody else: they could not take a session over.
/// </summary>
public sealed class SiteShares(IClusterManifestProvider manifests, IClusterMembershipService membership, GrainTypeResolver types, ILocalSiloDetails self)
{
    private readonly Lock _making = new();
    private readonly GrainType _site = types.GetGrainType(typeof(SiteGrain));
    private volatile IReadOnlyCollection<string> _sites = [];
    private volatile Made _made = new(default, default, [], Share.None);

    /// <summary>The share as of now. The same object as long as nothing changed.</summary>
    public Share Current
    {
        get
        {
            var made = _made;
            return made.Holds(membership.CurrentSnapshot.Version, manifests.Current.Version, _sites) ? made.Share : Make();
        }
    }

    /// <summary>This silo.</summary>
    public SiloAddress Self => self.SiloAddress;

    /// <summary>The silo that has a site; null when none is active.</summary>
    public SiloAddress? OwnerOf(SiteId site) => Current.OwnerOf(site.Value);

    /// <summary>True when the site belongs on this silo.</summary>
    public bool IsMine(SiteId site) => Self.Equals(OwnerOf(site));

    /// <summary>The silo that has a site and knows how to take a session over; null when that is none but this one.</summary>
    public SiloAddress? SuccessorFor(SiteId site) =>
        OwnerOf(site) is { } owner && !owner.Equals(Self) && KindOf(owner) is not null ? owner : null;

    /// <summary>All sites of the directory. One that is not listed is placed all the same.</summary>
    public void Know(IReadOnlyCollection<string> sites)
    {
        if (sites.Count != _sites.Count || !sites.ToHashSet(StringComparer.Ordinal).SetEquals(_sites))
        {
            _sites = sites;
        }
    }

    private SiloKind? KindOf(SiloAddress silo) =>
        manifests.Current.Silos.TryGetValue(silo, out var manifest) ? SiloKindProperty.Of(manifest, _site) : null;

    private Share Make()
    {
        lock (_making)
        {
            var (members, manifest, sites) = (membership.CurrentSnapshot, manifests.Current, _sites);
            if (_made.Holds(members.Version, manifest.Version, sites))
            {
                return _made.Share;
            }

            var active = members.Members.Values
                .Where(m => m.Status == SiloStatus.Active && manifest.Silos.TryGetValue(m.SiloAddress, out var known) && known.Grains.ContainsKey(_site))
                .Select(m => (m.SiloAddress, Kind: SiloKindProperty.Of(manifest.Silos[m.SiloAddress], _site)))
                .ToList();
            var best = active.Select(s => s.Kind).Max();
            var silos = active.Where(s => s.Kind == best).Select(s => s.SiloAddress).ToList();
            var share = Share.Of(sites, silos);
            _made = new Made(members.Version, manifest.Version, sites, IsSame(share, sites) ? _made.Share : share);
            return _made.Share;
        }
    }

    /// <summary>A change that concerns nobody who shares, another client's for example, makes no new share.</summary>
    private bool IsSame(Share share, IReadOnlyCollection<string> sites) => ReferenceEquals(_made.Sites, sites) && _made.Share.Silos.SequenceEqual(share.Silos);

    private sealed record Made(MembershipVersion Members, MajorMinorVersion Manifest, IReadOnlyCollection<string> Sites, Share Share)
    {
        public bool Holds(MembershipVersion members, MajorMinorVersion manifest, IReadOnlyCollection<string> sites) =>
            Members == members && Manifest == manifest && ReferenceEquals(Sites, sites);
    }
}
