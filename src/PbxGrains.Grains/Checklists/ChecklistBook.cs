using Microsoft.Extensions.Options;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Checklists;
using PbxGrains.Storage.Recordings;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Grains.Checklists;

/// <summary>What every site's checklist is assembled from, and the order in which it is read.</summary>
public sealed class ChecklistBook(
    ChecklistRuns runs,
    SiteEvidence evidence,
    CatchUpWindows windows,
    AgentDirectory agents,
    IGrainFactory grains,
    ISiloStatusOracle silos,
    IOptions<SiteSettings> settings,
    TimeProvider time,
    IRecordingVault? vault = null)
{
    internal ChecklistRuns Runs => runs;

    internal ChecklistPlan Plan { get; } = new(
    [
        .. new NetworkChecks(settings, time).All,
        .. new WebChecks(time).All,
        .. new WebhookChecks(evidence, time).Network,
        .. new ApiChecks(evidence, time).All,
        .. new PermissionChecks(evidence, time).All,
        .. new AddressChecks(grains, silos, time).All,
        .. new WebhookChecks(evidence, time).All,
        .. new ReturnPathCheck(time).All,
        .. new AgentChecks(agents).All,
        .. new OperationChecks(evidence, windows, time, vault).All,
    ]);
}
