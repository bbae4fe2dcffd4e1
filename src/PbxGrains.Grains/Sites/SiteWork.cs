using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Checklists;
using PbxGrains.Grains.Events;
using PbxGrains.Grains.Recordings;
using PbxGrains.Grains.Rehearsals;
using PbxGrains.Grains.Reports;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>The working parts of one site's actor, and the small decisions between them.</summary>
internal sealed partial class SiteWork(SiteId site, SiteConfigurations configurations, TimeProvider time)
{
    /// <summary>Code of the warning about our own database.</summary>
    public const string StorageWarning = "storage-unavailable";

    /// <summary>Code of the warning about events that were never told.</summary>
    public const string EventsWarning = "events-given-up";

    private readonly PollCadence _cadence = new(Random.Shared);
    private int _learntAtLogin;
    private TimeSpan _promised;

    public required SiteEvents Events { get; init; }

    public required SiteTeller Teller { get; init; }

    public required AgentBook Agents { get; init; }

    public required SiteHealthBook Health { get; init; }

    public required LoginBudget Budget { get; init; }

    public required SiteSession Session { get; init; }

    public required SessionFence Fence { get; init; }

    public required SitePicture Picture { get; init; }

    public required PollRound Round { get; init; }

    public required ReportIntake Intake { get; init; }

    public required ReportMemory Reports { get; init; }

    public required OriginateDesk Desk { get; init; }

    public required OriginateRehearsal Rehearsal { get; init; }

    public required OriginateJournal Journal { get; init; }

    public required OriginateFollowUp Dials { get; init; }

    public required CallCommands Commands { get; init; }

    public required SiteQuestions Questions { get; init; }

    public required SiteProbe Probe { get; init; }

    public required CredentialsRotation Credentials { get; init; }

    public required CatchUp CatchUp { get; init; }

    public required RecordingFetcher Recordings { get; init; }

    public required HistoryImport Import { get; init; }

    public required KeptRecords Kept { get; init; }

    public required ChecklistDesk Checklist { get; init; }

    /// <summary>When the PBX was last read (UTC); null before the first round that worked.</summary>
    public DateTimeOffset? LastReadAt { get; set; }

    /// <summary>What the PBX said about itself at the last login; null before.</summary>
    public DeviceInformation? Device { get; private set; }

    /// <summary>
    /// True while something is under way that must not be cut short by a move: a login, a dial and writing down what became of
    /// it, asking after one whose answer was lost, a run of the checklist. All else is in the database, is handed over, or can be asked again.
    /// </summary>
    public bool IsBusy => Session.IsLoggingIn || Dials.HasOpen || Journal.IsWriting || Checklist.IsRunning;

    /// <summary>Shows the site to the meters as it is now.</summary>
    public void Show() => SiteMeter.Show(
        this,
        new SiteReading(Health.Health, Picture.Push.StateAt(time.GetUtcNow()), Picture.Calls.RunningCount, Budget.Stopped, LastReadAt, CatchUp.LastComparedAt, Health.WarningCount),
        time);

    /// <summary>Takes the site from the meters: it is gone, or lives elsewhere.</summary>
    public void Hide() => SiteMeter.Forget(this);

    /// <summary>Pause after a round that worked.</summary>
    public TimeSpan PauseAfterSuccess(SiteConfiguration configuration, DateTimeOffset now) =>
        _promised = _cadence.AfterSuccess(configuration.Periods, Picture.Calls.RunningCount > 0 || Dials.HasOpen, IsPushProven(now));

    /// <summary>Pause after a round that failed: what the login budget says, else growing.</summary>
    public TimeSpan PauseAfterFailure(SiteConfiguration configuration, DateTimeOffset now)
    {
        var pause = _cadence.AfterFailure(configuration.Periods);
        if (Budget.Stopped)
        {
            return configuration.Periods.BackoffLast;
        }

        return Session.NotBefore is { } instant && instant - now > pause ? instant - now : pause;
    }

    /// <summary>
    /// How old knowledge may be, given how often rounds come. Knowledge read at a slow cadence is judged by that one until
    /// the next round worked: a call that starts meanwhile does not make all extensions unknown.
    /// </summary>
    public TimeSpan StaleAfter(SiteConfiguration configuration, DateTimeOffset now)
    {
        var steady = PollCadence.Steady(configuration.Periods, Picture.Calls.RunningCount > 0, IsPushProven(now));
        return configuration.Periods.BoundAt(steady > _promised ? steady : _promised);
    }

    /// <summary>What the site's status says, but for the silo it lives on.</summary>
    public SiteStatus Status(SiteConfiguration? configuration, SiteLoop? loop, IReadOnlyList<ExtensionView> extensions, DateTimeOffset now) => new()
    {
        Site = site,
        Health = Health.Health,
        Reason = Health.Reason,
        Detail = Health.Detail,
        Since = Health.Since,
        LastPollAt = loop?.LastSuccessAt,
        LastPollMilliseconds = loop?.LastDuration?.TotalMilliseconds,
        NextPollAt = loop?.NextAt,
        PollRounds = loop?.Rounds ?? 0,
        LastReportAt = Picture.Push.LastReportAt,
        Push = Picture.Push.StateAt(now),
        Dialect = Session.Client is { } client ? SiteConfigurations.DialectText(client.Dialect) : null,
        Firmware = Device?.Firmware,
        SerialNumber = Device?.SerialNumber ?? configuration?.SerialNumber,
        Extensions = extensions.GroupBy(v => v.Status).ToDictionary(g => g.Key, g => g.Count()),
        RunningCalls = Picture.Calls.RunningCount,
        Warnings = Health.Warnings,
        LoginFailures = Budget.Rejected,
        RowVersion = configuration?.RowVersion,
    };

    /// <summary>
    /// Writes down what a round brought, and takes up what an earlier activation left open. A database that does not answer
    /// is no reason not to poll: it is shown as a warning, and the next round tries again.
    /// </summary>
    public async Task KeepAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        try
        {
            await Dials.LoadAsync(ct);
            await LearnDeviceAsync(configuration, ct);
            await Dials.SettleAsync(roundDone: true, ct);
            CatchUp.StartIfDue(configuration, free: !Import.IsRunning, ct);
            await Import.ContinueAsync(configuration, ct);
            Recordings.StartIfDue(ct);
            await Kept.RetryIfDueAsync(configuration, ct);
            Health.Settle(StorageWarning);
        }
        catch (NpgsqlException e)
        {
            Health.Warn(StorageWarning, $"The database does not answer; what was learnt waits for it. {e.Message}", time.GetUtcNow());
        }
    }

    /// <summary>Tells the event log what happened. A log that does not answer is no reason to stop anything: what waits is told later.</summary>
    /// <returns>True when the log has everything.</returns>
    /// <param name="ct">Gives up; what waits stays.</param>
    /// <param name="upTo">Waits for what was noted up to this number; null for all that was noted so far.</param>
    public async Task<bool> TellAsync(CancellationToken ct, long? upTo = null)
    {
        if (Events.GivenUp > 0)
        {
            Health.Warn(EventsWarning, $"The event log did not take events for so long that {Events.GivenUp} of them were given up.", time.GetUtcNow());
        }

        return await Events.FlushAsync(ct, upTo);
    }

    /// <summary>Once per login: asks the PBX who it is, and keeps what it says.</summary>
    private async Task LearnDeviceAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        if (_learntAtLogin == Session.Logins || Session.Client is not { } client)
        {
            return;
        }

        var logins = Session.Logins;
        var device = await client.GetDeviceInformationAsync(ct);
        if (!device.Succeeded || !ReferenceEquals(client, Session.Client))
        {
            return;
        }

        var before = Device?.SerialNumber ?? configuration.SerialNumber;
        Device = device.Value;
        var now = time.GetUtcNow();
        if (before is { } known && Device.SerialNumber is { } found && known != found)
        {
            Health.Warn("serial-number-changed", $"The PBX at this address now has serial number {found}; it was {known}. Was it replaced?", now);
        }

        await configurations.RecordDeviceAsync(site, client.Dialect, Device, ct);
        _learntAtLogin = logins;
    }

    private bool IsPushProven(DateTimeOffset now) => Picture.Push.StateAt(now) == PushState.Proven;
}
