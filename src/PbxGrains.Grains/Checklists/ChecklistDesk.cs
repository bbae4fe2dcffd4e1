using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Grains.Events;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Checklists;

namespace PbxGrains.Grains.Checklists;

/// <summary>
/// Runs a site's checklist in the background of its actor, one run at a time, beside polls and calls. Any number of readers
/// follow it. A run whose actor is gone, or whose site got other settings, is marked broken off: it proves nothing.
/// </summary>
internal sealed partial class ChecklistDesk(SiteId site, ChecklistPlan plan, ChecklistRuns runs, SiteTeller teller, TimeProvider time, ILogger logger, CancellationToken lifetime)
{
    private static readonly TimeSpan ReaderWaits = TimeSpan.FromSeconds(5);

    private ChecklistUnderWay? _current;
    private DateTimeOffset? _lastNight;

    /// <summary>True while a run is under way.</summary>
    public bool IsRunning => _current is { Run.FinishedAt: null };

    /// <summary>Starts a run, or joins the one that runs.</summary>
    public async Task<ChecklistStart> StartAsync(ChecklistRequest request, SiteWork work, SiteDuty duty)
    {
        if (duty.Active is not { } configuration)
        {
            return new ChecklistStart(RunId: null, duty.Configuration is null ? ChecklistRefusal.SiteUnknown : ChecklistRefusal.SiteSuspended);
        }

        if (_current is { Run.FinishedAt: null } running)
        {
            await running.Begun.WaitAsync(lifetime);
            return new ChecklistStart(running.Run.RunId, Joined: true);
        }

        var now = Now();
        var run = new ChecklistRun { RunId = Guid.CreateVersion7(now), Site = site, Trigger = request.Trigger, StartedAt = now };
        var begun = runs.BeginAsync(ChecklistRows.Of(run), lifetime);
        var current = _current = new ChecklistUnderWay(run, begun);
        try
        {
            await begun;
        }
        catch
        {
            _current = null;
            throw;
        }

        _ = RunAsync(current, new CheckRound(configuration, request, work, () => duty.Loop));
        return new ChecklistStart(run.RunId);
    }

    /// <summary>Starts the run of this night when it is time for it; also when the PBX is out of reach, for that is news too.</summary>
    public async Task StartIfNightAsync(SiteWork work, SiteDuty duty)
    {
        var now = time.GetUtcNow();
        if (IsRunning || duty.Active is not { Zone: var zone } || !ChecklistNight.IsDue(site, _lastNight, now, zone))
        {
            return;
        }

        try
        {
            _lastNight = await runs.LastStartAsync(site.Value, ChecklistRows.WordOf(ChecklistTrigger.Nightly), lifetime);
            if (ChecklistNight.IsDue(site, _lastNight, now, zone))
            {
                _ = await StartAsync(new ChecklistRequest { Trigger = ChecklistTrigger.Nightly }, work, duty);
                _lastNight = now;
            }
        }
        catch (NpgsqlException)
        {
            // The site shows that the database does not answer; the next round tries again.
        }
    }

    /// <summary>Waits a little for more of a run.</summary>
    /// <returns>Null when the site has no such run.</returns>
    public async Task<ChecklistProgress?> ReadAsync(Guid runId, int fromItem, CancellationToken ct)
    {
        if (_current is { } current && current.Run.RunId == runId)
        {
            return await current.ReadAsync(fromItem, ReaderWaits, time, ct);
        }

        var row = await runs.FindAsync(site.Value, runId, ct);
        if (row is { FinishedAt: null })
        {
            // It is open, but not ours: the actor that ran it is gone.
            _ = await runs.BreakOffAsync(site.Value, IsRunning ? _current!.Run.RunId : null, time.GetUtcNow(), ct);
            row = await runs.FindAsync(site.Value, runId, ct);
        }

        if (row is null)
        {
            return null;
        }

        var run = ChecklistRows.Read(row);
        return new ChecklistProgress([.. run.Items.Skip(fromItem)], run);
    }

    private async Task RunAsync(ChecklistUnderWay current, CheckRound round)
    {
        var era = round.Work.Session.Era;
        var brokenOff = true;
        try
        {
            while (plan.Next(current.Items) is { } check)
            {
                var item = await MeasureAsync(check, current, round);
                if (era != round.Work.Session.Era)
                {
                    break;
                }

                current.Add(item);
            }

            brokenOff = era != round.Work.Session.Era;
        }
        catch (OperationCanceledException) when (lifetime.IsCancellationRequested)
        {
            // The actor ends, and the run with it.
        }
        finally
        {
            await EndAsync(current, brokenOff);
        }
    }

    private async Task<ChecklistItem> MeasureAsync(Check check, ChecklistUnderWay current, CheckRound round)
    {
        var (startedAt, started) = (Now(), time.GetTimestamp());
        var measured = ChecklistPlan.Obstacle(check, current.Items) is { } obstacle
            ? GeneralFindings.PrerequisiteFailed.With(("item", obstacle)) with { SkippedBecause = obstacle }
            : await TryAsync(check, round);
        return new ChecklistItem
        {
            Id = check.Id,
            Section = check.Section,
            Verdict = measured.Finding.Verdict,
            Finding = measured.Finding.Code,
            Facts = measured.Facts,
            MeasuredAt = startedAt,
            Took = time.GetElapsedTime(started),
            SkippedBecause = measured.SkippedBecause,
        };
    }

    private async Task<Measured> TryAsync(Check check, CheckRound round)
    {
        try
        {
            return await check.Measure(round, lifetime);
        }
        catch (NpgsqlException)
        {
            return GeneralFindings.StorageUnavailable.With();
        }
        catch (Exception e) when (!lifetime.IsCancellationRequested)
        {
            // One check that breaks must not take the others with it.
            Log.Broken(logger, site, check.Id, e);
            return GeneralFindings.NotMeasured.With();
        }
    }

    private async Task EndAsync(ChecklistUnderWay current, bool brokenOff)
    {
        var run = current.Run with { FinishedAt = Now(), BrokenOff = brokenOff, Items = plan.InOrder(current.Items) };
        try
        {
            var before = brokenOff ? null : await runs.LatestAsync(site.Value, lifetime);
            await runs.EndAsync(ChecklistRows.Of(run), CancellationToken.None);
            if (before is not null)
            {
                teller.ChecklistRan(run, ChecklistRows.Read(before));
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or ObjectDisposedException or JsonException)
        {
            Log.NotStored(logger, site, e.Message);
        }
        finally
        {
            current.End(run);
        }
    }

    /// <summary>To the millisecond: a run reads the same before and after it was stored, and so does its SHA-256.</summary>
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    private static partial class Log
    {
        [LoggerMessage(80, LogLevel.Error, "Site {Site}: checklist item {Item} could not be measured")]
        public static partial void Broken(ILogger logger, SiteId site, string item, Exception exception);

        [LoggerMessage(81, LogLevel.Warning, "Site {Site}: the end of a checklist run could not be stored: {Why}")]
        public static partial void NotStored(ILogger logger, SiteId site, string why);
    }
}
