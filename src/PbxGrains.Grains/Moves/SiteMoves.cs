using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PbxGrains.Grains.Moves;

/// <summary>
/// Lets sites follow the share, on every silo those it has: some each second, those that are in the midst of something
/// later. When the silo stops all leave at once, before the cluster hears of it: from then on the directory of actors
/// changes hands, and one that is on its way could not be found, and would be started a second time.
/// </summary>
internal sealed partial class SiteMoves(LocalSites sites, IOptions<MoveSettings> settings, TimeProvider time, ILogger<SiteMoves> logger) : BackgroundService
{
    /// <summary>Who has not left by then, ends with the silo.</summary>
    private static readonly TimeSpan AllLeaveWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private int _moved;

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        sites.Shares.Leaves(sites.Shares.Self);
        var leaving = sites.All.ToList();
        var left = Task.WhenAll(leaving.Select(site => site.DepartAsync()));
        await left.WaitAsync(AllLeaveWithin, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (!left.IsCompletedSuccessfully)
        {
            Log.NotAllLeft(logger, sites.All.Count(), left.Exception?.InnerException);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        // Whoever has just come was sent by a silo that may know more than this one does yet.
        var settled = time.GetUtcNow() - settings.Value.MovesAfter;
        var strays = sites.All.Where(site => site.Since <= settled && !sites.Shares.IsMine(site.Site)).ToList();
        if (strays.Count > 0 && _moved == 0)
        {
            var share = sites.Shares.Current;
            Log.Begun(logger, strays.Count, share.Sites, share.Silos.Count, share.Imbalance);
        }

        _moved += await LeaveAsync(strays, ct);
        if (strays.Count == 0 && _moved > 0)
        {
            Log.Ended(logger, _moved);
            _moved = 0;
        }
    }

    private async Task<int> LeaveAsync(List<SiteMove> strays, CancellationToken ct)
    {
        var left = 0;
        foreach (var site in strays)
        {
            if (left == settings.Value.MovesPerSecond)
            {
                break;
            }

            try
            {
                left += await site.TryLeaveAsync().WaitAsync(ct) ? 1 : 0;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                Log.Stays(logger, site.Site, e);
            }
        }

        return left;
    }

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Information, "{Count} sites begin to move from here: {Sites} sites are shared by {Silos} silos (largest part {Imbalance:0.00} of the mean)")]
        public static partial void Begun(ILogger logger, int count, int sites, int silos, double imbalance);

        [LoggerMessage(21, LogLevel.Information, "{Count} sites have moved from here")]
        public static partial void Ended(ILogger logger, int count);

        [LoggerMessage(22, LogLevel.Warning, "Site {Site} could not leave; trying again")]
        public static partial void Stays(ILogger logger, Contracts.SiteId site, Exception exception);

        [LoggerMessage(24, LogLevel.Warning, "{Count} sites did not leave in time; they end with the silo")]
        public static partial void NotAllLeft(ILogger logger, int count, Exception? exception);

        [LoggerMessage(23, LogLevel.Warning, "Following the share of sites failed; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
