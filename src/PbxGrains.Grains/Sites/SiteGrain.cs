using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Placement;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Recordings;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Extensions;
using PbxGrains.Grains.Moves;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Sites;

/// <summary>
/// The actor of one site. A reminder keeps it alive through crashes and silo changes, a timer runs its poll loop.
/// Everything interleaves: what touches the picture does so between two awaits, what talks to the PBX works in
/// <see cref="SiteSession"/>, <see cref="SiteRounds"/>, <see cref="OriginateDesk"/> and <see cref="CallCommands"/>.
/// </summary>
/// <remarks>
/// Placed by <see cref="Placement.PlacedByShare"/>; the attribute is for silos of earlier versions, which place by what the
/// manifest says.
/// </remarks>
[ActivationCountBasedPlacement]
internal sealed class SiteGrain(
    [PersistentState(SessionFence.StateName)] IPersistentState<LoginRecord> login,
    SiteParts parts,
    LocalSites local,
    IOptions<SiteSettings> settings,
    ILocalSiloDetails silo,
    TimeProvider time,
    ILogger<SiteGrain> logger) : Grain, ISiteGrain, IRemindable, IGrainMigrationParticipant, IDisposable
{
    private readonly CancellationTokenSource _lifetime = new();
    private SiteWork _work = null!;
    private SiteDuty _duty = null!;
    private ExtensionAnnouncer _announcer = null!;
    private SiteMove _move = null!;
    private SiteHandOver? _arrived;

    private SiteId Site { get; set; }

    private SitePicture Picture => _work.Picture;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Site = SiteId.FromGrainKey(this.GetPrimaryKeyString());
        _arrived ??= SiteMove.Kept(Site, local, time.GetUtcNow());
        _work = parts.Assemble(Site, this.GetGrainId(), login, logger, _lifetime.Token);
        var rounds = new SiteRounds(Site, _work, Follow, DeactivateOnIdle, time, logger);
        _duty = new SiteDuty(Site, _work, parts.Configurations, this, async ct =>
        {
            var verdict = await rounds.RunAsync(_duty.Active, ct);

            // A site may have been removed while its last round ran.
            if (_duty.Active is not null)
            {
                _work.Show();
            }

            await _work.Checklist.StartIfNightAsync(_work, _duty);
            return verdict;
        }, time, _arrived);
        _announcer = new ExtensionAnnouncer(Site, Picture, StaleAfter, GrainFactory, time, _lifetime.Token);
        _move = new SiteMove(Site, GrainContext, _work, _duty, local, time);
        try
        {
            await _duty.LoadAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            // Whoever called from another silo could not read what the driver throws.
            throw new DatabaseUnavailableException(e.Message);
        }

        _move.Begin();
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext) => _arrived = SiteMove.Read(rehydrationContext, local, time.GetUtcNow());

    public void OnDehydrate(IDehydrationContext dehydrationContext) => _move.Write(dehydrationContext);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _duty.Stop();
        _work.Hide();
        await _work.Journal.WrittenAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var goesOn = await _move.EndAsync(reason, cancellationToken);
        _ = await _work.TellAsync(cancellationToken);
        await _lifetime.CancelAsync();
        if (!goesOn)
        {
            await _work.Session.CloseAsync(validFrom: long.MaxValue);
        }
    }

    public void Dispose()
    {
        // An activation that failed early, for a key that is none for example, has nothing assembled yet.
        _work?.Hide();
        _work?.Session.Dispose();
        _work?.Events.Dispose();
        _duty?.Dispose();
        _move?.Dispose();
        _lifetime.Dispose();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => _duty.TickedAsync(_lifetime.Token);

    public Task Supervise(long? rowVersion, CancellationToken ct = default) =>
        rowVersion is null || rowVersion != _duty.Configuration?.RowVersion ? _duty.LoadAsync(_lifetime.Token) : _duty.EnsureAsync();

    public Task<SiteStatus> GetStatus(CancellationToken ct = default) =>
        Task.FromResult(_work.Status(_duty.Configuration, _duty.Loop, _announcer.Views(), time.GetUtcNow()) with { Silo = silo.SiloAddress.ToParsableString() });

    public async Task Resume(CancellationToken ct = default)
    {
        _work.Budget.Forget();
        await login.WriteStateAsync(_lifetime.Token);
        await _duty.LoadAsync(_lifetime.Token);
        _duty.StartAfresh();
    }

    public Task<SiteProbeResult> Probe(SiteCandidate candidate, CancellationToken ct = default) =>
        _move.ErrandAsync(either => _work.Probe.RunAsync(candidate, settings.Value, either), ct);

    public Task<CredentialsChange> ChangeCredentials(SiteCredentials credentials, CancellationToken ct = default) =>
        _move.ErrandAsync(_ => _work.Credentials.RunAsync(credentials, settings.Value, () => _duty.LoadAsync(_lifetime.Token), _lifetime.Token), ct);

    public async Task<ReportReceipt> TakeReport(IncomingReport report, CancellationToken ct = default)
    {
        if (_duty.Configuration is not { } configuration)
        {
            return ReportReceipt.UnknownSite;
        }

        var arrivedAt = _move.ArrivedBy(time.GetUtcNow(), report.ReceivedAt);
        await _work.Agents.FreshenAsync(_lifetime.Token);
        var noted = _work.Events.Noted;
        var intake = await _work.Intake.TakeAsync(
            report,
            configuration,
            _work.Device?.SerialNumber ?? configuration.SerialNumber,
            read =>
            {
                Follow(Picture.Take(read, arrivedAt));
                noted = _work.Events.Noted;
            },
            _lifetime.Token);
        if (intake.Report is { } taken)
        {
            await AfterReportAsync(taken);
        }

        // What the PBX is told it need not repeat is in the log; a repeated report changes nothing, but tells what waits.
        var told = await _work.TellAsync(_lifetime.Token, noted);
        if (_work.Events.Waiting > 0)
        {
            // What was noted since is no reason to keep the PBX waiting, nor to wait for the next round.
            _ = _work.TellAsync(_lifetime.Token);
        }

        var receipt = told || intake.Receipt != ReportReceipt.Taken ? intake.Receipt : ReportReceipt.NotStored;
        _work.Reports.Add(report, receipt);
        SiteMeter.Took(receipt);
        return receipt;
    }

    public Task<RecentReports> ListReports(CancellationToken ct = default) => Task.FromResult(_work.Reports.View());

    public async Task NoteTooLargeReport(string? sourceAddress, CancellationToken ct = default)
    {
        if (_duty.Configuration is not null)
        {
            _work.Intake.NoteTooLarge(sourceAddress, time.GetUtcNow());
            _ = await _work.TellAsync(_lifetime.Token);
        }
    }

    public Task NoteUnprovenReport(string? sourceAddress, CancellationToken ct = default)
    {
        _work.Intake.Tally.NoteUnproven(sourceAddress, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ExtensionView>> ListExtensions(CancellationToken ct = default) =>
        Task.FromResult(_announcer.Views());

    public Task<ExtensionListing> GetExtensionListing(CancellationToken ct = default) =>
        Task.FromResult(_announcer.Listing());

    public Task<ExtensionKnowledge> GetExtensionKnowledge(ExtensionNumber number, CancellationToken ct = default) =>
        Task.FromResult(_announcer.KnowledgeOf(number));

    public async Task<OriginateOutcome> Originate(OriginateRequest request, CancellationToken ct = default)
    {
        if (request.DryRun)
        {
            return await _work.Rehearsal.RunAsync(request, _duty.Configuration, _announcer.Listing(), _lifetime.Token);
        }

        var outcome = await _move.ErrandAsync(_ => _work.Desk.StartAsync(request, _duty.Configuration, _lifetime.Token), ct);
        if (outcome.State is OriginateState.Accepted or OriginateState.Unknown)
        {
            _duty.Loop?.Kick(SiteRounds.Soon);
        }

        if (!outcome.Replayed)
        {
            SiteMeter.Dialled(outcome);
        }

        // Whoever waits for his call need not wait until it is told.
        _ = _work.TellAsync(_lifetime.Token);
        return outcome;
    }

    public Task<OriginateOutcome?> FindOriginate(Guid originateId, CancellationToken ct = default) =>
        _work.Journal.FindAsync(originateId, ct);

    public Task<IReadOnlyList<CallView>> ListCalls(CancellationToken ct = default) =>
        Task.FromResult<IReadOnlyList<CallView>>([.. Picture.Calls.Running.Select(c => c.View(Site))]);

    public Task<CallView?> FindCall(CallId callId, CancellationToken ct = default) =>
        Task.FromResult(Picture.Calls.Find(callId)?.View(Site));

    public async Task<CallCommandOutcome> Command(CallId callId, CallCommand command, CancellationToken ct = default)
    {
        if (_duty.Active is not { } configuration)
        {
            return new CallCommandOutcome(CallCommandResult.PbxUnreachable, "The site is suspended or not registered.");
        }

        var outcome = await _move.ErrandAsync(_ => _work.Commands.RunAsync(callId, command, configuration, _lifetime.Token), ct);
        _duty.Loop?.Kick(SiteRounds.Soon);
        return outcome;
    }

    public Task<PbxAnswer<IReadOnlyList<TrunkView>>> ListTrunks(CancellationToken ct = default) =>
        _move.ErrandAsync(_ => _work.Questions.AskAsync(_duty.Configuration, (client, token) => client.ListTrunksAsync(token), SiteQuestions.Views, _lifetime.Token), ct);

    public Task<PbxAnswer<QueueView>> GetQueue(string number, CancellationToken ct = default) =>
        _move.ErrandAsync(_ => _work.Questions.AskAsync(_duty.Configuration, (client, token) => client.GetQueueAsync(number, token), SiteQuestions.View, _lifetime.Token), ct);

    public Task<RecordingFetch> FetchRecording(string recordingId, CancellationToken ct = default) =>
        _move.ErrandAsync(either => _work.Recordings.FetchAsync(recordingId, _duty.Configuration, either), ct);

    public async Task<HistoryImportStart> StartImport(DateOnly since, DateOnly? until, CancellationToken ct = default)
    {
        var start = await _work.Import.StartAsync(since, until, _duty.Configuration, _lifetime.Token);
        _duty.Loop?.Kick(SiteRounds.Soon);
        return start;
    }

    public Task CancelImport(Guid importId, CancellationToken ct = default) => _work.Import.CancelAsync(importId, _lifetime.Token);

    public Task<ChecklistStart> StartChecklist(ChecklistRequest request, CancellationToken ct = default) =>
        _work.Checklist.StartAsync(request, _work, _duty);

    public Task<ChecklistProgress?> ReadChecklist(Guid runId, int fromItem, CancellationToken ct = default) =>
        _work.Checklist.ReadAsync(runId, fromItem, ct);

    private async Task AfterReportAsync(Report report)
    {
        switch (report)
        {
            case BootUpReport:
                _work.Session.Drop(_work.Session.Client);
                Picture.Push.SessionChanged();
                _duty.Loop?.Kick(SiteRounds.Soon);
                break;
            case ConfigurationChangedReport:
                _duty.Loop?.Kick(SiteRounds.Soon);
                break;
            case CallRecordReport record:
                _work.Dials.RecordSeen(record.Record);
                _work.Recordings.Named();
                break;
            default:
                break;
        }

        if (_work.Dials.HasOpen)
        {
            await _work.Dials.SettleAsync(roundDone: false, _lifetime.Token);
        }

        if (Picture.Calls.RunningCount > 0 && _duty.Configuration is { } configuration)
        {
            _duty.Loop?.Hint(configuration.Periods.Busy);
        }
    }

    /// <summary>Tells the extension actors what changed, and asks the PBX soon where only it can tell.</summary>
    private void Follow(PictureChange change)
    {
        _announcer.Tell(change.Extensions);
        if (change.AskSoon)
        {
            _duty.Loop?.Hint(SiteRounds.Soon);
        }
    }

    private TimeSpan StaleAfter() => _duty.Configuration is { } configuration ? _work.StaleAfter(configuration, time.GetUtcNow()) : TimeSpan.Zero;
}
