using System.Collections.Concurrent;
using System.Net;
using PbxGrains.Contracts;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Webhooks;

namespace PbxGrains.Front.Sites;

/// <summary>A registered site as the front keeps it in memory.</summary>
/// <param name="Row">Its row; what was learnt of the device may be older than the database.</param>
/// <param name="Secrets">Webhook secrets that lived when they were read; each says when it ends.</param>
/// <param name="Sources">Addresses that need no secret.</param>
internal sealed record KnownSite(SiteRow Row, IReadOnlyList<WebhookSecretRow> Secrets, IReadOnlyList<IPNetwork> Sources)
{
    /// <summary>True when reports from that address need no secret.</summary>
    public bool Trusts(IPAddress? source)
    {
        if (source is null || Sources.Count == 0)
        {
            return false;
        }

        var address = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source;
        return Sources.Any(network => network.Contains(address));
    }
}

/// <summary>
/// Which sites exist and how their PBXs prove themselves, in memory: a webhook costs no query. Kept up by change
/// notifications; an id not found is looked up, so that a site saved a moment ago is known.
/// </summary>
internal sealed class SiteDirectory(SiteRegistry registry, WebhookSecrets secrets, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, KnownSite> _sites = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _lookedAgain = new(StringComparer.Ordinal);

    // Reading and keeping are one step: an older read can then never replace a newer one.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The site; null when none of that id is registered.</summary>
    public async ValueTask<KnownSite?> FindAsync(SiteId id, CancellationToken ct) =>
        _sites.TryGetValue(id.Value, out var site) ? site : await ReloadAsync(id.Value, ct);

    /// <summary>
    /// The site for a report that did not prove itself by what is known: its PBX may have been told a new secret before the
    /// change came here. Anybody can send such reports, so the database is asked once a second for each site.
    /// </summary>
    /// <returns>The site, as new as that allows; null when it is gone.</returns>
    public async ValueTask<KnownSite?> LookAgainAsync(SiteId id, CancellationToken ct)
    {
        var now = time.GetTimestamp();
        var isTurn = _lookedAgain.TryGetValue(id.Value, out var before)
            ? time.GetElapsedTime(before, now) >= LookAgainEvery && _lookedAgain.TryUpdate(id.Value, now, before)
            : _lookedAgain.TryAdd(id.Value, now);
        if (isTurn)
        {
            return await ReloadAsync(id.Value, ct);
        }

        // Whoever looks just now looks for us, too.
        await _turn.WaitAsync(ct);
        _turn.Release();
        return await FindAsync(id, ct);
    }

    /// <summary>Reads one site afresh.</summary>
    /// <returns>The site; null when it is gone.</returns>
    public async Task<KnownSite?> ReloadAsync(string siteId, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (await registry.FindAsync(siteId, ct) is not { } row)
            {
                _sites.TryRemove(siteId, out _);
                return null;
            }

            var site = Known(row, await secrets.ListLiveAsync(siteId, time.GetUtcNow(), ct));
            _sites[siteId] = site;
            return site;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads all sites afresh and forgets those that are gone.</summary>
    public async Task ReloadAllAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            var rows = await registry.ListAsync(ct);
            var live = (await secrets.ListLiveAsync(time.GetUtcNow(), ct)).ToLookup(s => s.SiteId, StringComparer.Ordinal);
            foreach (var row in rows)
            {
                _sites[row.SiteId] = Known(row, [.. live[row.SiteId]]);
            }

            foreach (var gone in _sites.Keys.Except(rows.Select(r => r.SiteId), StringComparer.Ordinal))
            {
                _sites.TryRemove(gone, out _);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Rows are also written in SQL by others: what is no address there trusts nobody.
    private static KnownSite Known(SiteRow row, IReadOnlyList<WebhookSecretRow> secrets) =>
        new(row, secrets, [.. row.SourceAddresses.Select(SourceAddress.Read).OfType<IPNetwork>()]);
}
