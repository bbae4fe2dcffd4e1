using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Grains.Cdrs;

/// <summary>Makes the ledger's months ahead of time and applies retention, several times a day, in every silo: twice changes nothing.</summary>
internal sealed partial class LedgerUpkeep(CallRecordPartitions partitions, CallRecordRetention retention, TimeProvider time, ILogger<LedgerUpkeep> logger) : BackgroundService
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
            _ = await partitions.EnsureAsync(time.GetUtcNow(), ct: ct);
            var done = await retention.ApplyAsync(time.GetUtcNow(), ct);
            if (done.RecordsDeleted > 0 || done.PartitionsDropped > 0)
            {
                Log.Expired(logger, done.RecordsDeleted, done.PartitionsDropped);
            }
        }
        catch (NpgsqlException e)
        {
            Log.Failed(logger, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(50, LogLevel.Information, "Retention removed {Records} call records and {Months} whole months")]
        public static partial void Expired(ILogger logger, long records, int months);

        [LoggerMessage(51, LogLevel.Warning, "Upkeep of the call records failed and will be tried again: {Why}")]
        public static partial void Failed(ILogger logger, string why);
    }
}
