using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Tests.Cluster;
using PbxGrains.Simulator;
using PbxGrains.Storage.Sites;
using PbxGrains.Testing;

namespace PbxGrains.Grains.Tests.Checklists;

/// <summary>Runs checklists of the site "paris" against a simulated PBX.</summary>
internal static class ChecklistLab
{
    /// <summary>A silo with one PBX, registered and polled.</summary>
    public static async Task<SiteLab> OnlineAsync(Action<SimulatedPbx>? before = null, Func<SiteRow, SiteRow>? change = null, FleetOptions? options = null)
    {
        var lab = await SiteLab.StartAsync(options ?? new FleetOptions { Sites = 1, Extensions = 5 });
        before?.Invoke(lab.Fleet.Pbxs[0]);
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0], change);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        return lab;
    }

    /// <summary>Starts a run and waits for its end; the clock stands still.</summary>
    public static async Task<ChecklistRun> RunAsync(this SiteLab lab, string site = "paris", ChecklistRequest? request = null)
    {
        var start = await lab.Site(site).StartChecklist(request ?? new ChecklistRequest());
        return await lab.EndAsync(start.RunId!.Value, site);
    }

    /// <summary>Follows a run to its end; the clock goes on, so that what waits for it is not waited for.</summary>
    public static async Task<ChecklistRun> EndAsync(this SiteLab lab, Guid runId, string site = "paris")
    {
        ChecklistRun? run = null;
        _ = await Eventually.Holds(async () => (run = (await lab.Site(site).ReadChecklist(runId, int.MaxValue / 2))?.Run) is not null, "the checklist comes to its end");
        return run!;
    }

    /// <summary>What was found for an item, with its verdict.</summary>
    public static (ChecklistVerdict Verdict, string Finding) Of(this ChecklistRun run, string id)
    {
        var item = run.Items.Single(i => i.Id == id);
        return (item.Verdict, item.Finding);
    }

    /// <summary>The ids of the items with a verdict, but for the disk, which is that of the machine the test runs on.</summary>
    public static IReadOnlyList<string> With(this ChecklistRun run, ChecklistVerdict verdict) =>
        [.. run.Items.Where(i => i.Verdict == verdict && i.Id != "operation.disk").Select(i => i.Id)];
}
