using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests;

/// <summary>The front with real actors, as silo and as pure client of another, against a simulated PBX.</summary>
public sealed class WholeProductTests
{
    [Theory]
    [InlineData("silo")]
    [InlineData("client")]
    public async Task A_registered_PBX_is_polled_pushes_and_is_dialled(string hosting)
    {
        var reportPort = FreePort.Next();
        await using var fleet = await SimulatedFleet.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Port = 0, Https = false }, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var silo = hosting == "client" ? await FrontLab.StartAsync(b => b.AddPbxFrontHost(), ReportsTo(reportPort)) : null;
        await using var front = await StartAsync(hosting, reportPort, silo);
        var pbx = fleet.Pbxs[0];

        await front.RegisterAsync("paris", new { name = "Paris", address = pbx.Address, userName = pbx.UserName, password = pbx.Password, timeZone = pbx.TimeZone, allowPlainHttp = true });

        _ = await Eventually.Holds(async () => (await StatusAsync(front)).Text("health") == "online", "the site to be online");
        var extensions = await (await front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/extensions")).JsonAsync();
        extensions.GetArrayLength().Should().Be(5);
        var number = extensions[0].Text("number");
        (await (await front.Admin.SendAsync(HttpMethod.Get, $"/api/pbx/sites/paris/extensions/{number}")).JsonAsync()).Text("status").Should().NotBe("unknown");
        await (await front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/extensions/9999")).ProblemAsync(HttpStatusCode.NotFound, "extension-unknown");

        var call = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/calls", new { extension = number, destination = extensions[1].Text("number") }, ("Idempotency-Key", "one"))).JsonAsync(HttpStatusCode.Created);
        var again = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/calls", new { extension = number, destination = extensions[1].Text("number") }, ("Idempotency-Key", "one"))).JsonAsync(HttpStatusCode.Created);
        again.Text("callId").Should().Be(call.Text("callId"));
        again.GetProperty("replayed").GetBoolean().Should().BeTrue();
        pbx.Counters.Originates.Should().Be(1);
        _ = await Eventually.Holds(async () => (await StatusAsync(front)).Text("lastReportAt") is not null, "the PBX to push through the report port");
        (await front.Anonymous.SendAsync(HttpMethod.Get, "/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Agents_are_compared_with_the_PBX_itself_and_calls_are_rehearsed_across_processes()
    {
        var reportPort = FreePort.Next();
        await using var fleet = await SimulatedFleet.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Port = 0, Https = false }, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var silo = await FrontLab.StartAsync(b => b.AddPbxFrontHost(), ReportsTo(reportPort), ("Pbx:StaleAfter", "01:00:00"));
        await using var front = await StartAsync("client", reportPort, silo);
        var pbx = fleet.Pbxs[0];
        await pbx.SetExtensionStatusAsync("1002", ExtensionStatus.Unavailable);
        await front.RegisterAsync("paris", new { name = "Paris", address = pbx.Address, userName = pbx.UserName, password = pbx.Password, timeZone = pbx.TimeZone, country = "FR", allowPlainHttp = true });
        _ = await Eventually.Holds(async () => (await StatusAsync(front)).Text("health") == "online", "the site to be online");
        var agents = new[] { new { id = "anne", site = "paris", extension = "1001" }, new { id = "bo", site = "paris", extension = "1002" }, new { id = "cy", site = "paris", extension = "1003\u00A0" } };
        await (await front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/agents", new { agents })).JsonAsync();

        var diff = await (await front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/agents/diff")).JsonAsync();
        var possible = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/call/originate", new { agentId = "anne", destination = "0612345678", dryRun = true })).JsonAsync();
        var refused = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/calls", new { extension = "1002", destination = "1001", dryRun = true })).JsonAsync();

        diff.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.Text("agentId")} {finding.Text("code")}").Should()
            .Equal("anne ok", "bo unregistered", " no-agent", "cy look-alike", " no-agent", " no-agent");
        possible.Text("state").Should().Be("possible", possible.ToString());
        possible.GetProperty("checks").EnumerateArray().Select(check => $"{check.Text("check")} {check.Text("verdict")}").Should().Equal(
            "agent pass", "site pass", "extension pass", "registered pass", "idle pass", "destination pass", "allowed skipped", "route pass");
        refused.Text("refusal").Should().Be("extension-unregistered");
        pbx.Counters.Originates.Should().Be(0);
    }

    private static Task<FrontLab> StartAsync(string hosting, int reportPort, FrontLab? silo)
    {
        List<(string, string)> settings = [("Front:Hosting", hosting), ("Front:ReportPort", reportPort.ToString(CultureInfo.InvariantCulture)), ReportsTo(reportPort)];
        if (silo is not null)
        {
            settings.Add(("ConnectionStrings:Pbx", silo.ConnectionString));
            settings.Add(("DataProtection:Folder", Path.Combine(Path.GetDirectoryName(silo.KeyFile)!, "keys")));
            settings.Add(("Recordings:Folder", Path.Combine(Path.GetDirectoryName(silo.KeyFile)!, "recordings")));
        }

        return FrontLab.StartAsync(builder => builder.AddPbxFrontHost(), [.. settings]);
    }

    // The silo that hosts the site's actor tells the PBX where to push to, whichever front takes it.
    private static (string, string) ReportsTo(int port) => ("Pbx:ReportAddress", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));

    private static async Task<System.Text.Json.JsonElement> StatusAsync(FrontLab front) =>
        (await front.Admin.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/pbx/sites/paris")).GetProperty("status");
}
