using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Checklists;

/// <summary>The checklist through every layer: API, actor, PBX over TLS, database, and back.</summary>
public sealed class ChecklistOfWholeProductTests
{
    private const string DiskOfThisMachine = "operation.disk";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_site_fails_nothing_and_everything_has_its_sentences()
    {
        await using var fleet = await FleetAsync();
        await using var front = await FrontAsync();
        var pbx = fleet.Pbxs[0];
        await OnlineAsync(front, pbx);
        await pbx.SetExtensionStatusAsync("1005", ExtensionStatus.Unavailable, Ct);
        _ = await Eventually.Holds(async () => (await front.Admin.GetFromJsonAsync<JsonElement>("/api/pbx/sites/paris", Ct)).GetProperty("status").Text("lastReportAt") is not null, "the PBX to push");

        using var response = await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/checklist", body: null, ("Accept", "application/x-ndjson"));
        var lines = (await response.Content.ReadAsStringAsync(Ct)).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();

        var run = lines[^1].GetProperty("run");
        var items = run.GetProperty("items").EnumerateArray().ToList();
        lines.Should().HaveCount(items.Count + 1);
        items.Should().NotContain(item => item.Text("verdict") == "fail" && item.Text("id") != DiskOfThisMachine, "{0}", run);
        foreach (var id in new[] { "network.tcp", "network.vpn", "network.tls", "api.credentials", "permissions.originate", "webhook.sender", "addresses.silos" })
        {
            Item(items, id).Text("verdict").Should().Be("pass", id);
        }

        Item(items, "webhook.sender").Text("finding").Should().Be("proven-by-secret");
        items.Should().OnlyContain(item => item.Text("title") != item.Text("id") && item.Text("evidence") != item.Text("finding"));
        items.Where(item => item.Text("verdict") != "pass").Should().OnlyContain(item => item.GetProperty("remedy").ValueKind == JsonValueKind.String);
        var stored = await (await front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/checklist")).JsonAsync();
        stored.ToString().Should().Be(run.ToString());
    }

    [Fact]
    public async Task A_changed_certificate_fails_and_nothing_is_sent_any_more()
    {
        await using var fleet = await FleetAsync();
        await using var front = await FrontAsync();
        var pbx = fleet.Pbxs[0];
        await OnlineAsync(front, pbx);
        await pbx.ChangeCertificateAsync(Ct);

        var run = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/checklist")).JsonAsync();

        var items = run.GetProperty("items").EnumerateArray().ToList();
        Item(items, "network.tls").Text("finding").Should().Be("pin-mismatch");
        Item(items, "network.tls").GetProperty("facts").Text("pin").Should().Be(pbx.CertificatePin);
        Item(items, "network.tls").Text("remedy").Should().Contain("Settings > System > Security > Certificate");
        Item(items, "network.tcp").Text("verdict").Should().Be("pass");
        items.Where(item => item.Text("section") is "api" or "permissions" or "webhook" or "agents").Should().OnlyContain(item => item.Text("verdict") == "skipped");
        items.Where(item => item.Text("verdict") == "fail").Select(item => item.Text("id")).Should().BeSubsetOf(["network.tls", "operation.knowledge", DiskOfThisMachine]);
    }

    [Fact]
    public async Task Every_silo_is_asked_by_which_address_it_leaves()
    {
        await using var fleet = await FleetAsync();
        await using var first = await FrontAsync();
        var folder = Path.GetDirectoryName(first.KeyFile)!;
        await using var second = await FrontLab.StartAsync(
            builder => builder.AddPbxFrontHost(),
            ("ConnectionStrings:Pbx", first.ConnectionString),
            ("DataProtection:Folder", Path.Combine(folder, "keys")),
            ("Recordings:Folder", Path.Combine(folder, "recordings")));
        await OnlineAsync(first, fleet.Pbxs[0]);

        // The silos learn of each other in their own time.
        JsonElement facts = default;
        _ = await Eventually.Holds(
            async () =>
            {
                var run = await (await first.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/checklist")).JsonAsync();
                var item = Item([.. run.GetProperty("items").EnumerateArray()], "addresses.silos");
                facts = item.GetProperty("facts");
                return item.Text("verdict") == "pass" && facts.Text("silos") == "2";
            },
            "both silos say by which address they leave",
            TimeSpan.FromMinutes(2));

        facts.Text("heard").Should().Be("2");
        facts.Text("addresses").Should().StartWith("127.");
    }

    private static Task<SimulatedFleet> FleetAsync() => SimulatedFleet.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Port = 0 }, TimeProvider.System, Ct);

    private static Task<FrontLab> FrontAsync()
    {
        var reportPort = FreePort.Next();
        return FrontLab.StartAsync(
            builder => builder.AddPbxFrontHost(),
            ("Front:ReportPort", reportPort.ToString(CultureInfo.InvariantCulture)),
            ("Pbx:ReportAddress", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{reportPort}")),
            ("Pbx:VpnRanges:0", "127.0.0.0/8"),
            ("Pbx:ConnectTimeout", "00:01:00"),
            ("Pbx:AnswerTimeout", "00:01:00"));
    }

    private static async Task OnlineAsync(FrontLab front, SimulatedPbx pbx)
    {
        await front.RegisterAsync("paris", new { name = "Paris", address = pbx.Address, userName = pbx.UserName, password = pbx.Password, timeZone = pbx.TimeZone, certificatePins = new[] { pbx.CertificatePin } });
        _ = await Eventually.Holds(async () => await HealthAsync(front) == "online", "the site to be online");
    }

    private static JsonElement Item(List<JsonElement> items, string id) => items.Single(item => item.Text("id") == id);

    private static async Task<string?> HealthAsync(FrontLab front) =>
        (await front.Admin.GetFromJsonAsync<JsonElement>("/api/pbx/sites/paris", Ct)).GetProperty("status").Text("health");
}
