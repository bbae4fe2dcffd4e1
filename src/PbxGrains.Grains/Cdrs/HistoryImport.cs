using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Cdrs;

/// <summary>
/// Imports a PBX's older records, from the oldest day, which the PBX will overwrite first, to the newest. It works between
/// two catch-ups and rests as long as it reads, so that polls and calls never wait for it. Where it is stands in the
/// database after every window: whatever ends it, the next round of any activation goes on from there.
/// </summary>
public sealed partial class HistoryImport(
    SiteId site,
    RecordWalk walk,
    HistoryImports imports,
    CallRecordPartitions partitions,
    CatchUp catchUp,
    PbxClockWatch clock,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>How far back it reaches.</summary>
    public const int YearsBack = 10;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    private HistoryImportRow? _open;
    private bool _loaded;
    private DateTimeOffset _notBefore;
    private Task _running = Task.CompletedTask;

    /// <summary>True while it downloads records.</summary>
    public bool IsRunning => !_running.IsCompleted;

    /// <summary>Writes an import down; the next round begins it.</summary>
    public async Task<HistoryImportStart> StartAsync(DateOnly since, DateOnly? until, SiteConfiguration? configuration, CancellationToken ct)
    {
        if (configuration is not { Suspended: false, Zone: var zone })
        {
            return new HistoryImportStart(ImportId: null, configuration is null ? HistoryImportRefusal.SiteUnknown : HistoryImportRefusal.SiteSuspended);
        }

        var now = time.GetUtcNow();
        var wallNow = clock.WallClockNow(zone);
        var today = DateOnly.FromDateTime(wallNow);
        var last = until is { } day && day < today ? day : today;
        if (Objection(since, until, today) is { } objection)
        {
            return new HistoryImportStart(ImportId: null, objection);
        }

        var row = new HistoryImportRow
        {
            ImportId = Guid.CreateVersion7(now),
            SiteId = site.Value,
            Since = since,
            Until = last,
            Position = since.ToDateTime(TimeOnly.MinValue),
            Ends = last == today ? Hour(wallNow + CatchUpPlan.Ahead) : last.AddDays(1).ToDateTime(TimeOnly.MinValue),
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (await imports.BeginAsync(row, ct) is { } open)
        {
            return new HistoryImportStart(open.ImportId, HistoryImportRefusal.AlreadyRunning);
        }

        (_open, _loaded, _notBefore) = (row, true, default);
        return new HistoryImportStart(row.ImportId, Refusal: null);
    }

    /// <summary>Calls an import off.</summary>
    public async Task CancelAsync(Guid importId, CancellationToken ct)
    {
        _ = await imports.EndAsync(importId, HistoryImportState.Cancelled, detail: null, ct);
        if (_open?.ImportId == importId)
        {
            _open = null;
        }
    }

    /// <summary>Goes on with the site's import if it has one, unless catch-up wants the PBX. Does not wait for it.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task ContinueAsync(SiteConfiguration configuration, CancellationToken lifetime)
    {
        if (!_loaded)
        {
            var open = await imports.FindOpenAsync(site.Value, lifetime);
            if (!_loaded)
            {
                // Nobody started one while that was asked for.
                (_open, _loaded) = (open, true);
            }
        }

        if (_open is { } row && !IsRunning && !catchUp.IsWanted && time.GetUtcNow() >= _notBefore)
        {
            _running = RunAsync(row, configuration, lifetime);
        }
    }

    private async Task RunAsync(HistoryImportRow row, SiteConfiguration configuration, CancellationToken ct)
    {
        try
        {
            _open = await imports.SetStateAsync(row.ImportId, HistoryImportState.Running, detail: null, ct);
            if (_open is null)
            {
                return;
            }

            _ = await partitions.EnsureSpanAsync(row.Position, row.Ends, ct);
            var started = time.GetTimestamp();
            var end = await walk.RunAsync(
                configuration,
                new WallSpan(row.Position, row.Ends),
                RecordedSource.Import,
                async (step, token) =>
                {
                    var took = time.GetElapsedTime(started);
                    LedgerMeter.Found(RecordedSource.Import, step.New);
                    _open = await imports.AdvanceAsync(row.ImportId, step.Span.To, step.Rows, step.New, step.Outcome == CatchUpOutcome.Whole, token);
                    if (_open is null || catchUp.IsWanted)
                    {
                        return false;
                    }

                    await Task.Delay(Rest(took), time, token);
                    started = time.GetTimestamp();
                    return !catchUp.IsWanted;
                },
                ct);
            await ConcludeAsync(row.ImportId, end, ct);
        }
        catch (Exception e) when (e is LedgerUnavailableException or NpgsqlException)
        {
            _notBefore = time.GetUtcNow() + AfterFailure;
            Log.NotStored(logger, site, e);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The actor ends; its successor goes on from the position.
        }
        catch (Exception e)
        {
            // Nobody awaits this: a mistake of ours must be seen.
            _notBefore = time.GetUtcNow() + AfterFailure;
            Log.Broken(logger, site, e);
        }
    }

    private async Task ConcludeAsync(Guid importId, WalkEnd end, CancellationToken ct)
    {
        if (end.Finished && _open is { } done)
        {
            var detail = done.WindowsFailed == 0 ? null : $"Windows with rows that could not be read: {done.WindowsFailed}; the completeness of the site names their hours.";
            _ = await imports.EndAsync(importId, HistoryImportState.Done, detail, ct);
            _open = null;
            Log.Done(logger, site, done.RowsRead, done.RowsNew);
        }
        else if (end.Failure is { } failure && IsFinal(failure))
        {
            _ = await imports.EndAsync(importId, HistoryImportState.Failed, $"{failure.Message} Start it again when the PBX gives its records; what was read stays.", ct);
            _open = null;
        }
        else if (end.Failure is { } passing)
        {
            _notBefore = time.GetUtcNow() + AfterFailure;
            _open = await imports.SetStateAsync(importId, HistoryImportState.Waiting, $"{passing.Message} It goes on by itself.", ct);
        }
    }

    private static HistoryImportRefusal? Objection(DateOnly since, DateOnly? until, DateOnly today) =>
        since > today ? HistoryImportRefusal.InTheFuture
        : since < today.AddYears(-YearsBack) ? HistoryImportRefusal.TooLongAgo
        : until < since ? HistoryImportRefusal.EndsBeforeItBegins
        : null;

    /// <summary>Asking again changes nothing: the PBX refuses its records.</summary>
    private static bool IsFinal(PbxFailure failure) => failure.Kind is PbxFailureKind.NotSupported or PbxFailureKind.Refused;

    private static TimeSpan Rest(TimeSpan took) => took < ShortestRest ? ShortestRest : took > LongestRest ? LongestRest : took;

    private static DateTime Hour(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerHour));

    private static partial class Log
    {
        [LoggerMessage(45, LogLevel.Information, "Site {Site}: the import of older call records is done; {Rows} rows were read, {New} were new")]
        public static partial void Done(ILogger logger, SiteId site, long rows, long @new);

        [LoggerMessage(47, LogLevel.Error, "Site {Site}: an import broke off; it will be tried again from where it was")]
        public static partial void Broken(ILogger logger, SiteId site, Exception exception);

        [LoggerMessage(46, LogLevel.Warning, "Site {Site}: an import could not store what it read; it goes on from where it was")]
        public static partial void NotStored(ILogger logger, SiteId site, Exception exception);
    }
}
