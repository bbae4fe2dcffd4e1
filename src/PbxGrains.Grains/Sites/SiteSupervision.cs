using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Grains.Sites;

/// <summary>
/// Finds sites by itself: follows the directory's notifications, and compares regularly in case one was lost. When a
/// silo dies, all actors are called, so that its sites live on elsewhere before their reminders are due. Runs in every
/// silo; telling an actor twice changes nothing.
/// </summary>
internal sealed partial class SiteSupervision(
    SiteRegistry registry,
    SiteChangeListener listener,
    IGrainFactory grains,
    ISiloStatusOracle silos,
    IOptions<SiteSettings> settings,
    TimeProvider time,
    ILogger<SiteSupervision> logger) : BackgroundService, ISiloStatusListener
{
    private const int AtOnce = 64;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Channel<SiloAddress> _deaths = Channel.CreateBounded<SiloAddress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead)
        {
            _ = _deaths.Writer.TryWrite(updatedSilo);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = silos.SubscribeToSiloStatusEvents(this);
        try
        {
            await Task.WhenAll(ListenAsync(stoppingToken), ReconcileRegularlyAsync(stoppingToken), FollowDeathsAsync(stoppingToken));
        }
        finally
        {
            _ = silos.UnSubscribeFromSiloStatusEvents(this);
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await foreach (var siteId in listener.ListenAsync(ct))
        {
            await TryReconcileAsync(siteId, ct);
        }
    }

    private async Task ReconcileRegularlyAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(settings.Value.Reconcile, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            await TryReconcileAsync(siteId: null, ct);
        }
    }

    private async Task FollowDeathsAsync(CancellationToken ct)
    {
        await foreach (var silo in _deaths.Reader.ReadAllAsync(ct))
        {
            Log.TakingOver(logger, silo);
            await TryReconcileAsync(siteId: null, ct, all: true);
        }
    }

    private async Task TryReconcileAsync(string? siteId, CancellationToken ct, bool all = false)
    {
        while (true)
        {
            await _one.WaitAsync(ct);
            try
            {
                await ReconcileAsync(siteId, all, ct);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
            finally
            {
                _ = _one.Release();
            }

            await Task.Delay(AfterFailure, time, ct);
        }
    }

    private async Task ReconcileAsync(string? siteId, bool all, CancellationToken ct)
    {
        var rows = (await registry.ListVersionsAsync(ct)).ToDictionary(r => r.SiteId, r => r.RowVersion, StringComparer.Ordinal);
        var changed = rows.Where(r => all || !_told.TryGetValue(r.Key, out var told) || told != r.Value || r.Key == siteId).ToList();
        await Parallel.ForEachAsync(changed, Limits(ct), async (row, _) => await TellAsync(row.Key, row.Value, ct));
        foreach (var (id, version) in changed)
        {
            _told[id] = version;
        }

        foreach (var gone in _told.Keys.Where(id => !rows.ContainsKey(id)).ToList())
        {
            await TellAsync(gone, rowVersion: null, ct);
            _ = _told.Remove(gone);
        }
    }

    private async Task TellAsync(string siteId, long? rowVersion, CancellationToken ct)
    {
        if (SiteId.TryParse(siteId, out var site))
        {
            await grains.GetGrain<ISiteGrain>(site.GrainKey).Supervise(rowVersion, ct);
        }
        else
        {
            Log.NotASiteId(logger, siteId);
        }
    }

    private static ParallelOptions Limits(CancellationToken ct) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Warning, "Following the site directory failed; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(12, LogLevel.Information, "Silo {Silo} is gone; its sites are taken over")]
        public static partial void TakingOver(ILogger logger, SiloAddress silo);

        [LoggerMessage(11, LogLevel.Warning, "The site directory holds '{SiteId}', which is not a site id; ignored")]
        public static partial void NotASiteId(ILogger logger, string siteId);
    }
}
