using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests;

public sealed class CompletePathTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("silo")]
    [InlineData("client")]
    public async Task From_registration_to_click_to_call_through_real_processes(string hosting)
    {
        await using var installation = await Installation.CreateAsync(new FleetOptions
        {
            Sites = 1,
            Extensions = 5,
            Firmware = FleetOptions.NewFirmware,
            RingTime = new(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(600)),
            TalkTime = new(TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(2000)),
        });
        if (hosting == "client")
        {
            _ = await installation.StartSiloAsync();
        }

        _ = await installation.StartFrontAsync(hosting);
        var pbx = installation.Fleet.Pbxs[0];

        await installation.RegisterAsync("paris", pbx);
        var (site, supervised) = await installation.WaitAsync("/api/pbx/sites/paris", s => Health(s) == "online" && Text(s, "status", "serialNumber") is not null | Text(s, "serialNumber") is not null, "the site is online");
        output.WriteLine($"{hosting}: supervised {supervised.TotalMilliseconds:0} ms after registration");
        Text(site, "serialNumber").Should().Be(pbx.SerialNumber);

        await PushedChangeIsSeenAsync(installation, pbx, hosting);
        await PolledChangeIsSeenAsync(installation, pbx, hosting);
        await ClickToCallIsFollowedAsync(installation, pbx);
        pbx.Counters.LoginsFailed.Should().Be(0);
        installation.Front.Output.Should().NotContain(pbx.Password).And.NotContain("2ac9cb7dc02b3c0083eb70898e549b63");
    }

    private async Task PushedChangeIsSeenAsync(Installation installation, SimulatedPbx pbx, string hosting)
    {
        // The first request warms the path up; the figure is the second's.
        foreach (var (status, wanted) in new[] { (ExtensionStatus.Busy, "busy"), (ExtensionStatus.Registered, "idle") })
        {
            var clock = Stopwatch.StartNew();
            await pbx.SetExtensionStatusAsync("1005", status);
            var (extension, _) = await installation.WaitAsync("/api/pbx/sites/paris/extensions/1005", e => Text(e, "status") == wanted, $"the push makes 1005 {wanted}");
            output.WriteLine($"{hosting}: a pushed change is readable after {clock.Elapsed.TotalMilliseconds:0} ms (source {Text(extension, "source")})");
            Text(extension, "source").Should().Be("push");
        }
    }

    private async Task PolledChangeIsSeenAsync(Installation installation, SimulatedPbx pbx, string hosting)
    {
        pbx.Faults.DropReports = true;
        using var faster = await installation.Front.Http.PutAsJsonAsync(new Uri("/api/pbx/sites/paris", UriKind.Relative), new { polling = new { pushProvenSeconds = 5 } });
        faster.StatusCode.Should().Be(HttpStatusCode.OK);
        var clock = Stopwatch.StartNew();
        await pbx.SetExtensionStatusAsync("1004", ExtensionStatus.Unavailable);
        var (extension, _) = await installation.WaitAsync("/api/pbx/sites/paris/extensions/1004", e => Text(e, "status") == "unregistered", "a poll finds 1004 unregistered", TimeSpan.FromSeconds(60));
        output.WriteLine($"{hosting}: a change found by polling is readable after {clock.Elapsed.TotalSeconds:0.0} s");
        Text(extension, "source").Should().Be("poll");
        pbx.Faults.DropReports = false;
    }

    private static async Task ClickToCallIsFollowedAsync(Installation installation, SimulatedPbx pbx)
    {
        using var agents = await installation.Front.Http.PutAsJsonAsync(new Uri("/api/pbx/agents", UriKind.Relative), new { agents = new[] { new { id = "jana", name = "Jana", site = "paris", extension = "1001" } } });
        agents.IsSuccessStatusCode.Should().BeTrue();

        using var call = await installation.Front.Http.PostAsJsonAsync(new Uri("/api/call/originate", UriKind.Relative), new { agentId = "jana", destination = "1002" });

        call.StatusCode.Should().Be(HttpStatusCode.OK);
        var callId = (await call.Content.ReadFromJsonAsync<JsonNode>())!["pbxCallId"]!.GetValue<string>();
        _ = await installation.WaitAsync($"/api/pbx/sites/paris/calls/{callId}", c => Text(c, "state") == "talking", "both talk");
        var (talking, _) = await installation.WaitAsync("/api/pbx/sites/paris/extensions/1002", e => Text(e, "status") == "busy", "1002 is busy");
        Text(talking, "currentCall").Should().Be(callId);
        _ = await installation.WaitAsync("/api/pbx/sites/paris/extensions/1002", e => Text(e, "status") == "idle", "1002 is free again");
        pbx.Counters.Originates.Should().Be(1);
    }

    private static string? Health(JsonNode site) => Text(site, "status", "health");

    private static string? Text(JsonNode node, params string[] path) => path.Aggregate((JsonNode?)node, (n, name) => n?[name])?.GetValue<string>();
}
