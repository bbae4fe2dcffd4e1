using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Upgrade;

/// <summary>
/// An upgrade while calls go on: silos and fronts of the version before and of this one are one cluster for a while. To
/// build the version before takes minutes, so <c>scripts/upgrade.sh</c> runs it. PBXs report to the old front: once that has
/// stopped, their records come by comparison.
/// </summary>
public sealed class UpgradeTests(ITestOutputHelper output)
{
    private const int Sites = 6;

    private static readonly string? Previous = Environment.GetEnvironmentVariable("PBXGRAINS_PREVIOUS_VERSION");
    private static readonly TimeSpanRange OneSecond = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_versions_are_one_cluster_until_the_old_one_has_left_and_when_it_comes_back()
    {
        Assert.SkipWhen(Previous is null, "The version before must be built for this: run scripts/upgrade.sh.");
        await using var installation = await Installation.CreateAsync(
            new FleetOptions { Sites = Sites * 2, Extensions = 5, RingTime = OneSecond, TalkTime = OneSecond, Firmware = FleetOptions.NewFirmware },
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Cluster__MovesAfter"] = "00:00:02", ["Pbx__CatchUp"] = "00:00:05", ["Pbx__PushProven"] = "00:00:02", ["Pbx__PushSilent"] = "00:00:02" });
        var oldSilo = await installation.StartSiloAsync(Host("Silo"));
        var oldFront = await installation.StartFrontAsync("client", Host("Front"));
        await RegisterAsync(installation, 0, Sites);
        await PolledAsync(installation, oldFront, Sites);

        var newSilo = await installation.StartSiloAsync();
        var newFront = await installation.StartFrontAsync("client");
        await RegisterAsync(installation, Sites, Sites);
        foreach (var front in new[] { oldFront, newFront })
        {
            await PolledAsync(installation, front, Sites * 2);
            await UsedAsync(installation, front);
        }

        output.WriteLine($"Both versions: {string.Join(", ", await HomesAsync(newFront))} (old silo {oldSilo.SiloPort}, new {newSilo.SiloPort})");
        _ = await oldFront.TerminateAsync();
        output.WriteLine($"The old silo ended {(await oldSilo.TerminateAsync()).TotalSeconds:0.0} s after SIGTERM.");
        await PolledAsync(installation, newFront, Sites * 2);
        (await HomesAsync(newFront)).Should().OnlyContain(home => home.Key == newSilo.SiloPort);
        installation.Fleet.Pbxs.Should().OnlyContain(pbx => pbx.Counters.LoginsFailed == 0 && pbx.Counters.LoginsTried <= 2, "the old version logs out and the new one logs in");

        var logins = installation.Fleet.Pbxs.Sum(pbx => pbx.Counters.LoginsTried);
        if (!StartsOnNewerSchema)
        {
            var start = () => installation.StartSiloAsync(Host("Silo"));
            (await start.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*Start a newer version of the program.*");
            await PolledAsync(installation, newFront, Sites * 2);
            installation.Fleet.Pbxs.Sum(pbx => pbx.Counters.LoginsTried).Should().Be(logins, "an old silo that does not start takes nothing from the new one");
            output.WriteLine("The old silo does not come back: it knows no schema newer than its own, and says so.");
            return;
        }

        var back = await installation.StartSiloAsync(Host("Silo"));
        await PolledAsync(installation, newFront, Sites * 2);
        await UsedAsync(installation, newFront);
        _ = await back.TerminateAsync();
        await PolledAsync(installation, newFront, Sites * 2);
        installation.Fleet.Pbxs.Sum(pbx => pbx.Counters.LoginsTried).Should().Be(logins, "an old silo that comes back takes nothing from the new one");
    }

    /// <summary>Versions that tell no breaking step from others refuse whatever is newer.</summary>
    private static bool StartsOnNewerSchema =>
        File.ReadAllText(Path.Combine(Previous!, "src", "PbxGrains.Storage", "Migrations", "DatabaseMigrator.cs")).Contains("IsBreaking", StringComparison.Ordinal);

    private static string Host(string name) => Path.Combine(Previous!, "src", $"PbxGrains.{name}", "bin", "Release", "net10.0", $"PbxGrains.{name}");

    private static async Task RegisterAsync(Installation installation, int first, int count)
    {
        foreach (var pbx in installation.Fleet.Pbxs.Skip(first).Take(count))
        {
            await installation.RegisterAsync($"site-{pbx.Index}", pbx);
        }
    }

    /// <summary>All sites are online and are polled from now on.</summary>
    private static async Task PolledAsync(Installation installation, HostProcess front, int sites)
    {
        var now = TimeProvider.System.GetUtcNow();
        _ = await installation.WaitAsync(
            "/api/pbx/sites",
            page => Statuses(page).Count(s => s["health"]?.GetValue<string>() == "online" && LastPoll(s) > now) == sites,
            $"{sites} sites are polled",
            TimeSpan.FromMinutes(3),
            front);
    }

    /// <summary>A front dials on the first and the last site, and sees call, events and record.</summary>
    private static async Task UsedAsync(Installation installation, HostProcess front)
    {
        foreach (var site in new[] { "site-0", $"site-{(Sites * 2) - 1}" })
        {
            _ = await installation.WaitAsync($"/api/pbx/sites/{site}/extensions/1001", e => e["status"]?.GetValue<string>() == "idle", "1001 is free", front: front);
            using var answer = await front.Http.PostAsJsonAsync(new Uri($"/api/pbx/sites/{site}/calls", UriKind.Relative), new { extension = "1001", destination = "1002" }, Ct);
            var call = (await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!["callId"]?.GetValue<string>();
            call.Should().NotBeNull(await answer.Content.ReadAsStringAsync(Ct));
            _ = await installation.WaitAsync($"/api/pbx/cdrs?site={site}&callId={call}", p => p["items"]!.AsArray().Count == 1, "the record of the call", TimeSpan.FromMinutes(3), front);
            _ = await installation.WaitAsync($"/api/pbx/events/page?after=beginning&limit=1000&type=pbx.originate.*", p => p["items"]!.ToJsonString().Contains(call!, StringComparison.Ordinal), "the event of the dial", front: front);
        }
    }

    private static async Task<Dictionary<string, int>> HomesAsync(HostProcess front) =>
        Statuses((await front.Http.GetFromJsonAsync<JsonNode>(new Uri("/api/pbx/sites", UriKind.Relative), Ct))!)
            .Select(s => s["silo"]!.GetValue<string>()).CountBy(silo => silo[(silo.IndexOf(':', StringComparison.Ordinal) + 1)..silo.IndexOf('@', StringComparison.Ordinal)]).ToDictionary();

    private static IEnumerable<JsonNode> Statuses(JsonNode page) => page.AsArray().Select(site => site!["status"]).OfType<JsonNode>();

    private static DateTimeOffset? LastPoll(JsonNode status) =>
        status["lastPollAt"]?.GetValue<string>() is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
}
