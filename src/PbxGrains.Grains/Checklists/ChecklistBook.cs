using Microsoft.Extensions.Options;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Checklists;

namespace PbxGrains.Grains.Checklists;

/// <summary>What every site's checklist is assembled from.</summary>
public sealed class ChecklistBook(ChecklistRuns runs, IOptions<SiteSettings> settings, TimeProvider time)
{
    internal ChecklistRuns Runs => runs;

    internal ChecklistPlan Plan { get; } = new(
    [
        .. new NetworkChecks(settings, time).All,
    ]);
}
