using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PbxGrains.Testing;

namespace PbxGrains.Simulator.Tests;

public sealed class FleetTests
{
    [Fact]
    public async Task Five_hundred_pbxs_each_listen_on_their_own_address()
    {
        await using var fleet = await SimulatedFleet.StartAsync(new FleetOptions { Sites = 500, Port = 0 }, TimeProvider.System, Site.Ct);

        fleet.Pbxs.Select(static pbx => pbx.Address.Host).Should().OnlyHaveUniqueItems();
        fleet.Pbxs.Select(static pbx => pbx.SerialNumber).Should().OnlyHaveUniqueItems();
        fleet.Pbxs.Select(static pbx => pbx.CertificatePin).Should().OnlyHaveUniqueItems();
        fleet.Pbxs[0].Address.Host.Should().Be("127.1.0.254");
        fleet.Pbxs[249].Address.Host.Should().Be("127.250.0.254");
        fleet.Pbxs[250].Address.Host.Should().Be("127.1.1.254");
    }

    [Fact]
    public async Task A_pbx_can_be_added_while_the_others_run()
    {
        await using var site = await Site.StartAsync();

        var added = await site.Fleet.AddPbxAsync(Site.Ct);

        added.Index.Should().Be(1);
        site.Fleet.Pbxs.Should().HaveCount(2);
        using var client = new HttpClient();
        using var response = await client.PostAsync(new Uri(added.Address, "/api/v1.1.0/deviceinfo/query"), content: null, Site.Ct);
        (await response.Content.ReadAsStringAsync(Site.Ct)).Should().Contain("20005");
    }

    [Fact]
    public async Task The_control_api_counts_and_breaks_the_whole_fleet()
    {
        await using var site = await Site.StartAsync(change: static options => options with { Sites = 2, ControlAddress = new Uri("http://127.0.0.1:0") });
        using var client = new HttpClient { BaseAddress = site.Fleet.ControlAddress };
        var token = await site.LogInAsync("v2.0.0");
        _ = await site.PostAsync("v2.0.0/extension/list?token=" + token);

        using var broken = await client.PutAsJsonAsync(new Uri("/sim/faults", UriKind.Relative), new { telephonesFlap = true }, Site.Ct);
        var counters = await client.GetFromJsonAsync<JsonElement>(new Uri("/sim/counters", UriKind.Relative), Site.Ct);

        site.Fleet.Pbxs.Should().OnlyContain(pbx => pbx.Faults.TelephonesFlap);
        counters.GetProperty("loginsTried").GetInt64().Should().Be(1);
        counters.GetProperty("requests").GetProperty("v2.0.0/extension/list").GetInt64().Should().Be(1);
        counters.GetProperty("secondsSinceListed").EnumerateArray().Select(since => since.ValueKind).Should().Equal(JsonValueKind.Number, JsonValueKind.Null);
    }

    [Fact]
    public async Task The_control_api_shows_and_moves_the_fleet()
    {
        await using var site = await Site.StartAsync(change: static options => options with { ControlAddress = new Uri("http://127.0.0.1:0") });
        using var client = new HttpClient { BaseAddress = new Uri(site.Fleet.ControlAddress!, "/sim/pbxs/") };

        async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body = null)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            using var response = await client.SendAsync(request, Site.Ct);
            response.StatusCode.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);
            return response.StatusCode is HttpStatusCode.OK ? await response.Content.ReadFromJsonAsync<JsonElement>(Site.Ct) : default;
        }

        (await SendAsync(HttpMethod.Get, ""))[0].Text("serialNumber").Should().Be(site.Pbx.SerialNumber);
        var callId = (await SendAsync(HttpMethod.Post, "0/calls", """{"from":"7005550142","to":"1001","ringSeconds":2,"talkSeconds":5}""")).Text("callId");
        (await SendAsync(HttpMethod.Get, "0/calls"))[0].Text("callId").Should().Be(callId);
        (await SendAsync(HttpMethod.Get, "0/extensions"))[0].Text("status").Should().Be("Ringing");
        _ = await SendAsync(HttpMethod.Delete, $"0/calls/{callId}");
        (await SendAsync(HttpMethod.Get, "0/cdrs"))[0].Text("status").Should().Be("NO ANSWER");
        _ = await SendAsync(HttpMethod.Put, "0/extensions/1002/status", """{"status":"Unavailable"}""");
        site.Pbx.FindExtension("1002")!.Status.Should().Be(ExtensionStatus.Unavailable);
        (await SendAsync(HttpMethod.Put, "0/faults", """{"down":true,"slowSeconds":1.5}""")).GetProperty("slowSeconds").GetDouble().Should().Be(1.5);
        site.Pbx.Faults.Down.Should().BeTrue();
        (await SendAsync(HttpMethod.Delete, "0/faults")).GetProperty("down").GetBoolean().Should().BeFalse();
        (await SendAsync(HttpMethod.Get, "0/counters")).GetProperty("loginsTried").GetInt64().Should().Be(0);
        (await SendAsync(HttpMethod.Get, "0/dialled")).EnumerateObject().Should().BeEmpty();
        _ = await SendAsync(HttpMethod.Post, "0/reboot");
        (await SendAsync(HttpMethod.Post, "")).GetProperty("index").GetInt32().Should().Be(1);
        using var missing = await client.GetAsync("7/calls", Site.Ct);
        missing.StatusCode.Should().Be(HttpStatusCode.NotFound);
        using var plain = await client.PostAsync("0/certificate", content: null, Site.Ct);
        plain.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("v1.1.0", "extensionlist/query", "s-series-v1/extensionlist-response.json")]
    [InlineData("v1.1.0", "extension/query", "s-series-v1/extension-query-response.json")]
    [InlineData("v1.1.0", "deviceinfo/query", "s-series-v1/deviceinfo-response.json")]
    [InlineData("v1.1.0", "queuestatus/query", "s-series-v1/queuestatus-response.json")]
    [InlineData("v1.1.0", "trunklist/query", "s-series-v1/trunklist-response.json")]
    [InlineData("v1.1.0", "inbound/query", "s-series-v1/inbound-query-response.json")]
    [InlineData("v2.0.0", "extension/list", "s-series-v2/extension-list-response.json")]
    [InlineData("v2.0.0", "queue/query_status", "s-series-v2/queue-query-status-response.json")]
    [InlineData("v2.0.0", "trunk/list", "s-series-v2/trunk-list-response.json")]
    [InlineData("v2.0.0", "call/query", "s-series-v2/call-query-response.json")]
    public async Task Answers_have_the_members_of_the_samples(string version, string endpoint, string sample)
    {
        Assert.SkipUnless(Fixtures.Folder is not null, "This machine has no samples.");
        await using var site = await Site.StartAsync(change: static options => options with { FxsExtensions = 1 });
        var token = await site.LogInAsync();
        await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", new CallPlan { Ring = TimeSpan.FromSeconds(1) }, Site.Ct);
        site.Pass(2);

        var answer = await site.PostAsync($"{version}/{endpoint}?token={token}");

        using var expected = JsonDocument.Parse(Fixtures.Read(sample));
        Paths(expected.RootElement, "").Except(Paths(answer, "")).Should().BeEmpty();
    }

    /// <summary>Each member with its kind, arrays merged.</summary>
    private static HashSet<string> Paths(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => [.. element.EnumerateObject().SelectMany(member => Paths(member.Value, $"{path}/{member.Name}"))],
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(item => Paths(item, path + "[]"))],
        var kind => [$"{path}:{kind}"],
    };
}
