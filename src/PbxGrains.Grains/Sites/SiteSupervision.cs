using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Placement;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Grains.Sites;

/// <summary>
/// Finds sites by itself: follows the directory's notifications, and compares regularly in case one was lost. Runs in every
/// silo, and calls the actors of the sites that belong there: when a silo dies, those it had belong elsewhere, and are
/// called before their reminders are due. Telling an actor twice changes nothing.
/// </summary>
internal sealed partial class SiteSupervision(
    SiteRegistry registry,
    SiteChangeListener listener,
    IGrainFactory grains,
    ISiloStatusOracle silos,
    SiteShares shares,
    IOptions<SiteSettings> settings,
    TimeProvider time,
    ILogger<SiteSupervision> logger) : BackgroundService, ISiloStatusListener
{
    private const int AtOnce = 64;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deaf = new(StringComparer.Ordinal);

    // One place is enough: a comparison that starts after the news covers all of it, however many sites changed at once.
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _siloDied;
    private Share _compared = Share.None;

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead)
        {
            Log.TakingOver(logger, updatedSilo);
            _siloDied = true;
            _ = _news.Writer.TryWrite(true);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = silos.SubscribeToSiloStatusEvents(this);
        try
        {
            await Task.WhenAll(ListenAsync(stoppingToken), FollowAsync(stoppingToken));
        }
        finally
        {
            _ = silos.UnSubscribeFromSiloStatusEvents(this);
        }
    }

    /// <summary>Wakes the comparison at every notification; what was lost between two listeners is found by comparing.</summary>
    private async Task ListenAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await foreach (var changed in listener.ListenAsync(ct))
                {
                    _ = _news.Writer.TryWrite(true);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                Log.NotListening(logger, e);
            }

            await Task.Delay(AfterFailure, time, ct);
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        var failures = 0;
        while (true)
        {
            failures = await TryCompareAsync(ct) ? 0 : failures + 1;
            var pause = AfterFailure * Math.Pow(2, Math.Min(failures, 10) - 1);
            await NewsAsync(failures > 0 && pause < settings.Value.Reconcile ? pause : settings.Value.Reconcile, ct);
        }
    }

    /// <summary>Waits for news, for another share, or until it is time to compare without.</summary>
    private async Task NewsAsync(TimeSpan within, CancellationToken ct)
    {
        var until = time.GetUtcNow() + within;
        while (until - time.GetUtcNow() is var left && left > TimeSpan.Zero && !await HeardAsync(left < LookEvery ? left : LookEvery, ct))
        {
            if (!ReferenceEquals(shares.Current, _compared))
            {
                return;
            }
        }
    }

    private async Task<bool> HeardAsync(TimeSpan within, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            return await _news.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Nothing was heard in that time.
            return false;
        }
    }

    private async Task<bool> TryCompareAsync(CancellationToken ct)
    {
        var all = _siloDied;
        _siloDied = false;
        try
        {
            return await CompareAsync(all, ct);
        }
        catch (Exception e)
        {
            // Whatever it failed by while it was called off: an ordered end is no failure.
            ct.ThrowIfCancellationRequested();
            _siloDied |= all;
            Log.Failed(logger, e);
            return false;
        }
    }

    /// <returns>True when everybody who had to be told was told.</returns>
    private async Task<bool> CompareAsync(bool all, CancellationToken ct)
    {
        var rows = (await registry.ListVersionsAsync(ct)).ToDictionary(r => r.SiteId, r => r.RowVersion, StringComparer.Ordinal);
        shares.Know(rows.Keys);
        _compared = shares.Current;
        foreach (var id in rows.Keys.Where(id => all || !IsMine(id)))
        {
            _ = _told.Remove(id);
        }

        var news = rows.Where(r => IsMine(r.Key)).Where(r => !_told.TryGetValue(r.Key, out var told) || told != r.Value).Select(r => (r.Key, Version: (long?)r.Value))
            .Concat(_told.Keys.Where(id => !rows.ContainsKey(id)).Select(id => (Key: id, Version: (long?)null)))
            .ToList();
        var heard = new ConcurrentBag<(string Site, long? Version)>();
        await Parallel.ForEachAsync(news, Limits(ct), async (item, token) =>
        {
            if (await TryTellAsync(item.Key, item.Version, token))
            {
                heard.Add((item.Key, item.Version));
            }
        });

        foreach (var (site, version) in heard)
        {
            if (version is { } told)
            {
                _told[site] = told;
            }
            else
            {
                _ = _told.Remove(site);
            }
        }

        return heard.Count == news.Count;

        bool IsMine(string id) => shares.PlaceOf(id) is not { } place || place.Equals(shares.Self);
    }

    /// <summary>
    /// Tells one actor; one that fails keeps nobody else waiting. It is told again at the next comparison, and logged once.
    /// </summary>
    private async Task<bool> TryTellAsync(string siteId, long? rowVersion, CancellationToken ct)
    {
        if (!SiteId.TryParse(siteId, out var site))
        {
            Log.NotASiteId(logger, siteId);
            return true;
        }

        try
        {
            await grains.GetGrain<ISiteGrain>(site.GrainKey).Supervise(rowVersion, ct);
            Forgive(siteId);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Blame(site, e);
            return false;
        }
    }

    private void Forgive(string siteId)
    {
        lock (_deaf)
        {
            _ = _deaf.Remove(siteId);
        }
    }

    private void Blame(SiteId site, Exception e)
    {
        lock (_deaf)
        {
            if (_deaf.Add(site.Value))
            {
                Log.NotTold(logger, site, e);
            }
        }
    }

    private static ParallelOptions Limits(CancellationToken ct) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Warning, "Following the site directory failed; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(12, LogLevel.Information, "Silo {Silo} is gone; its sites are taken over")]
        public static partial void TakingOver(ILogger logger, SiloAddress silo);

        [LoggerMessage(13, LogLevel.Warning, "Cannot listen for changes of the site directory; trying again")]
        public static partial void NotListening(ILogger logger, Exception exception);

        [LoggerMessage(14, LogLevel.Warning, "Site {Site}: its actor could not be told of its settings; trying again, silently")]
        public static partial void NotTold(ILogger logger, SiteId site, Exception exception);

        [LoggerMessage(11, LogLevel.Warning, "The site directory holds '{SiteId}', which is not a site id; ignored")]
        public static partial void NotASiteId(ILogger logger, string siteId);
    }
}
