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
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_site_fails_nothing_and_everything_has_its_sentences()
    {
        var reportPort = FreePort.Next();
        await using var fleet = await SimulatedFleet.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Port = 0 }, TimeProvider.System, Ct);
        await using var front = await FrontLab.StartAsync(
            builder => builder.AddPbxFrontHost(),
            ("Front:ReportPort", reportPort.ToString(CultureInfo.InvariantCulture)),
            ("Pbx:ReportAddress", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{reportPort}")),
            ("Pbx:VpnRanges:0", "127.0.0.0/8"));
        var pbx = fleet.Pbxs[0];
        await front.RegisterAsync("paris", new { name = "Paris", address = pbx.Address, userName = pbx.UserName, password = pbx.Password, timeZone = pbx.TimeZone, certificatePins = new[] { pbx.CertificatePin } });
        _ = await Eventually.Holds(async () => await HealthAsync(front) == "online", "the site to be online");
        await pbx.SetExtensionStatusAsync("1005", ExtensionStatus.Unavailable, Ct);
        _ = await Eventually.Holds(async () => (await front.Admin.GetFromJsonAsync<JsonElement>("/api/pbx/sites/paris", Ct)).GetProperty("status").Text("lastReportAt") is not null, "the PBX to push");

        using var response = await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/checklist", body: null, ("Accept", "application/x-ndjson"));
        var lines = (await response.Content.ReadAsStringAsync(Ct)).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();

        var run = lines[^1].GetProperty("run");
        var items = run.GetProperty("items").EnumerateArray().ToList();
        lines.Should().HaveCount(items.Count + 1);
        items.Should().NotContain(item => item.Text("verdict") == "fail", "{0}", run);
        items.Single(item => item.Text("id") == "network.tcp").Text("verdict").Should().Be("pass");
        items.Should().OnlyContain(item => item.Text("title") != item.Text("id") && item.Text("evidence") != item.Text("finding"));
        items.Where(item => item.Text("verdict") != "pass").Should().OnlyContain(item => item.GetProperty("remedy").ValueKind == JsonValueKind.String);
        var stored = await (await front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/checklist")).JsonAsync();
        stored.ToString().Should().Be(run.ToString());
    }

    private static async Task<string?> HealthAsync(FrontLab front) =>
        (await front.Admin.GetFromJsonAsync<JsonElement>("/api/pbx/sites/paris", Ct)).GetProperty("status").Text("health");
}
