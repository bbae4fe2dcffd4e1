using System.Globalization;
using System.Text.Json.Nodes;
using PbxGrains.EndToEnd.Tests.Running;

namespace PbxGrains.EndToEnd.Tests;

public sealed class KilledSiloTests(ITestOutputHelper output)
{
    /// <summary>Failure detection (three missed probes and votes) plus one reminder period, with room for a busy machine.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_site_lives_on_elsewhere_after_its_silo_was_killed_and_no_login_fails()
    {
        await using var installation = await Installation.CreateAsync();
        var silos = new[] { await installation.StartSiloAsync(), await installation.StartSiloAsync() };
        _ = await installation.StartFrontAsync("client");
        await installation.RegisterAsync("paris", installation.Fleet.Pbxs[0]);
        var (site, _) = await installation.WaitAsync("/api/pbx/sites/paris", s => Status(s)?["health"]?.GetValue<string>() == "online", "the site is online");
        var home = Status(site)!["silo"]!.GetValue<string>();
        var counters = installation.Fleet.Pbxs[0].Counters;
        var requestsBefore = counters.Requests.Values.Sum();

        var killedAt = TimeProvider.System.GetUtcNow();
        await silos.Single(s => home.StartsWith($"127.0.0.1:{s.SiloPort}@", StringComparison.Ordinal)).KillAsync();

        var (_, took) = await installation.WaitAsync(
            "/api/pbx/sites/paris",
            s => Status(s) is { } status && status["silo"]?.GetValue<string>() != home && LastPoll(status) > killedAt,
            "the site is polled by the other silo",
            Bound);
        output.WriteLine($"Polled again {took.TotalSeconds:0.0} s after kill -9 of its silo.");
        counters.Requests.Values.Sum().Should().BeGreaterThan(requestsBefore);
        counters.LoginsFailed.Should().Be(0);
        counters.LoginsTried.Should().Be(2);
        counters.LockOuts.Should().Be(0);
    }

    [Fact]
    public async Task A_wrong_password_costs_no_third_login_over_a_killed_silo()
    {
        await using var installation = await Installation.CreateAsync();
        var silos = new[] { await installation.StartSiloAsync(), await installation.StartSiloAsync() };
        _ = await installation.StartFrontAsync("client");
        await installation.RegisterAsync("paris", installation.Fleet.Pbxs[0], password: "wrong");
        var (site, _) = await installation.WaitAsync("/api/pbx/sites/paris", s => Status(s)?["loginFailures"]?.GetValue<int>() == 1, "the first login failed");
        var home = Status(site)!["silo"]!.GetValue<string>();

        await silos.Single(s => home.StartsWith($"127.0.0.1:{s.SiloPort}@", StringComparison.Ordinal)).KillAsync();
        _ = await installation.WaitAsync("/api/pbx/sites/paris", s => Status(s)?["health"]?.GetValue<string>() == "credentialsRejected", "the other silo knows of the first and stops after the second", Bound);

        installation.Fleet.Pbxs[0].Counters.LoginsTried.Should().Be(2);
        installation.Fleet.Pbxs[0].Counters.LockOuts.Should().Be(0);
    }

    private static JsonNode? Status(JsonNode site) => site["status"];

    private static DateTimeOffset? LastPoll(JsonNode status) =>
        status["lastPollAt"]?.GetValue<string>() is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
}
