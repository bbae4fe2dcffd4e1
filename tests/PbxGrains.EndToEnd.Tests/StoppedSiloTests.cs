using System.Globalization;
using System.Text.Json.Nodes;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests;

/// <summary>
/// Silos that come and go as an operator makes them: processes and SIGTERM. <c>PBXGRAINS_MOVED_SITES</c> makes it larger:
/// <c>scripts/handover.sh</c> runs it with 1,000 sites.
/// </summary>
public sealed class StoppedSiloTests(ITestOutputHelper output)
{
    private static readonly int Sites = int.Parse(Environment.GetEnvironmentVariable("PBXGRAINS_MOVED_SITES") ?? "16", CultureInfo.InvariantCulture);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);
    private static readonly TimeSpanRange OneSecond = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Workers_that_join_and_leave_cost_no_login_and_no_record()
    {
        await using var installation = await Installation.CreateAsync(
            new FleetOptions { Sites = Sites, Extensions = 5, RingTime = OneSecond, TalkTime = OneSecond },
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Cluster__MovesAfter"] = "00:00:02" });
        var first = await installation.StartSiloAsync();
        _ = await installation.StartFrontAsync("client");
        foreach (var pbx in installation.Fleet.Pbxs)
        {
            await installation.RegisterAsync($"site-{pbx.Index}", pbx);
        }

        _ = await OnlineAsync(installation);
        var second = await installation.StartSiloAsync();
        var (homes, took) = await WaitForHomesAsync(installation, homes => homes.GetValueOrDefault(second.SiloPort) == Sites / 2 && homes.GetValueOrDefault(first.SiloPort) == Sites - (Sites / 2));
        output.WriteLine($"{homes.GetValueOrDefault(second.SiloPort)} of {Sites} sites are on the new silo {took.TotalSeconds:0.0} s after it was ready.");
        ShouldHaveOneLogin(installation);

        var calls = new List<(string Site, string Call)>();
        foreach (var pbx in installation.Fleet.Pbxs.Take(50))
        {
            calls.Add(($"site-{pbx.Index}", await pbx.PlaceCallAsync("1001", "1002")));
        }

        var stopped = await first.TerminateAsync();
        output.WriteLine($"SIGTERM of a silo with {homes.GetValueOrDefault(first.SiloPort)} sites: ended after {stopped.TotalSeconds:0.0} s.");
        (_, took) = await WaitForHomesAsync(installation, homes => homes.GetValueOrDefault(second.SiloPort) == Sites);
        ShouldHaveOneLogin(installation);
        foreach (var (site, call) in calls)
        {
            var (page, _) = await installation.WaitAsync($"/api/pbx/cdrs?site={site}&callId={call}", p => p["items"]!.AsArray().Count > 0, "the call that ran is in the ledger", Bound);
            page["items"]!.AsArray().Should().ContainSingle();
        }

        stopped = await second.TerminateAsync();
        output.WriteLine($"SIGTERM of the last silo with {Sites} sites: ended after {stopped.TotalSeconds:0.0} s.");
        installation.Fleet.Pbxs.Should().OnlyContain(pbx => pbx.Counters.LiveSessions == 0, "there was nobody to hand over to");
        ShouldHaveOneLogin(installation);
    }

    private static void ShouldHaveOneLogin(Installation installation) =>
        installation.Fleet.Pbxs.Where(pbx => pbx.Counters.LoginsTried != 1).Select(pbx => (pbx.Index, pbx.Counters.LoginsTried)).Should().BeEmpty();

    private static Task<(JsonNode Resource, TimeSpan Took)> OnlineAsync(Installation installation) =>
        installation.WaitAsync("/api/pbx/sites", page => Statuses(page).Count(s => s["health"]?.GetValue<string>() == "online") == Sites, "all sites are online", Bound);

    private static async Task<(Dictionary<string, int> Homes, TimeSpan Took)> WaitForHomesAsync(Installation installation, Func<Dictionary<string, int>, bool> wanted)
    {
        var (page, took) = await installation.WaitAsync("/api/pbx/sites", p => wanted(HomesIn(p)), "the sites are where they belong", Bound);
        return (HomesIn(page), took);
    }

    /// <summary>Sites by the port of their silo.</summary>
    private static Dictionary<string, int> HomesIn(JsonNode page) =>
        Statuses(page).Select(s => s["silo"]?.GetValue<string>() ?? "").CountBy(silo => silo[(silo.IndexOf(':', StringComparison.Ordinal) + 1)..Math.Max(silo.IndexOf('@', StringComparison.Ordinal), 0)]).ToDictionary();

    private static IEnumerable<JsonNode> Statuses(JsonNode page) => page.AsArray().Select(site => site!["status"]).OfType<JsonNode>();
}
