using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Placement;
using Orleans.Storage;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Recordings;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Extensions;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Sites;

/// <summary>
/// The actor of one site. A reminder keeps it alive through crashes and silo changes, a timer runs its poll loop.
/// Everything interleaves: what touches the picture does so between two awaits, what talks to the PBX works in
/// <see cref="SiteSession"/>, <see cref="PollRound"/>, <see cref="OriginateDesk"/> and <see cref="CallCommands"/>.
/// </summary>
/// <remarks>Each site owns an outside connection and its timers, so they are spread by number, not by momentary load.</remarks>
[ActivationCountBasedPlacement]
internal sealed partial class SiteGrain(
    [PersistentState("site-login")] IPersistentState<LoginRecord> login,
    SiteParts parts,
    IOptions<SiteSettings> settings,
    ILocalSiloDetails silo,
    TimeProvider time,
    ILogger<SiteGrain> logger) : Grain, ISiteGrain, IRemindable, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _lifetime = new();
    private readonly SemaphoreSlim _loading = new(1, 1);
    private SiteWork _work = null!;
    private SiteReminder _reminder = null!;
    private ExtensionAnnouncer _announcer = null!;
    private SiteConfiguration? _configuration;
    private SiteLoop? _loop;

    private SiteId Site { get; set; }

    private SitePicture Picture => _work.Picture;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Site = SiteId.FromGrainKey(this.GetPrimaryKeyString());
        _work = parts.Assemble(Site, login, logger, _lifetime.Token);
        _reminder = new SiteReminder(this);
        _announcer = new ExtensionAnnouncer(Site, Picture, StaleAfter, GrainFactory, time, _lifetime.Token);
        await LoadAsync(cancellationToken);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _loop?.Dispose();
        await _lifetime.CancelAsync();
        await _work.Session.CloseAsync(validFrom: long.MaxValue);
    }

    public void Dispose()
    {
        // An activation that failed early, for a key that is none for example, has nothing assembled yet.
        _work?.Session.Dispose();
        _loading.Dispose();
        _lifetime.Dispose();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _reminder.Ticked();
        return _configuration is null ? LoadAsync(_lifetime.Token) : EnsureLoopAsync();
    }

    public async Task Supervise(long? rowVersion, CancellationToken ct = default)
    {
        if (rowVersion is null || rowVersion != _configuration?.RowVersion)
        {
            await LoadAsync(_lifetime.Token);
        }
        else
        {
            await EnsureLoopAsync();
        }
    }

    public Task<SiteStatus> GetStatus(CancellationToken ct = default) =>
        Task.FromResult(_work.Status(_configuration, _loop, _announcer.Views(), time.GetUtcNow()) with { Silo = silo.SiloAddress.ToParsableString() });

    public async Task Resume(CancellationToken ct = default)
    {
        _work.Budget.Forget();
        await login.WriteStateAsync(_lifetime.Token);
        await LoadAsync(_lifetime.Token);
        if (_configuration is { Suspended: false })
        {
            _work.Health.Enter(SiteHealth.Connecting, SiteHealthReason.FirstContact, detail: null, time.GetUtcNow());
            _loop?.Restart();
        }
    }

    public Task<SiteProbeResult> Probe(SiteCandidate candidate, CancellationToken ct = default) =>
        _work.Probe.RunAsync(candidate, settings.Value, ct);

    public async Task<ReportReceipt> TakeReport(IncomingReport report, CancellationToken ct = default)
    {
        if (_configuration is not { } configuration)
        {
            return ReportReceipt.UnknownSite;
        }

        var intake = await _work.Intake.TakeAsync(report, configuration, _work.Device?.SerialNumber ?? configuration.SerialNumber, _lifetime.Token);
        if (intake.Report is { } read)
        {
            Follow(Picture.Take(read, time.GetUtcNow()));
            await AfterReportAsync(read);
        }

        return intake.Receipt;
    }

    public Task<IReadOnlyList<ExtensionView>> ListExtensions(CancellationToken ct = default) =>
        Task.FromResult(_announcer.Views());

    public Task<ExtensionKnowledge> GetExtensionKnowledge(ExtensionNumber number, CancellationToken ct = default) =>
        Task.FromResult(_announcer.KnowledgeOf(number));

    public async Task<OriginateOutcome> Originate(OriginateRequest request, CancellationToken ct = default)
    {
        var outcome = await _work.Desk.StartAsync(request, _configuration, _lifetime.Token);
        if (outcome.State is OriginateState.Accepted or OriginateState.Unknown)
        {
            _loop?.Kick(Soon);
        }

        return outcome;
    }

    public Task<OriginateOutcome?> FindOriginate(Guid originateId, CancellationToken ct = default) =>
        _work.Desk.FindAsync(originateId, ct);

    public Task<IReadOnlyList<CallView>> ListCalls(CancellationToken ct = default) =>
        Task.FromResult<IReadOnlyList<CallView>>([.. Picture.Calls.Running.Select(c => c.View(Site))]);

    public Task<CallView?> FindCall(CallId callId, CancellationToken ct = default) =>
        Task.FromResult(Picture.Calls.Find(callId)?.View(Site));

    public async Task<CallCommandOutcome> Command(CallId callId, CallCommand command, CancellationToken ct = default)
    {
        if (_configuration is not { Suspended: false } configuration)
        {
            return new CallCommandOutcome(CallCommandResult.PbxUnreachable, "The site is suspended or not registered.");
        }

        var outcome = await _work.Commands.RunAsync(callId, command, configuration, _lifetime.Token);
        _loop?.Kick(Soon);
        return outcome;
    }

    public Task<PbxAnswer<IReadOnlyList<TrunkView>>> ListTrunks(CancellationToken ct = default) =>
        _work.Questions.AskAsync(_configuration, (client, token) => client.ListTrunksAsync(token), SiteQuestions.Views, _lifetime.Token);

    public Task<PbxAnswer<QueueView>> GetQueue(string number, CancellationToken ct = default) =>
        _work.Questions.AskAsync(_configuration, (client, token) => client.GetQueueAsync(number, token), SiteQuestions.View, _lifetime.Token);

    public Task<RecordingFetch> FetchRecording(string recordingId, CancellationToken ct = default) =>
        _work.Recordings.FetchAsync(recordingId, _configuration, ct);

    /// <summary>
    /// Follows the site directory: new, changed, suspended, gone. One at a time, whoever calls, so that the row read last
    /// is the one that holds.
    /// </summary>
    private async Task LoadAsync(CancellationToken ct)
    {
        await _loading.WaitAsync(ct);
        try
        {
            var before = _configuration;
            var now = _configuration = await parts.Configurations.LoadAsync(Site, ct);
            if (now is not { Suspended: false })
            {
                await RestAsync(before);
                return;
            }

            if (now.NeedsNewSession(before))
            {
                await ReconnectAsync(before, now);
            }

            await EnsureLoopAsync();
        }
        finally
        {
            _ = _loading.Release();
        }
    }

    private async Task ReconnectAsync(SiteConfiguration? before, SiteConfiguration now)
    {
        _work.Health.Enter(SiteHealth.Connecting, SiteHealthReason.FirstContact, detail: null, time.GetUtcNow());
        if (before?.Connection is { } old && old.Address != now.Connection?.Address)
        {
            Picture.Clear();
        }

        await _work.Session.CloseAsync(validFrom: now.RowVersion);
        _loop?.Restart();
    }

    private Task EnsureLoopAsync()
    {
        if (_configuration is not { Suspended: false })
        {
            return Task.CompletedTask;
        }

        _loop ??= new SiteLoop(this, RoundAsync, time);
        return _reminder.EnsureAsync();
    }

    /// <summary>Stops supervision: the site is suspended or gone.</summary>
    private async Task RestAsync(SiteConfiguration? before)
    {
        _loop?.Dispose();
        _loop = null;
        if (_configuration is { } suspended)
        {
            _work.Health.Enter(SiteHealth.Suspended, SiteHealthReason.SuspendedByOperator, suspended.SuspendedReason, time.GetUtcNow());
        }
        else
        {
            Picture.Clear();
        }

        await _work.Session.CloseAsync(validFrom: _configuration?.RowVersion ?? before?.RowVersion + 1 ?? 0);
        await _reminder.RemoveAsync();
    }

    /// <summary>One poll round and what follows from it.</summary>
    /// <returns>The pause until the next one, and whether the round worked.</returns>
    private async Task<LoopVerdict> RoundAsync(CancellationToken ct)
    {
        if (_configuration is not { Suspended: false } configuration)
        {
            return new LoopVerdict(Worked: false, SiteReminder.Period);
        }

        try
        {
            var outcome = await _work.Round.RunAsync(configuration, ct);
            return outcome.Superseded ? new LoopVerdict(Worked: false, Soon) : await ConcludeAsync(outcome, configuration, ct);
        }
        catch (InconsistentStateException e)
        {
            // Another activation of this site has written: it is the one that lives on.
            Log.Ousted(logger, Site, e);
            DeactivateOnIdle();
            return new LoopVerdict(Worked: false, SiteReminder.Period);
        }
        catch (Exception e) when (e is NpgsqlException or OrleansException { InnerException: NpgsqlException })
        {
            // Grain storage wraps what the database threw. Without a written budget nobody logs in.
            _work.Health.Enter(SiteHealth.Degraded, SiteHealthReason.StorageUnavailable, (e.InnerException ?? e).Message, time.GetUtcNow());
            return new LoopVerdict(Worked: false, _work.PauseAfterFailure(configuration, time.GetUtcNow()));
        }
    }

    private async Task<LoopVerdict> ConcludeAsync(PollOutcome outcome, SiteConfiguration configuration, CancellationToken ct)
    {
        Follow(outcome.Change);
        var now = time.GetUtcNow();
        if (outcome.Failure is { } failure)
        {
            if (_work.Session.NotBefore is null && !_work.Budget.Stopped && configuration.Connection is not null)
            {
                _work.Health.Enter(failure, now);
            }

            await _work.Recordings.SiteDownAsync(failure.Message, ct);
            return new LoopVerdict(Worked: false, _work.PauseAfterFailure(configuration, now));
        }

        _work.Health.Enter(SiteHealth.Online, SiteHealthReason.Polling, detail: null, now);
        await _work.KeepAsync(configuration, ct);
        return new LoopVerdict(Worked: true, _work.PauseAfterSuccess(configuration, now));
    }

    private async Task AfterReportAsync(Report report)
    {
        switch (report)
        {
            case BootUpReport:
                _work.Session.Drop(_work.Session.Client);
                Picture.Push.SessionChanged();
                break;
            case CallRecordReport record:
                _work.Desk.RecordSeen(record.Record);
                _work.Recordings.Named();
                break;
            default:
                break;
        }

        if (_work.Desk.HasOpen)
        {
            await _work.Desk.SettleAsync(roundDone: false, _lifetime.Token);
        }

        if (Picture.Calls.RunningCount > 0 && _configuration is { } configuration)
        {
            _loop?.Kick(configuration.Periods.Busy);
        }
    }

    /// <summary>Tells the extension actors what changed, and asks the PBX soon where only it can tell.</summary>
    private void Follow(PictureChange change)
    {
        _announcer.Tell(change.Extensions);
        if (change.AskSoon)
        {
            _loop?.Kick(Soon);
        }
    }

    private TimeSpan StaleAfter() => _configuration is { } configuration ? _work.StaleAfter(configuration, time.GetUtcNow()) : TimeSpan.Zero;

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Warning, "Site {Site}: another activation has taken over; this one ends")]
        public static partial void Ousted(ILogger logger, SiteId site, Exception exception);
    }
}
