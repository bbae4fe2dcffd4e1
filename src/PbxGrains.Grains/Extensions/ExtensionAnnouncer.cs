using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Extensions;

/// <summary>What a site says of its extensions: to their own actors when something changed, and to whoever asks.</summary>
/// <param name="site">The site.</param>
/// <param name="picture">Its live picture.</param>
/// <param name="staleAfter">How old knowledge may be at this moment.</param>
/// <param name="grains">Finds the extensions' actors.</param>
/// <param name="time">The clock.</param>
/// <param name="lifetime">Ends with the site's actor.</param>
internal sealed class ExtensionAnnouncer(
    SiteId site,
    SitePicture picture,
    Func<TimeSpan> staleAfter,
    IGrainFactory grains,
    TimeProvider time,
    CancellationToken lifetime)
{
    /// <summary>
    /// How long after it was last read an extension's actor hears of changes. An actor nobody reads is not woken: it asks
    /// its site when somebody does.
    /// </summary>
    public static readonly TimeSpan ToldFor = TimeSpan.FromMinutes(15);

    private const int TidyAbove = 100;

    private readonly Dictionary<ExtensionNumber, DateTimeOffset> _askedAt = [];

    /// <summary>
    /// Tells the extensions' actors that are read what changed, and waits for none of them: each asks again when it is read.
    /// What it was told serves it while its site's actor is away.
    /// </summary>
    public void Tell(IReadOnlyList<ExtensionChange> changes)
    {
        if (_askedAt.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var change in changes)
        {
            if (change.State is not { } state || !_askedAt.TryGetValue(change.Number, out var asked))
            {
                continue;
            }

            if (now - asked <= ToldFor)
            {
                grains.GetGrain<IExtensionGrain>(new ExtensionId(site, change.Number).GrainKey).Update(Knowledge(state), lifetime).Ignore();
            }
            else
            {
                _ = _askedAt.Remove(change.Number);
            }
        }
    }

    /// <summary>What is known of one extension, and how fresh it is; its actor, who asks, hears of changes from now on.</summary>
    public ExtensionKnowledge KnowledgeOf(ExtensionNumber number)
    {
        var now = time.GetUtcNow();
        _askedAt[number] = now;
        if (_askedAt.Count > TidyAbove + (2 * picture.Extensions.Count))
        {
            foreach (var (forgotten, _) in _askedAt.Where(asked => now - asked.Value > ToldFor).ToList())
            {
                _ = _askedAt.Remove(forgotten);
            }
        }

        return Knowledge(picture.Extensions.Find(number));
    }

    /// <summary>All extensions as callers may see them now.</summary>
    public IReadOnlyList<ExtensionView> Views()
    {
        var (bound, now) = (staleAfter(), time.GetUtcNow());
        return [.. picture.Extensions.All.Select(e => ExtensionJudge.View(new ExtensionId(site, e.Key), e.Value, picture.Extensions.ListedAt, bound, now))];
    }

    /// <summary>The same, and whether the PBX's list may be relied on.</summary>
    public ExtensionListing Listing()
    {
        var (bound, now, listedAt) = (staleAfter(), time.GetUtcNow(), picture.Extensions.ListedAt);
        return new ExtensionListing { Site = site, Extensions = Views(), ListedAt = listedAt, Fresh = now - listedAt <= bound, AsOf = now };
    }

    private ExtensionKnowledge Knowledge(ExtensionState? state) => new(state, picture.Extensions.ListedAt, staleAfter(), time.GetUtcNow());
}
