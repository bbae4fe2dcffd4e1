using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PbxGrains.Grains.Placement;

namespace PbxGrains.Grains.Moves;

/// <summary>
/// Lets sites follow the share, on every silo those it has: some each second, those that are in the midst of something
/// later. When the silo stops it ends all rounds at once, before the actors are told to leave.
/// </summary>
internal sealed partial class SiteMoves(LocalSites sites, IOptions<MoveSettings> settings, TimeProvider time, ILogger<SiteMoves> logger) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private Share _share = Share.None;
    private DateTimeOffset _sameSince;
    private int _moved;

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(sites.All.Select(site => site.HaltAsync())).WaitAsync(cancellationToken);
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
        var (share, now) = (sites.Shares.Current, time.GetUtcNow());
        if (!ReferenceEquals(share, _share))
        {
            (_share, _sameSince) = (share, now);
        }

        // Whoever has just come was sent by a silo that may know more than this one does yet.
        var settled = now - settings.Value.MovesAfter;
        if (_sameSince > settled)
        {
            return;
        }

        var strays = sites.All.Where(site => site.Since <= settled && !sites.Shares.Self.Equals(share.OwnerOf(site.Site.Value))).ToList();
        if (strays.Count > 0 && _moved == 0)
        {
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

        [LoggerMessage(23, LogLevel.Warning, "Following the share of sites failed; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
