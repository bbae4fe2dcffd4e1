using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Recordings;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Grains.Recordings;

/// <summary>
/// Fetches a site's recordings into the vault: soon after a record names one, again while the PBX says "not yet", and at once
/// when somebody wants to listen. One at a time per site, whoever asks.
/// </summary>
/// <remarks>
/// A download has its own connection (each request to a PBX has) and shares only the session's token with the polls beside
/// it, so a long one keeps no poll waiting. The PBX's small web server is spared by pausing after each as long as it took,
/// and by starting only after a poll round that worked.
/// </remarks>
public sealed partial class RecordingFetcher(
    SiteId site,
    SiteSession session,
    RecordingCatalogue catalogue,
    IRecordingVault? vault,
    SiteHealthBook health,
    TimeProvider time,
    ILogger logger,
    CancellationToken lifetime)
{
    /// <summary>How long somebody who wants to listen is kept waiting.</summary>
    public static readonly TimeSpan ListenerWaits = TimeSpan.FromSeconds(15);

    private const int AtOnce = 16;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly RecordingTry? _try = vault is null ? null : new RecordingTry(site, session, catalogue, new RecordingArchive(vault, time), health, time, logger);
    private readonly Dictionary<string, Task<HeldUp?>> _underWay = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;
    private Task _lastInLine = Task.CompletedTask;
    private DateTimeOffset _lookAt = DateTimeOffset.MinValue;
    private DateTimeOffset _toldDownAt = DateTimeOffset.MinValue;

    /// <summary>A record named a recording: there is something to look for at the next round.</summary>
    public void Named() => _lookAt = DateTimeOffset.MinValue;

    /// <summary>Starts fetching when there may be something and nobody does. Does not wait for it.</summary>
    public void StartIfDue(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_try is not null && _running.IsCompleted && session.Client is not null && now >= _lookAt && now >= _try.VaultFailedAt + RecordingSetbacks.VaultPause)
        {
            _running = RunAsync(ct);
        }
    }

    /// <summary>A poll round failed: recordings that wait say so.</summary>
    public async Task SiteDownAsync(string why, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_try is null || now < _toldDownAt + LookEvery)
        {
            return;
        }

        _toldDownAt = now;
        try
        {
            var setback = new RecordingSetback(RecordingState.Pending, RecordingReason.SiteDown, why, NextTryAt: null, Refused: false);
            await catalogue.HoldUpAsync(site.Value, setback, now, ct);
        }
        catch (NpgsqlException e)
        {
            Log.NotStored(logger, site, e.Message);
        }
    }

    /// <summary>Fetches one for somebody who wants to listen to it.</summary>
    public async Task<RecordingFetch> FetchAsync(string recordingId, SiteConfiguration? configuration, CancellationToken ct)
    {
        var row = await catalogue.FindAsync(recordingId, ct);
        if (row?.State == RecordingState.Pending && row.SiteId == site.Value)
        {
            if (_try is null)
            {
                return new RecordingFetch(RecordingFetchState.Pending, RecordingReason.VaultUnavailable, "Recordings are switched off (Recordings:Store).");
            }

            if (configuration is not { Suspended: false })
            {
                return new RecordingFetch(RecordingFetchState.Pending, RecordingReason.SiteDown, "The site is suspended or not registered.");
            }

            await WaitForAsync(recordingId, configuration, ct);
            row = await catalogue.FindAsync(recordingId, ct);
        }

        return Told(row?.SiteId == site.Value ? row : null);
    }

    private static RecordingFetch Told(RecordingRow? row) => row is null
        ? new RecordingFetch(RecordingFetchState.Unknown)
        : new RecordingFetch(
            row.State switch
            {
                RecordingState.Ready => RecordingFetchState.Ready,
                RecordingState.Absent => RecordingFetchState.Absent,
                RecordingState.Expired => RecordingFetchState.Expired,
                _ => RecordingFetchState.Pending,
            },
            row.Reason,
            row.Detail,
            row.NextTryAt);

    private async Task WaitForAsync(string recordingId, SiteConfiguration configuration, CancellationToken ct)
    {
        var limit = Task.Delay(ListenerWaits, time, ct);
        var login = session.EnsureAsync(configuration, lifetime);
        if (await Task.WhenAny(login, limit) == login && (await login).Succeeded)
        {
            _ = await Task.WhenAny(OnceAsync(recordingId, lifetime), limit);
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        try
        {
            _lookAt = DateTimeOffset.MaxValue;
            var next = await DrainAsync(ct);
            var latest = time.GetUtcNow() + LookEvery;

            // Unless another one was named meanwhile.
            _lookAt = _lookAt == DateTimeOffset.MinValue ? _lookAt : next < latest ? next.Value : latest;
        }
        catch (NpgsqlException e)
        {
            _lookAt = time.GetUtcNow() + LookEvery;
            Log.NotStored(logger, site, e.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested || lifetime.IsCancellationRequested)
        {
            // The actor ends; what was begun is begun again by its successor.
        }
        catch (Exception e)
        {
            // Nobody awaits this: a mistake of ours must be seen, and must not end all fetching.
            _lookAt = time.GetUtcNow() + LookEvery;
            Log.Broken(logger, site, e);
        }
    }

    /// <summary>Fetches what is due until nothing is, or something holds it up.</summary>
    /// <returns>When the next one is due; null when none is.</returns>
    private async Task<DateTimeOffset?> DrainAsync(CancellationToken ct)
    {
        while (true)
        {
            var due = await catalogue.ListDueAsync(site.Value, time.GetUtcNow(), AtOnce, ct);
            if (due.Count == 0)
            {
                return await catalogue.NextTryAsync(site.Value, time.GetUtcNow(), ct);
            }

            foreach (var row in due)
            {
                var began = time.GetTimestamp();
                if (await OnceAsync(row.RecordingId, ct) is { } heldUp && heldUp != HeldUp.ThisOne)
                {
                    return null;
                }

                var took = time.GetElapsedTime(began);
                await Task.Delay(took < LongestPause ? took : LongestPause, time, ct);
            }
        }
    }

    /// <summary>One fetch of a recording at a time: who comes meanwhile shares it.</summary>
    private Task<HeldUp?> OnceAsync(string recordingId, CancellationToken ct)
    {
        if (_underWay.TryGetValue(recordingId, out var underWay))
        {
            return underWay;
        }

        var fetch = InTurnAsync(recordingId, _lastInLine, ct);
        _lastInLine = fetch;
        if (!fetch.IsCompleted)
        {
            _underWay[recordingId] = fetch;
        }

        return fetch;
    }

    private async Task<HeldUp?> InTurnAsync(string recordingId, Task before, CancellationToken ct)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            return await catalogue.FindAsync(recordingId, ct) is { State: RecordingState.Pending or RecordingState.Absent, Name: not null } row
                ? await _try!.RunAsync(row, ct)
                : null;
        }
        finally
        {
            _ = _underWay.Remove(recordingId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(62, LogLevel.Warning, "Site {Site}: the state of recordings could not be stored; they are tried again: {Why}")]
        public static partial void NotStored(ILogger logger, SiteId site, string why);

        [LoggerMessage(63, LogLevel.Error, "Site {Site}: fetching recordings broke off; it goes on in a minute")]
        public static partial void Broken(ILogger logger, SiteId site, Exception exception);
    }
}
