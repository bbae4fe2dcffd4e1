using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace PbxGrains.Grains.Placement;

/// <summary>
/// Which silo has which sites: the same answer on every silo that knows the same sites and silos. Rendezvous hashing with a
/// limit: each site goes to the silo that draws the highest lot for it and has fewer than sites ÷ silos, rounded up. So no
/// silo has one more than its part, and about one site in n moves when the n-th silo comes or goes. Pure.
/// </summary>
/// <remarks>One lot is a multiplication or two: 100,000 sites on 50 silos take some tens of milliseconds, once per change.</remarks>
public sealed class Share
{
    private readonly SiloAddress[] _silos;
    private readonly ulong[] _seeds;
    private readonly Dictionary<string, int> _owners;

    private Share(SiloAddress[] silos, ulong[] seeds, Dictionary<string, int> owners, int[] counts)
    {
        (_silos, _seeds, _owners) = (silos, seeds, owners);
        Counts = counts;
    }

    /// <summary>Nobody has anything.</summary>
    public static Share None { get; } = new([], [], [], []);

    /// <summary>The silos that share the sites.</summary>
    public IReadOnlyList<SiloAddress> Silos => _silos;

    /// <summary>Sites of each silo, in the order of <see cref="Silos"/>.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>Sites shared.</summary>
    public int Sites => _owners.Count;

    /// <summary>The largest part divided by the mean; 1 is even.</summary>
    public double Imbalance => Sites == 0 ? 1 : Counts.Max() / ((double)Sites / _silos.Length);

    /// <summary>Shares sites among silos.</summary>
    public static Share Of(IReadOnlyCollection<string> sites, IEnumerable<SiloAddress> silos)
    {
        var ordered = silos.Select(silo => (Silo: silo, Seed: SeedOf(silo))).OrderBy(s => s.Seed).ThenBy(s => s.Silo.Generation).ToArray();
        if (ordered.Length == 0)
        {
            return None;
        }

        var seeds = ordered.Select(s => s.Seed).ToArray();
        var limit = (sites.Count + seeds.Length - 1) / seeds.Length;
        var counts = new int[seeds.Length];
        var owners = new Dictionary<string, int>(sites.Count, StringComparer.Ordinal);
        foreach (var (site, hash) in sites.Select(site => (site, HashOf(site))).OrderBy(s => s.Item2).ThenBy(s => s.site, StringComparer.Ordinal))
        {
            var owner = Draw(hash, seeds, counts, limit);
            counts[owner]++;
            owners.Add(site, owner);
        }

        return new Share([.. ordered.Select(s => s.Silo)], seeds, owners, counts);
    }

    /// <summary>The silo that has a site; one that is not known (yet) by lot alone; null when there is no silo.</summary>
    public SiloAddress? OwnerOf(string site) =>
        _silos.Length == 0 ? null : _silos[_owners.TryGetValue(site, out var owner) ? owner : Draw(HashOf(site), _seeds, counts: [], limit: 0)];

    private static int Draw(ulong site, ulong[] seeds, ReadOnlySpan<int> counts, int limit)
    {
        var (best, highest) = (-1, 0UL);
        for (var i = 0; i < seeds.Length; i++)
        {
            if (!counts.IsEmpty && counts[i] >= limit)
            {
                continue;
            }

            var lot = Mix(site ^ seeds[i]);
            if (best < 0 || lot > highest)
            {
                (best, highest) = (i, lot);
            }
        }

        return best;
    }

    /// <summary>By address and port: a silo that is started again where it was gets what it had.</summary>
    private static ulong SeedOf(SiloAddress silo) => HashOf(silo.Endpoint.ToString());

    private static ulong HashOf(string text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>The finaliser of SplitMix64: every bit of the input changes half of the output's.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
