using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Tests.Lab;

namespace PbxGrains.Front.Tests.Status;

public sealed class StatusTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    private FrontLab _front = null!;

    public async ValueTask InitializeAsync() => _front = await FrontLab.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task Problems_come_first_and_each_site_is_counted_once()
    {
        await RegisterAsync("a-online", SiteHealth.Online, push: PushState.Proven);
        await RegisterAsync("b-online", SiteHealth.Online);
        await RegisterAsync("c-warned", SiteHealth.Online, warning: "clock-wrong");
        await RegisterAsync("d-degraded", SiteHealth.Degraded);
        await RegisterAsync("e-unreachable", SiteHealth.Unreachable);
        await RegisterAsync("f-suspended", SiteHealth.Suspended);
        await RegisterAsync("g-connecting", SiteHealth.Connecting);
        await _front.RegisterAsync("h-silent");
        _front.Site("h-silent").Status = () => throw new TimeoutException();

        var status = await ReadAsync();

        var sites = status.GetProperty("sites");
        sites.GetProperty("total").GetInt32().Should().Be(8);
        sites.GetProperty("health").EnumerateObject().Where(p => p.Value.GetInt32() > 0).Select(p => $"{p.Name} {p.Value}")
            .Should().BeEquivalentTo("online 3", "degraded 1", "unreachable 1", "suspended 1", "connecting 1", "unknown 1");
        sites.GetProperty("problems").EnumerateArray().Select(p => p.Text("siteId")).Should().Equal("e-unreachable", "d-degraded", "h-silent", "c-warned");
        sites.GetProperty("problems")[0].Text("message").Should().NotBeEmpty();
        sites.GetProperty("problems")[3].GetProperty("warnings")[0].Text("code").Should().Be("clock-wrong");
        status.GetProperty("reports").GetProperty("proven").GetInt32().Should().Be(1);
        status.GetProperty("reports").GetProperty("silent").GetInt32().Should().Be(2);
        status.GetProperty("reports").GetProperty("lastAt").GetDateTimeOffset().Should().Be(Then);
    }

    [Fact]
    public async Task Silos_are_named_with_the_sites_on_them()
    {
        await RegisterAsync("paris", SiteHealth.Online);

        var status = await ReadAsync();
        _front.Silos(() => throw new TimeoutException());
        var without = await ReadAsync();

        status.GetProperty("version").GetString().Should().MatchRegex("^[0-9]+\\.[0-9]+");
        status.GetProperty("silos").ToString().Should().Be("""[{"address":"127.0.0.1:11111@1","sites":1}]""");
        without.GetProperty("silos").ValueKind.Should().Be(JsonValueKind.Null, "a cluster that does not answer keeps nobody from the rest");
        without.GetProperty("sites").GetProperty("total").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task An_installation_without_anything_is_in_order_and_reading_suffices()
    {
        var made = await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { name = "wall", scope = "read" })).JsonAsync(HttpStatusCode.Created);
        using var reader = new HttpClient { BaseAddress = _front.Anonymous.BaseAddress };
        reader.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Text("key"));

        var status = await reader.GetFromJsonAsync<JsonElement>("/api/pbx/status", TestContext.Current.CancellationToken);

        status.GetProperty("sites").GetProperty("problems").GetArrayLength().Should().Be(0);
        status.GetProperty("reports").GetProperty("lastAt").ValueKind.Should().Be(JsonValueKind.Null);
        status.GetProperty("webhooks").ToString().Should().Be("""{"subscriptions":0,"failing":0,"switchedOff":0,"waiting":0,"oldestAt":null}""");
        (await _front.Anonymous.SendAsync(HttpMethod.Get, "/api/pbx/status")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    private async Task<JsonElement> ReadAsync() => await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/status")).JsonAsync();

    private async Task RegisterAsync(string id, SiteHealth health, PushState push = PushState.Silent, string? warning = null)
    {
        await _front.RegisterAsync(id);
        _front.Site(id).Status = () => new SiteStatus
        {
            Site = SiteId.Parse(id),
            Health = health,
            Reason = health == SiteHealth.Online ? SiteHealthReason.Polling : SiteHealthReason.NoConnection,
            Since = DateTimeOffset.UnixEpoch,
            Push = push,
            LastReportAt = push == PushState.Proven ? Then : null,
            Warnings = warning is null ? [] : [new SiteWarning(warning, "Look at it.", Then)],
            Silo = "127.0.0.1:11111@1",
        };
    }
}
