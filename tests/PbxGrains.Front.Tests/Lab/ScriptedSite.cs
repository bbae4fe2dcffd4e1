using System.Collections.Concurrent;
using System.Reflection;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Recordings;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Front.Tests.Lab;

/// <summary>A site's actor that answers what the test wants; for answers a PBX gives only rarely.</summary>
public sealed class ScriptedSite(string key) : ISiteGrain
{
    public ConcurrentQueue<IncomingReport> Reports { get; } = new();

    public ConcurrentQueue<OriginateRequest> Originates { get; } = new();

    public ConcurrentQueue<CallCommand> Commands { get; } = new();

    public ConcurrentQueue<SiteCandidate> Probes { get; } = new();

    public ConcurrentQueue<SiteCredentials> NewCredentials { get; } = new();

    public ConcurrentQueue<string> Fetches { get; } = new();

    public int Resumed { get; private set; }

    public int TooLarge { get; private set; }

    public long? RowVersion { get; private set; }

    public Func<ReportReceipt> Receipt { get; set; } = () => ReportReceipt.Taken;

    public Func<OriginateOutcome> Outcome { get; set; } = () => new OriginateOutcome { OriginateId = Guid.NewGuid(), State = OriginateState.Accepted, CallId = CallId.Parse("1700000000.1") };

    public Func<CallCommandOutcome> CommandOutcome { get; set; } = () => new CallCommandOutcome(CallCommandResult.Done);

    public Func<IReadOnlyList<ExtensionView>> Extensions { get; set; } = () => [];

    public Func<IReadOnlyList<CallView>> Calls { get; set; } = () => [];

    public Func<PbxAnswer<IReadOnlyList<TrunkView>>> Trunks { get; set; } = () => new PbxAnswer<IReadOnlyList<TrunkView>>(null, "pbx-unreachable", "Out of reach.");

    public Func<RecentReports> RecentReports { get; set; } = () => new RecentReports(DateTimeOffset.UnixEpoch, []);

    public Func<CallId, CallView?> Call { get; set; } = _ => null;

    public Func<string, Task<RecordingFetch>> Fetch { get; set; } = _ => Task.FromResult(new RecordingFetch(RecordingFetchState.Pending));

    public Func<SiteStatus> Status { get; set; } = () => new SiteStatus { Site = SiteId.FromGrainKey(key), Health = SiteHealth.Online, Reason = SiteHealthReason.Polling, Since = DateTimeOffset.UnixEpoch };

    public Task Supervise(long? rowVersion, CancellationToken ct = default)
    {
        RowVersion = rowVersion;
        return Task.CompletedTask;
    }

    public Task<SiteStatus> GetStatus(CancellationToken ct = default) => Run(Status);

    public Task Resume(CancellationToken ct = default)
    {
        Resumed++;
        return Task.CompletedTask;
    }

    public Task<SiteProbeResult> Probe(SiteCandidate candidate, CancellationToken ct = default)
    {
        Probes.Enqueue(candidate);
        return Task.FromResult(new SiteProbeResult { Reached = SiteProbeStep.Login, Failure = "wrong-credentials", Message = "Wrong." });
    }

    public Func<CredentialsChange> Change { get; set; } = () => new CredentialsChange(CredentialsOutcome.Changed, new SiteProbeResult { Reached = SiteProbeStep.Done });

    public Task<CredentialsChange> ChangeCredentials(SiteCredentials credentials, CancellationToken ct = default)
    {
        NewCredentials.Enqueue(credentials);
        return Run(Change);
    }

    public Task<ReportReceipt> TakeReport(IncomingReport report, CancellationToken ct = default)
    {
        Reports.Enqueue(report);
        return Run(Receipt);
    }

    public Task<RecentReports> ListReports(CancellationToken ct = default) =>
        Task.FromResult(RecentReports());

    public Task NoteTooLargeReport(string? sourceAddress, CancellationToken ct = default)
    {
        TooLarge++;
        return Task.CompletedTask;
    }

    public ConcurrentQueue<string?> Unproven { get; } = new();

    public Task NoteUnprovenReport(string? sourceAddress, CancellationToken ct = default)
    {
        Unproven.Enqueue(sourceAddress);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ExtensionView>> ListExtensions(CancellationToken ct = default) => Run(Extensions);

    public Func<bool> Fresh { get; set; } = () => true;

    /// <summary>What its listing of extensions waits for.</summary>
    public Task Listing { get; set; } = Task.CompletedTask;

    public async Task<ExtensionListing> GetExtensionListing(CancellationToken ct = default)
    {
        await Listing;
        return await Run(() => new ExtensionListing
        {
            Site = SiteId.FromGrainKey(key),
            Extensions = Extensions(),
            ListedAt = DateTimeOffset.UnixEpoch,
            Fresh = Fresh(),
            AsOf = DateTimeOffset.UnixEpoch,
        });
    }

    public Task<ExtensionKnowledge> GetExtensionKnowledge(ExtensionNumber number, CancellationToken ct = default) => throw new NotSupportedException();

    public Task<OriginateOutcome> Originate(OriginateRequest request, CancellationToken ct = default)
    {
        Originates.Enqueue(request);
        return Run(Outcome);
    }

    public Task<OriginateOutcome?> FindOriginate(Guid originateId, CancellationToken ct = default) => Task.FromResult<OriginateOutcome?>(null);

    public Task<IReadOnlyList<CallView>> ListCalls(CancellationToken ct = default) => Run(Calls);

    public Task<CallView?> FindCall(CallId callId, CancellationToken ct = default) => Run(() => Call(callId));

    public Task<CallCommandOutcome> Command(CallId callId, CallCommand command, CancellationToken ct = default)
    {
        Commands.Enqueue(command);
        return Run(CommandOutcome);
    }

    public Task<PbxAnswer<IReadOnlyList<TrunkView>>> ListTrunks(CancellationToken ct = default) => Run(Trunks);

    public Task<PbxAnswer<QueueView>> GetQueue(string number, CancellationToken ct = default) =>
        Task.FromResult(new PbxAnswer<QueueView>(new QueueView(number, 2, [])));

    public Task<RecordingFetch> FetchRecording(string recordingId, CancellationToken ct = default)
    {
        Fetches.Enqueue(recordingId);
        return Fetch(recordingId);
    }

    public ConcurrentQueue<(DateOnly Since, DateOnly? Until)> Imports { get; } = new();

    public ConcurrentQueue<Guid> CancelledImports { get; } = new();

    public Func<HistoryImportStart> ImportStart { get; set; } = () => new HistoryImportStart(ImportId: null, HistoryImportRefusal.SiteSuspended);

    public Task<HistoryImportStart> StartImport(DateOnly since, DateOnly? until, CancellationToken ct = default)
    {
        Imports.Enqueue((since, until));
        return Run(ImportStart);
    }

    public Task CancelImport(Guid importId, CancellationToken ct = default)
    {
        CancelledImports.Enqueue(importId);
        return Task.CompletedTask;
    }

    public ConcurrentQueue<ChecklistRequest> Checklists { get; } = new();

    public Func<ChecklistStart> ChecklistStart { get; set; } = () => new ChecklistStart(RunId: null, ChecklistRefusal.SiteSuspended);

    public Func<int, ChecklistProgress?> Checklist { get; set; } = _ => null;

    public Task<ChecklistStart> StartChecklist(ChecklistRequest request, CancellationToken ct = default)
    {
        Checklists.Enqueue(request);
        return Run(ChecklistStart);
    }

    public Task<ChecklistProgress?> ReadChecklist(Guid runId, int fromItem, CancellationToken ct = default) => Run(() => Checklist(fromItem));

    private static async Task<T> Run<T>(Func<T> answer)
    {
        await Task.Yield();
        return answer();
    }
}

/// <summary>Hands out scripted sites instead of grains.</summary>
public class ScriptedGrains : DispatchProxy
{
    private readonly ConcurrentDictionary<string, ScriptedSite> _sites = new(StringComparer.Ordinal);

    public ScriptedSite Site(string id) => _sites.GetOrAdd(SiteId.Parse(id).GrainKey, key => new ScriptedSite(key));

    /// <summary>The silos there are; throws to say that the cluster does not answer.</summary>
    public Func<IReadOnlyList<SiloAddress>> Silos { get; set; } = () => [SiloAddress.FromParsableString("127.0.0.1:11111@1")];

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.GetGenericArguments() is not [var type] ? throw new NotSupportedException($"No {targetMethod} in this test.")
            : type == typeof(ISiteGrain) && args![0] is string key ? _sites.GetOrAdd(key, k => new ScriptedSite(k))
            : type == typeof(IManagementGrain) ? ScriptedManagement.Of(this)
            : throw new NotSupportedException($"No {targetMethod} in this test.");
}

/// <summary>Says which silos there are.</summary>
public class ScriptedManagement : DispatchProxy
{
    private ScriptedGrains _grains = null!;

    public static IManagementGrain Of(ScriptedGrains grains)
    {
        var management = Create<IManagementGrain, ScriptedManagement>();
        ((ScriptedManagement)(object)management)._grains = grains;
        return management;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(IManagementGrain.GetHosts)
        ? Task.FromResult(_grains.Silos().ToDictionary(silo => silo, _ => SiloStatus.Active))
        : throw new NotSupportedException($"No {targetMethod} in this test.");
}
