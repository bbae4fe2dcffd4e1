using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Yeastar.Cdrs;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Cdrs;

/// <summary>
/// Compares the ledger with the PBX's own records: after every login, then regularly, and once a night further back. One
/// at a time per site, beside polls and calls. A window that was not read whole is asked for again; windows shrink while
/// the PBX answers too slowly.
/// </summary>
public sealed partial class CatchUp(SiteSession session, CallRecordLedger ledger, CatchUpWindows windows, TimeProvider time, ILogger logger)
{
    private const int NightlyHour = 3;
    private const int RowsAtOnce = 256;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    private Task _running = Task.CompletedTask;
    private int _atLogin;
    private DateTimeOffset _dueAt = DateTimeOffset.MinValue;
    private DateOnly? _lastNight;
    private TimeSpan _window = CatchUpPlan.LongestWindow;

    /// <summary>Starts a comparison when one is due and none runs. Does not wait for it.</summary>
    public void StartIfDue(SiteConfiguration configuration, CancellationToken lifetime)
    {
        var now = time.GetUtcNow();
        if (!_running.IsCompleted || session.Client is null || (session.Logins == _atLogin && now < _dueAt))
        {
            return;
        }

        _atLogin = session.Logins;
        _dueAt = now + configuration.Periods.CatchUp;
        _running = RunAsync(configuration, now, lifetime);
    }

    private async Task RunAsync(SiteConfiguration configuration, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            await CompareAsync(configuration, await StartAsync(configuration, now, ct), now + CatchUpPlan.Ahead, ct);
        }
        catch (Exception e) when (e is LedgerUnavailableException or NpgsqlException)
        {
            _dueAt = time.GetUtcNow() + AfterFailure;
            Log.NotStored(logger, configuration.Site, e);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The actor ends; the watermark tells its successor where to go on.
        }
    }

    /// <summary>From where to compare: behind the watermark, or once a night further back.</summary>
    private async Task<DateTimeOffset> StartAsync(SiteConfiguration configuration, DateTimeOffset now, CancellationToken ct)
    {
        var local = TimeZoneInfo.ConvertTime(now, configuration.Zone);
        var night = DateOnly.FromDateTime(local.DateTime);
        if (local.Hour == NightlyHour && _lastNight != night)
        {
            _lastNight = night;
            return now - CatchUpPlan.NightlyReach;
        }

        var watermark = await windows.GetWatermarkAsync(configuration.Site.Value, ct);
        return CatchUpPlan.StartAfter(watermark is { } wall ? Instant(wall, configuration.Zone) : null, now);
    }

    private async Task CompareAsync(SiteConfiguration configuration, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        while (from < to)
        {
            var span = CatchUpPlan.First(from, to, _window, configuration.Zone);
            var askedAt = time.GetUtcNow();
            var file = await DownloadAsync(span, ct);
            if (file.Succeeded)
            {
                await KeepAsync(configuration, span, file.Value, askedAt, ct);
                from = span.End;
            }
            else if (IsTooSlow(file.Failure) && CatchUpPlan.Smaller(_window) is { } smaller)
            {
                _window = smaller;
            }
            else
            {
                await windows.RecordAsync(Window(configuration, span, askedAt) with { Outcome = CatchUpOutcome.Failed, Detail = file.Failure.Message }, ct);
                _dueAt = time.GetUtcNow() + (IsTooSlow(file.Failure) ? AfterFailure : configuration.Periods.CatchUp);
                return;
            }
        }
    }

    private async Task<PbxResult<CallRecordFile>> DownloadAsync(CatchUpSpan span, CancellationToken ct)
    {
        if (session.Client is not { } client)
        {
            return new PbxFailure(PbxFailureKind.SessionEnded, "The session with the PBX ended.");
        }

        var opened = await client.OpenCallRecordsAsync(span.From, span.To, ct);
        if (opened.Succeeded)
        {
            await using var file = opened.Value;
            return await CallRecordCsv.ReadAsync(file, ct);
        }

        // A PBX without a record in the window says that there are none (fact sheet S-Series §6).
        return opened.Failure.Code == PbxErrorCode.CallRecordsNotFound ? new CallRecordFile([], Damaged: 0) : opened.Failure;
    }

    private async Task KeepAsync(SiteConfiguration configuration, CatchUpSpan span, CallRecordFile file, DateTimeOffset askedAt, CancellationToken ct)
    {
        var context = new CallRecordContext(configuration.Site, configuration.Zone, configuration.Country);
        var rows = file.Rows.Select(line => CallRecordNormaliser.Row(line.Record, raw: null, RecordedSource.CatchUp, askedAt, context)).ToList();
        var found = 0;
        foreach (var chunk in rows.OfType<CallRecordRow>().Chunk(RowsAtOnce))
        {
            found += (await ledger.AppendAsync(chunk, ct)).Count(outcome => outcome == LedgerOutcome.Recorded);
        }

        var unread = file.Damaged + rows.Count(row => row is null);
        await windows.RecordAsync(
            Window(configuration, span, askedAt) with
            {
                Outcome = unread == 0 ? CatchUpOutcome.Whole : CatchUpOutcome.Failed,
                RowsRead = rows.Count,
                RowsNew = found,
                Detail = unread == 0 ? null : $"{unread} rows could not be read.",
            },
            ct);
        if (found > 0)
        {
            Log.Found(logger, configuration.Site, found, rows.Count);
        }

        var read = span.End < askedAt ? span.To : TimeZoneInfo.ConvertTime(askedAt, configuration.Zone).DateTime;
        _ = await windows.SetWatermarkAsync(configuration.Site.Value, read, ct);
    }

    private static CatchUpWindow Window(SiteConfiguration configuration, CatchUpSpan span, DateTimeOffset askedAt) => new()
    {
        SiteId = configuration.Site.Value,
        Start = span.From,
        End = span.To,
        Outcome = CatchUpOutcome.Failed,
        ComparedAt = askedAt,
    };

    private static bool IsTooSlow(PbxFailure failure) =>
        failure.Kind is PbxFailureKind.NoAnswer or PbxFailureKind.UnexpectedAnswer or PbxFailureKind.TryLater;

    private static DateTimeOffset Instant(DateTime wallClock, TimeZoneInfo zone) => new(wallClock, zone.GetUtcOffset(wallClock));

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Information, "Site {Site}: {Found} call records of {Read} were found by catch-up only")]
        public static partial void Found(ILogger logger, Contracts.SiteId site, int found, int read);

        [LoggerMessage(41, LogLevel.Warning, "Site {Site}: catch-up could not store what it read; it goes on from where it was")]
        public static partial void NotStored(ILogger logger, Contracts.SiteId site, Exception exception);
    }
}
