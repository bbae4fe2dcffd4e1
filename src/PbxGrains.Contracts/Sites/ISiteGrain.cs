using Orleans.Concurrency;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Recordings;
using PbxGrains.Contracts.Reports;

namespace PbxGrains.Contracts.Sites;

/// <summary>
/// The actor of one site, key <see cref="SiteId.GrainKey"/>, and the only thing in the cluster that talks to that PBX.
/// Every method interleaves with a running poll round: slow input and output never keeps a caller waiting.
/// </summary>
[Alias("pbx.ISiteGrain")]
public interface ISiteGrain : IGrainWithStringKey
{
    /// <summary>
    /// Tells the actor what the site directory holds: it loads the row when <paramref name="rowVersion"/> is news,
    /// starts or stops supervision accordingly, and otherwise only makes sure that its loop runs. Idempotent.
    /// </summary>
    /// <param name="rowVersion">Version of the directory row; null when the row is gone.</param>
    /// <param name="ct">Cancels waiting, not the work.</param>
    [Alias("Supervise"), AlwaysInterleave]
    Task Supervise(long? rowVersion, CancellationToken ct = default);

    /// <summary>Health, freshness and counts of the site, as known now.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    Task<SiteStatus> GetStatus(CancellationToken ct = default);

    /// <summary>Starts logging in again after the login budget was spent or the PBX locked us out.</summary>
    [Alias("Resume"), AlwaysInterleave]
    Task Resume(CancellationToken ct = default);

    /// <summary>
    /// Tries a configuration that is not saved: certificate, login (one try at most), dialect, firmware. Changes nothing.
    /// </summary>
    [Alias("Probe"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<SiteProbeResult> Probe(SiteCandidate candidate, CancellationToken ct = default);

    /// <summary>
    /// Proves new credentials with one login, stores them when the PBX accepted it, and takes the session over to them. Until
    /// then the stored ones stay in force, and nobody logs in with them: a PBX whose password was changed already sees no
    /// refused login.
    /// </summary>
    [Alias("ChangeCredentials"), AlwaysInterleave, ResponseTimeout("00:01:10")]
    Task<CredentialsChange> ChangeCredentials(SiteCredentials credentials, CancellationToken ct = default);

    /// <summary>Takes one report of the PBX as it came over the wire.</summary>
    [Alias("TakeReport"), AlwaysInterleave]
    Task<ReportReceipt> TakeReport(IncomingReport report, CancellationToken ct = default);

    /// <summary>Notes that a report was refused, because it was larger than <see cref="IncomingReport.LargestBody" />.</summary>
    /// <param name="sourceAddress">Where it came from; null when not known.</param>
    /// <param name="ct">Cancels waiting, not the work.</param>
    [Alias("NoteTooLargeReport"), AlwaysInterleave]
    Task NoteTooLargeReport(string? sourceAddress, CancellationToken ct = default);

    /// <summary>Notes that a report for this site was refused, because its sender did not prove itself. Told now and then, not each time.</summary>
    /// <param name="sourceAddress">Where it came from; null when not known.</param>
    /// <param name="ct">Cancels waiting, not the work.</param>
    [Alias("NoteUnprovenReport"), AlwaysInterleave]
    Task NoteUnprovenReport(string? sourceAddress, CancellationToken ct = default);

    /// <summary>The last reports as they came, those included that could not be read or were refused.</summary>
    [Alias("ListReports"), AlwaysInterleave]
    Task<RecentReports> ListReports(CancellationToken ct = default);

    /// <summary>All extensions of the site with their status, stale ones as unknown.</summary>
    [Alias("ListExtensions"), AlwaysInterleave]
    Task<IReadOnlyList<ExtensionView>> ListExtensions(CancellationToken ct = default);

    /// <summary>All extensions of the site, and whether the PBX's list was read lately enough to rely on what is missing from it.</summary>
    [Alias("GetExtensionListing"), AlwaysInterleave]
    Task<ExtensionListing> GetExtensionListing(CancellationToken ct = default);

    /// <summary>What the site knows of one extension, and how fresh its knowledge is. For the extension's own actor.</summary>
    [Alias("GetExtensionKnowledge"), AlwaysInterleave]
    Task<ExtensionKnowledge> GetExtensionKnowledge(ExtensionNumber number, CancellationToken ct = default);

    /// <summary>Starts a call: the extension's phone rings first, then the destination is dialled.</summary>
    [Alias("Originate"), AlwaysInterleave]
    Task<OriginateOutcome> Originate(OriginateRequest request, CancellationToken ct = default);

    /// <summary>What became of an earlier originate; null when the site has none of that id.</summary>
    [Alias("FindOriginate"), AlwaysInterleave]
    Task<OriginateOutcome?> FindOriginate(Guid originateId, CancellationToken ct = default);

    /// <summary>Calls running now, oldest first.</summary>
    [Alias("ListCalls"), AlwaysInterleave]
    Task<IReadOnlyList<CallView>> ListCalls(CancellationToken ct = default);

    /// <summary>One call, running or ended not long ago; null when unknown.</summary>
    [Alias("FindCall"), AlwaysInterleave]
    Task<CallView?> FindCall(CallId callId, CancellationToken ct = default);

    /// <summary>Does something with a running call: hang up, transfer, hold, mute, monitor.</summary>
    [Alias("Command"), AlwaysInterleave]
    Task<CallCommandOutcome> Command(CallId callId, CallCommand command, CancellationToken ct = default);

    /// <summary>Trunks and their state, asked of the PBX now.</summary>
    [Alias("ListTrunks"), AlwaysInterleave]
    Task<PbxAnswer<IReadOnlyList<TrunkView>>> ListTrunks(CancellationToken ct = default);

    /// <summary>One queue with its agents, asked of the PBX now.</summary>
    [Alias("GetQueue"), AlwaysInterleave]
    Task<PbxAnswer<QueueView>> GetQueue(string number, CancellationToken ct = default);

    /// <summary>
    /// Fetches a recording from the PBX into the vault now, however long its next try is away; joins a fetch under way.
    /// Waits a while for it; what takes longer goes on and reads as pending.
    /// </summary>
    /// <param name="recordingId">Id of a recording of this site.</param>
    /// <param name="ct">Cancels waiting, not the work.</param>
    [Alias("FetchRecording"), AlwaysInterleave]
    Task<RecordingFetch> FetchRecording(string recordingId, CancellationToken ct = default);

    /// <summary>Starts reading older call records from the PBX into the ledger, beside everything else; it goes on by itself until it is done.</summary>
    /// <param name="since">First day, by the PBX's clock.</param>
    /// <param name="until">Last day, included; null for today.</param>
    /// <param name="ct">Cancels waiting, not the work.</param>
    [Alias("StartImport"), AlwaysInterleave]
    Task<HistoryImportStart> StartImport(DateOnly since, DateOnly? until, CancellationToken ct = default);

    /// <summary>Calls an import off; what was read stays. One that is over stays as it is.</summary>
    [Alias("CancelImport"), AlwaysInterleave]
    Task CancelImport(Guid importId, CancellationToken ct = default);

    /// <summary>Starts a run of the checklist in the background, or joins the one that runs. It runs to its end whoever reads it.</summary>
    /// <param name="request">Who wants it, and whether a short call shall prove the way back; whoever joins gets the run as it is.</param>
    /// <param name="ct">Cancels waiting, not the work.</param>
    [Alias("StartChecklist"), AlwaysInterleave]
    Task<ChecklistStart> StartChecklist(ChecklistRequest request, CancellationToken ct = default);

    /// <summary>Waits a few seconds for more of a run, any number of readers at once.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="fromItem">Number of items the reader has already.</param>
    /// <param name="ct">Cancels waiting.</param>
    /// <returns>Null when the site has no such run.</returns>
    [Alias("ReadChecklist"), AlwaysInterleave]
    Task<ChecklistProgress?> ReadChecklist(Guid runId, int fromItem, CancellationToken ct = default);
}
