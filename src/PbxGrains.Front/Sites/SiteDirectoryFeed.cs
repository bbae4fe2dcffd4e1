using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Sites;

/// <summary>Keeps the site directory up with the database, whoever changes it.</summary>
internal sealed partial class SiteDirectoryFeed(
    SiteChangeListener changes,
    SiteDirectory directory,
    TimeProvider time,
    ILogger<SiteDirectoryFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var siteId in changes.ListenAsync(stoppingToken))
        {
            await FollowAsync(siteId, stoppingToken);
        }
    }

    private async Task FollowAsync(string? siteId, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await (siteId is null ? directory.ReloadAllAsync(ct) : directory.ReloadAsync(siteId, ct));
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.NotRead(logger, e);
                await Task.Delay(Pause, time, ct);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The site directory could not be read; trying again")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
