using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Events;

namespace PbxGrains.Grains.Events;

/// <summary>Makes the event log's days ahead of time and drops old ones, several times a day, in every silo: twice changes nothing.</summary>
internal sealed partial class EventUpkeep(EventRetention retention, TimeProvider time, ILogger<EventUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await TryAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(CancellationToken ct)
    {
        try
        {
            _ = await retention.ApplyAsync(time.GetUtcNow(), ct);
        }
        catch (NpgsqlException e)
        {
            Log.Failed(logger, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(60, LogLevel.Warning, "Upkeep of the event log failed and will be tried again: {Why}")]
        public static partial void Failed(ILogger logger, string why);
    }
}
