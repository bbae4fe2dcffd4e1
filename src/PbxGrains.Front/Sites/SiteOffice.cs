using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Cluster;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Sites;

/// <summary>Shows sites together with what their actors say, and passes changes on at once instead of with the next notification.</summary>
internal sealed class SiteOffice(SiteRegistry registry, SiteDirectory directory, IGrainFactory grains)
{
    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(3);

    /// <summary>All sites.</summary>
    public async Task<IReadOnlyList<SiteResource>> ListAsync(CancellationToken ct) =>
        await Task.WhenAll((await registry.ListAsync(ct)).Select(row => ShowAsync(row, ct)));

    /// <summary>Those of these sites that are registered.</summary>
    public async Task<IReadOnlyList<SiteResource>> ListAsync(IReadOnlyCollection<string> siteIds, CancellationToken ct) =>
        await Task.WhenAll((await registry.ListAsync(siteIds, ct)).Select(row => ShowAsync(row, ct)));

    /// <summary>One site; null when not registered.</summary>
    public async Task<SiteResource?> FindAsync(SiteId id, CancellationToken ct) =>
        await registry.FindAsync(id.Value, ct) is { } row ? await ShowAsync(row, ct) : null;

    /// <summary>Makes a change known here and to the site's actor.</summary>
    /// <returns>The row in force; null when the site is gone.</returns>
    public async Task<SiteRow?> ChangedAsync(SiteId id, CancellationToken ct)
    {
        var known = await directory.ReloadAsync(id.Value, ct);
        await GrainCalls.TryTell(c => Actor(id).Supervise(known?.Row.RowVersion, c), StatusLimit, ct);
        return known?.Row;
    }

    /// <summary>Lets the site's actor log in again after its login budget was spent.</summary>
    public Task<bool> ResumeAsync(SiteId id, CancellationToken ct) => GrainCalls.TryTell(c => Actor(id).Resume(c), StatusLimit, ct);

    /// <summary>A row with what its actor says now; without when it does not answer in time.</summary>
    public async Task<SiteResource> ShowAsync(SiteRow row, CancellationToken ct)
    {
        // Rows are also written in SQL by others: an id that is none has no actor.
        var status = SiteId.TryParse(row.SiteId, out var id) ? await GrainCalls.TryRead(c => Actor(id).GetStatus(c), StatusLimit, ct) : null;
        return SiteResource.Of(row, status);
    }

    private ISiteGrain Actor(SiteId id) => grains.GetGrain<ISiteGrain>(id.GrainKey);
}
