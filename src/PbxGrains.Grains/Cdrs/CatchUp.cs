using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Grains.Cdrs;

/// <summary>
/// Compares the ledger with the PBX's own records: after every login, then regularly, and once a night further back. One
/// at a time per site, beside polls and calls. The watermark moves over what was read; what was not is asked for again.
/// </summary>
public sealed partial class CatchUp(
    SiteSession session,
    RecordWalk walk,
    CatchUpWindows windows,
    PbxClockWatch clock,
    SiteHealthBook health,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Code of the warning about records of the PBX that cannot be read.</summary>
    public const string UnreadableRecords = "unreadable-call-records";

    /// <summary>Tries until an hour the PBX answers nonsense for no longer holds up the hours after it: about two hours of them.</summary>
    public const int TriesOfAnHour = 8;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    private readonly Dictionary<DateTime, int> _tries = [];
    private WallSpan? _stray;
    private Task _running = Task.CompletedTask;
    private int _atLogin;
    private DateTimeOffset _dueAt = DateTimeOffset.MinValue;

    /// <summary>When a comparison last came to its end with every window read (UTC); null before the first of this activation.</summary>
    public DateTimeOffset? LastComparedAt { get; private set; }

    /// <summary>True while a comparison runs or should: others leave the PBX to it.</summary>
    public bool IsWanted => !_running.IsCompleted || session.Logins != _atLogin || time.GetUtcNow() >= _dueAt;

    /// <summary>When the next comparison is due; null when one runs, which whoever goes on must begin again.</summary>
    internal DateTimeOffset? DueAt => _running.IsCompleted && session.Logins == _atLogin ? _dueAt : null;

    /// <summary>Goes on where an activation on another silo was.</summary>
    internal void TakeOver(DateTimeOffset? dueAt, DateTimeOffset? lastComparedAt)
    {
        LastComparedAt = lastComparedAt;
        if (dueAt is { } due)
        {
            (_dueAt, _atLogin) = (due, session.Logins);
        }
    }

    /// <summary>Starts a comparison when one is due and none runs. Does not wait for it.</summary>
    /// <param name="configuration">The site.</param>
    /// <param name="free">False while somebody else downloads records from this PBX.</param>
    /// <param name="lifetime">Ends it with the actor.</param>
    public void StartIfDue(SiteConfiguration configuration, bool free, CancellationToken lifetime)
    {
        if (free && _running.IsCompleted && session.Client is not null && IsWanted)
        {
            _atLogin = session.Logins;
            _dueAt = time.GetUtcNow() + configuration.Periods.CatchUp;
            _running = RunAsync(configuration, lifetime);
        }
    }

    private async Task RunAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        try
        {
            await CompareAsync(configuration, ct);
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
        catch (Exception e)
        {
            // Nobody awaits this: a mistake of ours must be seen, and must not end all comparing.
            Log.Broken(logger, configuration.Site, e);
        }
    }

    private async Task CompareAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        if (session.Client is { } client)
        {
            await clock.LookAsync(client, configuration.Zone, ct);
        }

        var site = configuration.Site.Value;
        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), configuration.Zone).DateTime;
        var progress = await windows.GetProgressAsync(site, ct);
        var isFirst = progress.Watermark is null;
        var isNight = !isFirst && CatchUpPlan.IsNightDue(progress.LastNight, local);
        var wallNow = clock.WallClockNow(configuration.Zone);
        var span = isNight ? CatchUpPlan.Nightly(progress.Watermark, wallNow) : CatchUpPlan.Recent(progress.Watermark, wallNow);
        if (isFirst)
        {
            Log.FirstContact(logger, configuration.Site, span.From);
        }

        var (found, unread, reached) = (0, 0, progress.Watermark ?? span.From);
        var end = await walk.RunAsync(
            configuration,
            span,
            RecordedSource.CatchUp,
            async (step, token) =>
            {
                found += step.New;
                unread += step.Outcome == CatchUpOutcome.Whole ? 0 : 1;
                await GiveUpHourAsync(site, step, token);
                reached = await windows.SetWatermarkAsync(site, step.Span.To < wallNow ? step.Span.To : wallNow, token) ?? reached;
                return true;
            },
            ct);

        LedgerMeter.ComparedWithLag(clock.WallClockNow(configuration.Zone) - reached);
        if (found > 0)
        {
            LedgerMeter.Found(RecordedSource.CatchUp, found);
            Log.Found(logger, configuration.Site, found);
        }

        if (end.Finished)
        {
            LastComparedAt = unread == 0 ? time.GetUtcNow() : LastComparedAt;
            await CompareStrayAsync(configuration, ct);
        }

        Tell(unread, end);
        if (end.Failure is { } failure)
        {
            _dueAt = time.GetUtcNow() + (RecordWalk.IsTooSlow(failure) ? AfterFailure : configuration.Periods.CatchUp);
        }
        else if (isNight || isFirst)
        {
            await windows.SetLastNightAsync(site, DateOnly.FromDateTime(local), ct);
        }
    }

    /// <summary>
    /// A PBX whose clock shows 1970 until somebody sets it writes its records there: they are read as well, once more after
    /// the clock is right, and without moving the watermark.
    /// </summary>
    private async Task CompareStrayAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        var before = _stray;
        _stray = clock.Stray(configuration.Zone);
        if ((_stray ?? before) is { } span)
        {
            _ = await walk.RunAsync(configuration, span, RecordedSource.CatchUp, (_, _) => Task.FromResult(true), ct);
        }
    }

    /// <summary>
    /// An hour that failed again and again while others did not: the watermark may pass it. It is never claimed to be
    /// proven, and the nightly comparisons go on trying it.
    /// </summary>
    private async Task GiveUpHourAsync(string site, WalkStep step, CancellationToken ct)
    {
        var hour = step.Span.From.AddTicks(-(step.Span.From.Ticks % TimeSpan.TicksPerHour));
        if (step.Outcome != CatchUpOutcome.Failed)
        {
            _ = _tries.Remove(hour);
            return;
        }

        if ((_tries[hour] = _tries.GetValueOrDefault(hour) + 1) >= TriesOfAnHour)
        {
            await windows.RecordAsync(
                new CatchUpWindow { SiteId = site, Start = step.Span.From, End = step.Span.To, Outcome = CatchUpOutcome.Damaged, ComparedAt = clock.Careful(time.GetUtcNow()), Detail = step.Detail },
                ct);
        }
    }

    private void Tell(int unread, WalkEnd end)
    {
        if (unread > 0)
        {
            health.Warn(UnreadableRecords, $"The PBX's own list has call records that cannot be read, in {unread} of the hours compared last. Those hours are not verified; the completeness of the site names them.", time.GetUtcNow());
        }
        else if (end.Finished)
        {
            health.Settle(UnreadableRecords);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Information, "Site {Site}: {Found} call records were found by catch-up only")]
        public static partial void Found(ILogger logger, Contracts.SiteId site, int found);

        [LoggerMessage(41, LogLevel.Warning, "Site {Site}: catch-up could not store what it read; it goes on from where it was")]
        public static partial void NotStored(ILogger logger, Contracts.SiteId site, Exception exception);

        [LoggerMessage(43, LogLevel.Error, "Site {Site}: catch-up broke off; it will be tried again")]
        public static partial void Broken(ILogger logger, Contracts.SiteId site, Exception exception);

        [LoggerMessage(42, LogLevel.Information, "Site {Site}: first contact; call records from {From:yyyy-MM-dd HH:mm} (the PBX's clock) on are read now, older ones when you import them")]
        public static partial void FirstContact(ILogger logger, Contracts.SiteId site, DateTime from);
    }
}
