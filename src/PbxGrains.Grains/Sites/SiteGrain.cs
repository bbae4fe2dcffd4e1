using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
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
internal sealed partial class SiteGrain(
    [PersistentState("site-login")] IPersistentState<LoginRecord> login,
    SiteParts parts,
    IOptions<SiteSettings> settings,
    ILocalSiloDetails silo,
    TimeProvider time,
    ILogger<SiteGrain> logger) : Grain, ISiteGrain, IRemindable, IDisposable
{
    private const string ReminderName = "supervision";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LogoutWithin = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _lifetime = new();
    private SiteWork _work = null!;
    private SiteConfiguration? _configuration;
    private SiteLoop? _loop;
    private bool _hasReminder;

    private SiteId Site { get; set; }

    private SitePicture Picture => _work.Picture;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Site = SiteId.FromGrainKey(this.GetPrimaryKeyString());
        _work = parts.Assemble(Site, login, logger, _lifetime.Token);
        await LoadAsync(cancellationToken);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _loop?.Dispose();
        await _lifetime.CancelAsync();
        await _work.Session.CloseAsync(LogoutWithin);
    }

    public void Dispose()
    {
        _work.Session.Dispose();
        _lifetime.Dispose();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _hasReminder = true;
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

    public Task<SiteStatus> GetStatus(CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        return Task.FromResult(new SiteStatus
        {
            Site = Site,
            Health = _work.Health.Health,
            Reason = _work.Health.Reason,
            Detail = _work.Health.Detail,
            Since = _work.Health.Since,
            LastPollAt = _loop?.LastSuccessAt,
            LastPollMilliseconds = _loop?.LastDuration?.TotalMilliseconds,
            NextPollAt = _loop?.NextAt,
            PollRounds = _loop?.Rounds ?? 0,
            LastReportAt = Picture.Push.LastReportAt,
            Push = Picture.Push.StateAt(now),
            Dialect = _work.Session.Client is { } client ? SiteConfigurations.DialectText(client.Dialect) : null,
            Firmware = _work.Device?.Firmware,
            SerialNumber = _work.Device?.SerialNumber ?? _configuration?.SerialNumber,
            Extensions = Views(now).GroupBy(v => v.Status).ToDictionary(g => g.Key, g => g.Count()),
            RunningCalls = Picture.Calls.RunningCount,
            Warnings = _work.Health.Warnings,
            LoginFailures = _work.Budget.Rejected,
            Silo = silo.SiloAddress.ToParsableString(),
            RowVersion = _configuration?.RowVersion,
        });
    }

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
        if (_configuration is null)
        {
            return ReportReceipt.UnknownSite;
        }

        var intake = await _work.Intake.TakeAsync(report, _work.Device?.SerialNumber ?? _configuration?.SerialNumber, _lifetime.Token);
        if (intake.Report is { } read)
        {
            Follow(Picture.Take(read, time.GetUtcNow()));
            await AfterReportAsync(read);
        }

        return intake.Receipt;
    }

    public Task<IReadOnlyList<ExtensionView>> ListExtensions(CancellationToken ct = default) =>
        Task.FromResult<IReadOnlyList<ExtensionView>>([.. Views(time.GetUtcNow())]);

    public Task<ExtensionKnowledge> GetExtensionKnowledge(ExtensionNumber number, CancellationToken ct = default) =>
        Task.FromResult(KnowledgeOf(Picture.Extensions.Find(number)));

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

    /// <summary>Follows the site directory: new, changed, suspended, gone.</summary>
    private async Task LoadAsync(CancellationToken ct)
    {
        var before = _configuration;
        var now = await parts.Configurations.LoadAsync(Site, ct);
        _configuration = now;
        if (now is not { Suspended: false })
        {
            await RestAsync(now);
            return;
        }

        if (now.NeedsNewSession(before))
        {
            await _work.Session.CloseAsync(LogoutWithin);
            _work.Health.Enter(SiteHealth.Connecting, SiteHealthReason.FirstContact, detail: null, time.GetUtcNow());
            if (before?.Connection is { } old && old.Address != now.Connection?.Address)
            {
                Picture.Clear();
            }

            _loop?.Restart();
        }

        await EnsureLoopAsync();
    }

    private async Task EnsureLoopAsync()
    {
        if (_configuration is not { Suspended: false })
        {
            return;
        }

        _loop ??= new SiteLoop(this, RoundAsync, time);
        if (!_hasReminder)
        {
            _hasReminder = true;
            await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
        }
    }

    /// <summary>Stops supervision: the site is suspended or gone.</summary>
    private async Task RestAsync(SiteConfiguration? configuration)
    {
        _loop?.Dispose();
        _loop = null;
        await _work.Session.CloseAsync(LogoutWithin);
        if (configuration is not null)
        {
            _work.Health.Enter(SiteHealth.Suspended, SiteHealthReason.SuspendedByOperator, configuration.SuspendedReason, time.GetUtcNow());
        }

        if (await this.GetReminder(ReminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }

        _hasReminder = false;
    }

    /// <summary>One poll round and what follows from it.</summary>
    /// <returns>The pause until the next one, and whether the round worked.</returns>
    private async Task<LoopVerdict> RoundAsync(CancellationToken ct)
    {
        if (_configuration is not { Suspended: false } configuration)
        {
            return new LoopVerdict(Worked: false, ReminderPeriod);
        }

        await _work.Desk.LoadAsync(ct);
        var outcome = await _work.Round.RunAsync(configuration, ct);
        Follow(outcome.Change);
        var now = time.GetUtcNow();
        if (outcome.Failure is { } failure)
        {
            if (_work.Session.NotBefore is null && !_work.Budget.Stopped && configuration.Connection is not null)
            {
                _work.Health.Enter(failure, now);
            }

            return new LoopVerdict(Worked: false, _work.PauseAfterFailure(configuration, now));
        }

        _work.Health.Enter(SiteHealth.Online, SiteHealthReason.Polling, detail: null, now);
        await _work.LearnDeviceAsync(configuration, ct);
        await _work.Desk.SettleAsync(roundDone: true, ct);
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
        foreach (var extension in change.Extensions)
        {
            if (Picture.Extensions.Count > 0 && extension.State is not null)
            {
                var actor = GrainFactory.GetGrain<IExtensionGrain>(new ExtensionId(Site, extension.Number).GrainKey);
                actor.Update(KnowledgeOf(extension.State), _lifetime.Token).Ignore();
            }
        }

        if (change.AskSoon)
        {
            _loop?.Kick(Soon);
        }
    }

    private ExtensionKnowledge KnowledgeOf(ExtensionState? state) =>
        new(state, Picture.Extensions.ListedAt, StaleAfter(), time.GetUtcNow());

    private IEnumerable<ExtensionView> Views(DateTimeOffset now)
    {
        var bound = StaleAfter();
        return Picture.Extensions.All.Select(e => ExtensionJudge.View(new ExtensionId(Site, e.Key), e.Value, Picture.Extensions.ListedAt, bound, now));
    }

    private TimeSpan StaleAfter() => _configuration is { } configuration ? _work.StaleAfter(configuration, time.GetUtcNow()) : TimeSpan.Zero;
}
