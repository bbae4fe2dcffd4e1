using Microsoft.Extensions.Logging;
using PbxGrains.Contracts;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Recordings;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Recordings;

/// <summary>One try to bring one recording from the PBX into the vault, and what is written down of it.</summary>
internal sealed partial class RecordingTry(
    SiteId site,
    SiteSession session,
    RecordingCatalogue catalogue,
    RecordingArchive archive,
    SiteHealthBook health,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Code of the warning about a PBX that does not hand out recordings.</summary>
    public const string NotPermitted = "recordings-not-permitted";

    /// <summary>Code of the warning about our own vault.</summary>
    public const string VaultWarning = "recording-vault-unavailable";

    /// <summary>When the vault last took nothing.</summary>
    public DateTimeOffset VaultFailedAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Tries it.</summary>
    /// <param name="row">A recording with a name.</param>
    /// <param name="ct">Ends the try; it is made again later.</param>
    /// <returns>Who else is held up by what went wrong; null when nothing did.</returns>
    public async Task<HeldUp?> RunAsync(RecordingRow row, CancellationToken ct)
    {
        if (session.Client is not { } client)
        {
            return HeldUp.Site;
        }

        var began = time.GetUtcNow();
        if (!await catalogue.BeginAsync(row.RecordingId, began, began + RecordingSetbacks.LongestTry, ct))
        {
            return null;
        }

        try
        {
            // A try whose process ended may have left it in the vault already, and the PBX may not have it any more.
            var file = row.Tries > 0 ? await archive.FindAsync(row, ct) : null;
            if (file is null)
            {
                var opened = await client.OpenRecordingAsync(row.Name!, ct);
                if (!opened.Succeeded)
                {
                    return await SetBackAsync(row, opened.Failure, client, ct);
                }

                health.Settle(NotPermitted);
                await using var content = opened.Value;
                file = await archive.KeepAsync(row, content, ct);
            }

            health.Settle(VaultWarning);
            if (await catalogue.ReadyAsync(row.RecordingId, file, time.GetUtcNow(), ct))
            {
                Log.Fetched(logger, site, row.RecordingId, file.Bytes);
            }

            return null;
        }
        catch (NotARecordingException e)
        {
            return await SetBackAsync(row, RecordingSetbacks.Damaged(row, e.Message, time.GetUtcNow(), Random.Shared.NextDouble()), HeldUp.ThisOne, ct);
        }
        catch (IOException e)
        {
            return await SetBackAsync(row, RecordingSetbacks.BrokenOff(row, e.Message, time.GetUtcNow(), Random.Shared.NextDouble()), HeldUp.ThisOne, ct);
        }
        catch (VaultUnavailableException e)
        {
            var now = VaultFailedAt = time.GetUtcNow();
            health.Warn(VaultWarning, $"Recordings wait on the PBX: {e.Message}", now);
            var setback = RecordingSetbacks.Unkept(e, now);
            await catalogue.HoldUpAsync(site.Value, setback with { NextTryAt = null }, now, ct);
            return await SetBackAsync(row, setback, HeldUp.Vault, ct);
        }
    }

    private async Task<HeldUp?> SetBackAsync(RecordingRow row, PbxFailure failure, IPbxClient client, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var (setback, heldUp) = RecordingSetbacks.Of(row, failure, now, Random.Shared.NextDouble());
        if (failure.Kind == PbxFailureKind.SessionEnded)
        {
            session.Drop(client);
        }

        if (heldUp == HeldUp.AllOfSite)
        {
            health.Warn(NotPermitted, setback.Detail, now);
            await catalogue.HoldUpAsync(site.Value, setback, now, ct);
        }

        return await SetBackAsync(row, setback, heldUp, ct);
    }

    private async Task<HeldUp?> SetBackAsync(RecordingRow row, RecordingSetback setback, HeldUp heldUp, CancellationToken ct)
    {
        await catalogue.SetBackAsync(row.RecordingId, setback, ct);
        if (setback.NextTryAt is null)
        {
            Log.GivenUp(logger, site, row.RecordingId, setback.Detail);
        }

        return heldUp;
    }

    private static partial class Log
    {
        [LoggerMessage(60, LogLevel.Debug, "Site {Site}: recording {RecordingId} is in the vault, {Bytes} bytes")]
        public static partial void Fetched(ILogger logger, SiteId site, string recordingId, long bytes);

        [LoggerMessage(61, LogLevel.Information, "Site {Site}: recording {RecordingId} is not to be had: {Why}")]
        public static partial void GivenUp(ILogger logger, SiteId site, string recordingId, string why);
    }
}
