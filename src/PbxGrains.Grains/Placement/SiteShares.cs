using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using PbxGrains.Contracts;
using PbxGrains.Grains.Moves;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Placement;

/// <summary>
/// The share in force on this silo, made anew when a silo comes, goes or begins to stop, or when the list of sites changes.
/// Workers take part when there are any, else fronts. Silos of a version that knows no shares take part only when there
/// is nobody else: they could not take a session over.
/// </summary>
public sealed class SiteShares(
    IClusterManifestProvider manifests,
    IClusterMembershipService membership,
    GrainTypeResolver types,
    ILocalSiloDetails self,
    IOptions<MoveSettings> settings,
    TimeProvider time)
{
    private readonly Lock _making = new();
    private readonly GrainType _site = types.GetGrainType(typeof(SiteGrain));
    private volatile IReadOnlyCollection<string> _sites = [];
    private volatile ImmutableHashSet<SiloAddress> _leaving = [];
    private volatile Made _made = new(default, default, [], [], Share.None);
    private volatile Share? _settled;
    private Share? _latest;
    private DateTimeOffset _latestSince;

    /// <summary>The share as of now. The same object as long as nothing changed.</summary>
    public Share Current
    {
        get
        {
            var made = _made;
            return made.Holds(membership.CurrentSnapshot.Version, manifests.Current.Version, _sites, _leaving) ? made.Share : Make();
        }
    }

    /// <summary>This silo.</summary>
    public SiloAddress Self => self.SiloAddress;

    /// <summary>True once this silo has begun to stop.</summary>
    public bool IsLeaving => _leaving.Contains(Self);

    /// <summary>
    /// Where a site's actor is placed: where it belonged while that silo stays and a new share is young. The directory of actors
    /// changes hands just then, and an actor that is not found for a moment must be looked for where it lives.
    /// </summary>
    /// <returns>Null when no silo takes part.</returns>
    public SiloAddress? PlaceOf(string site)
    {
        var current = Current;
        var owner = Settle(current).OwnerOf(site);
        return owner is not null && current.Silos.Contains(owner) ? owner : current.OwnerOf(site);
    }

    /// <summary>True when the site's actor is placed on this silo.</summary>
    public bool IsMine(SiteId site) => Self.Equals(PlaceOf(site.Value));

    /// <summary>The silo that has a site and knows how to take a session over; null when that is none but this one.</summary>
    public SiloAddress? SuccessorFor(SiteId site) =>
        Current.OwnerOf(site.Value) is { } owner && !owner.Equals(Self) && KindOf(owner) is not null ? owner : null;

    /// <summary>All sites of the directory. One that is not listed is placed all the same.</summary>
    public void Know(IReadOnlyCollection<string> sites)
    {
        if (sites.Count != _sites.Count || !sites.ToHashSet(StringComparer.Ordinal).SetEquals(_sites))
        {
            _sites = sites;
        }
    }

    /// <summary>A silo is about to stop, before the cluster is told: it has no share any more. Its successors hear it with the first site.</summary>
    public void Leaves(SiloAddress silo)
    {
        lock (_making)
        {
            _leaving = _leaving.Add(silo);
        }
    }

    private SiloKind? KindOf(SiloAddress silo) =>
        manifests.Current.Silos.TryGetValue(silo, out var manifest) ? SiloKindProperty.Of(manifest, _site) : null;

    private Share Settle(Share current)
    {
        if (ReferenceEquals(_settled, current))
        {
            return current;
        }

        lock (_making)
        {
            var now = time.GetUtcNow();
            if (!ReferenceEquals(_latest, current))
            {
                (_latest, _latestSince) = (current, now);
            }

            // A silo that has just come has nothing yet: the others have what they had.
            var settled = _settled ??= current.Silos.Count > 1 ? Share.Of(_sites, current.Silos.Where(silo => !silo.Equals(Self))) : current;
            return settled.Silos.SequenceEqual(current.Silos) || now - _latestSince >= settings.Value.MovesAfter ? _settled = current : settled;
        }
    }

    private Share Make()
    {
        lock (_making)
        {
            var (members, manifest, sites, leaving) = (membership.CurrentSnapshot, manifests.Current, _sites, _leaving);
            if (_made.Holds(members.Version, manifest.Version, sites, leaving))
            {
                return _made.Share;
            }

            var active = members.Members.Values
                .Where(m => m.Status == SiloStatus.Active && !leaving.Contains(m.SiloAddress) && manifest.Silos.TryGetValue(m.SiloAddress, out var known) && known.Grains.ContainsKey(_site))
                .Select(m => (m.SiloAddress, Kind: SiloKindProperty.Of(manifest.Silos[m.SiloAddress], _site)))
                .ToList();
            var best = active.Select(s => s.Kind).Max();
            var share = Share.Of(sites, active.Where(s => s.Kind == best).Select(s => s.SiloAddress));
            _made = new Made(members.Version, manifest.Version, sites, leaving, IsSame(share, sites) ? _made.Share : share);
            return _made.Share;
        }
    }

    /// <summary>A change that concerns nobody who shares, another client's for example, makes no new share.</summary>
    private bool IsSame(Share share, IReadOnlyCollection<string> sites) => ReferenceEquals(_made.Sites, sites) && _made.Share.Silos.SequenceEqual(share.Silos);

    private sealed record Made(MembershipVersion Members, MajorMinorVersion Manifest, IReadOnlyCollection<string> Sites, ImmutableHashSet<SiloAddress> Leaving, Share Share)
    {
        public bool Holds(MembershipVersion members, MajorMinorVersion manifest, IReadOnlyCollection<string> sites, ImmutableHashSet<SiloAddress> leaving) =>
            Members == members && Manifest == manifest && ReferenceEquals(Sites, sites) && ReferenceEquals(Leaving, leaving);
    }
}
