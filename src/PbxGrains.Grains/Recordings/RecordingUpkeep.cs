using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Grains.Recordings;

/// <summary>
/// Applies the retention of recordings several times a day, in every silo: twice changes nothing. Once a day it also goes
/// through the vault for files that came after the time of their recordings was over.
/// </summary>
internal sealed partial class RecordingUpkeep(RecordingRetention retention, TimeProvider time, ILogger<RecordingUpkeep> logger, IRecordingVault? vault = null) : BackgroundService
{
    private const int ComparedAtOnce = 500;
    private const int RoundsUntilComparison = 4;
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    /// <summary>What is younger may belong to a fetch under way.</summary>
    private static readonly TimeSpan LeftAlone = TimeSpan.FromDays(1);

    /// <summary>One round.</summary>
    /// <param name="compare">True to compare the vault with what is known.</param>
    /// <param name="ct">Stops it anywhere; the next round goes on.</param>
    public async Task ApplyAsync(bool compare, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var expired = await retention.ExpireAsync(now, ct);
        _ = await retention.RemoveNamesAsync(now, ct);
        if (vault is not null)
        {
            await RemoveLeftoversAsync(vault, ct);
            if (compare)
            {
                _ = await vault.SweepAsync(now - LeftAlone, ct);
                await RemoveLateAsync(vault, now - LeftAlone, ct);
            }
        }

        _ = await retention.ForgetAsync(now, ct);
        if (expired > 0)
        {
            Log.Expired(logger, expired);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        var round = 0;
        do
        {
            await TryAsync(compare: round++ % RoundsUntilComparison == 0, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(bool compare, CancellationToken ct)
    {
        try
        {
            await ApplyAsync(compare, ct);
        }
        catch (Exception e) when (e is NpgsqlException or VaultUnavailableException)
        {
            Log.Failed(logger, e.Message);
        }
    }

    /// <summary>The rows say "expired" already; their files follow.</summary>
    private async Task RemoveLeftoversAsync(IRecordingVault files, CancellationToken ct)
    {
        while (await retention.ListLeftoversAsync(ct) is { Count: > 0 } leftovers)
        {
            foreach (var id in leftovers)
            {
                await files.DeleteAsync(id, ct);
            }

            await retention.RemovedAsync(leftovers, time.GetUtcNow(), ct);
        }
    }

    private async Task RemoveLateAsync(IRecordingVault files, DateTimeOffset before, CancellationToken ct)
    {
        var chunk = new List<string>(ComparedAtOnce);
        await foreach (var entry in files.ListAsync(ct))
        {
            if (entry.WrittenAt < before)
            {
                chunk.Add(entry.RecordingId);
            }

            if (chunk.Count == ComparedAtOnce)
            {
                await RemoveLateAsync(files, chunk, ct);
                chunk.Clear();
            }
        }

        await RemoveLateAsync(files, chunk, ct);
    }

    private async Task RemoveLateAsync(IRecordingVault files, List<string> chunk, CancellationToken ct)
    {
        foreach (var id in await retention.ListLateAsync(chunk, ct))
        {
            await files.DeleteAsync(id, ct);
            Log.Late(logger, id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(65, LogLevel.Information, "Retention expired {Count} recordings")]
        public static partial void Expired(ILogger logger, int count);

        [LoggerMessage(66, LogLevel.Warning, "Upkeep of the recordings failed and will be tried again: {Why}")]
        public static partial void Failed(ILogger logger, string why);

        [LoggerMessage(67, LogLevel.Warning, "Recording {RecordingId} came into the vault after its time was over; it was removed")]
        public static partial void Late(ILogger logger, string recordingId);
    }
}
