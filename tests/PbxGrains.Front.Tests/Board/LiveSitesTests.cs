using System.Net;
using Microsoft.Playwright;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Tests.Lab;
using static Microsoft.Playwright.Assertions;

namespace PbxGrains.Front.Tests.Board;

/// <summary>The wall of sites moves by itself.</summary>
public sealed class LiveSitesTests(Browser browser) : IClassFixture<Browser>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_moves_a_tile_and_problems_come_first()
    {
        await using var front = await FrontLab.StartAsync();
        _ = await front.SiteAsync("lyon", "Lyon");
        var paris = await front.SiteAsync("paris", "Paris");
        await using var reader = await browser.SignInAsync(front);
        await MarkAsync(reader.Page);
        await Expect(SitesPageTests.Tile(reader.Page, "paris").Locator("[data-part=calls]")).ToHaveTextAsync("0");

        paris.Status = () => Scene.Status("paris", SiteHealth.Unreachable, SiteHealthReason.NoAnswer, calls: 3);
        await front.AppendAsync(Scene.HealthEvent("paris", SiteHealth.Unreachable, SiteHealthReason.NoAnswer));

        await Expect(SitesPageTests.Tile(reader.Page, "paris").Locator(".badge")).ToHaveTextAsync("Unreachable");
        await Expect(SitesPageTests.Tile(reader.Page, "paris").Locator("[data-part=calls]")).ToHaveTextAsync("3");
        await Expect(reader.Page.Locator("[data-sum=problems]")).ToHaveTextAsync("1");
        await Expect(reader.Page.Locator("[data-sum=calls]")).ToHaveTextAsync("3");
        await Expect(reader.Page.Locator(".tile").First).ToHaveAttributeAsync("data-site", "paris");
        await StillMarkedAsync(reader.Page);
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task The_order_does_not_change_under_the_focus()
    {
        await using var front = await FrontLab.StartAsync();
        foreach (var id in new[] { "brest", "lyon", "paris" })
        {
            _ = await front.SiteAsync(id, id);
        }

        await using var reader = await browser.SignInAsync(front);
        await SitesPageTests.Tile(reader.Page, "lyon").Locator("a").FocusAsync();

        front.Site("paris").Status = () => Scene.Status("paris", SiteHealth.Unreachable, SiteHealthReason.NoConnection);
        await front.AppendAsync(Scene.HealthEvent("paris", SiteHealth.Unreachable, SiteHealthReason.NoConnection));
        await Expect(SitesPageTests.Tile(reader.Page, "paris").Locator(".badge")).ToHaveTextAsync("Unreachable");
        (await OrderAsync(reader.Page)).Should().Equal("brest", "lyon", "paris");
        await Expect(SitesPageTests.Tile(reader.Page, "lyon").Locator("a")).ToBeFocusedAsync();

        await reader.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(SitesPageTests.Tile(reader.Page, "paris").Locator("a")).ToBeFocusedAsync();
        await reader.Page.Keyboard.PressAsync("/");
        await Expect(reader.Page.Locator("input[type=search]")).ToBeFocusedAsync();
        await Expect(reader.Page.Locator(".tile").First).ToHaveAttributeAsync("data-site", "paris");
    }

    [Fact]
    public async Task Sites_come_and_go_without_reload()
    {
        await using var front = await FrontLab.StartAsync();
        _ = await front.SiteAsync("paris", "Paris");
        _ = await front.SiteAsync("lyon", "Lyon");
        await using var reader = await browser.SignInAsync(front);
        await MarkAsync(reader.Page);

        _ = await front.SiteAsync("nice", "Nice");
        await front.AppendAsync(Scene.HealthEvent("nice", SiteHealth.Online, SiteHealthReason.Polling));
        await Expect(SitesPageTests.Tile(reader.Page, "nice").Locator("[data-part=name]")).ToHaveTextAsync("Nice");
        await Expect(SitesPageTests.Tile(reader.Page, "nice").Locator("a")).ToHaveAttributeAsync("href", "/sites/nice");

        (await front.Admin.SendAsync(HttpMethod.Delete, "/api/pbx/sites/lyon")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await front.AppendAsync(Scene.HealthEvent("lyon", SiteHealth.Suspended, SiteHealthReason.SuspendedByOperator));
        await Expect(SitesPageTests.Tile(reader.Page, "lyon")).ToHaveCountAsync(0);
        await Expect(reader.Page.Locator("[data-sum=all]")).ToHaveTextAsync("2");
        await StillMarkedAsync(reader.Page);
    }

    [Fact]
    public async Task Search_and_filter_find_sites_and_stay_in_the_address()
    {
        await using var front = await FrontLab.StartAsync();
        _ = await front.SiteAsync("paris", "Paris République");
        _ = await front.SiteAsync("lyon", "Lyon", Scene.Status("lyon", SiteHealth.Degraded, SiteHealthReason.RequestRefused));
        _ = await front.SiteAsync("nice", "Nice");
        await using var reader = await browser.SignInAsync(front, language: "fr");

        await reader.Page.FillAsync("input[type=search]", "republique");
        await Expect(reader.Page.Locator(".tile:visible")).ToHaveCountAsync(1);
        await Expect(reader.Page.Locator("[data-part=told]")).ToHaveTextAsync("Affichés\u00a0: 1 sur 3");
        await reader.Page.Keyboard.PressAsync("Escape");
        await Expect(reader.Page.Locator(".tile:visible")).ToHaveCountAsync(3);

        await reader.Page.Locator("input[value=problems]").CheckAsync(new LocatorCheckOptions { Force = true });
        await Expect(reader.Page.Locator(".tile:visible")).ToHaveCountAsync(1);
        await Reader.ArriveAsync(reader.Page, "/[?]health=problems$");
        _ = await reader.Page.ReloadAsync();
        await Expect(reader.Page.Locator(".tile:visible")).ToHaveAttributeAsync("data-site", "lyon");

        await reader.Page.FillAsync("input[type=search]", "nowhere");
        await Expect(reader.Page.Locator("[data-part=empty]")).ToBeVisibleAsync();
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task A_disconnected_page_says_how_old_it_is_and_catches_up_by_itself()
    {
        await using var front = await FrontLab.StartAsync();
        var paris = await front.SiteAsync("paris", "Paris");
        await using var line = new Line(front.ApiPort);
        await using var reader = await browser.OpenAsync(line.Port);
        await reader.SignInAsync((await File.ReadAllTextAsync(front.KeyFile, Ct)).Trim());
        await Expect(reader.Page.Locator("live-state .live-dot")).ToHaveAttributeAsync("data-state", "connected");
        await MarkAsync(reader.Page);

        await line.CutAsync();
        await Expect(reader.Page.Locator("live-state")).ToContainTextAsync("Disconnected since");
        await Expect(reader.Page.Locator("live-state")).ToContainTextAsync("the picture is 0:0");
        await Expect(reader.Page.Locator("body")).ToHaveAttributeAsync("data-outdated", "");
        await Reader.PictureAsync(reader.Page, "sites-disconnected");
        paris.Status = () => Scene.Status("paris", SiteHealth.Unreachable, SiteHealthReason.NoConnection);
        await front.AppendAsync(Scene.HealthEvent("paris", SiteHealth.Unreachable, SiteHealthReason.NoConnection));

        line.Mend();
        await Expect(SitesPageTests.Tile(reader.Page, "paris").Locator(".badge")).ToHaveTextAsync("Unreachable");
        await Expect(reader.Page.Locator("live-state")).ToContainTextAsync("Live");
        await StillMarkedAsync(reader.Page);
    }

    [Fact]
    public async Task A_revoked_session_is_said()
    {
        await using var front = await FrontLab.StartAsync();
        _ = await front.SiteAsync("paris", "Paris");
        var key = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { name = "wall", scope = "read" })).JsonAsync(HttpStatusCode.Created);
        await using var line = new Line(front.ApiPort);
        await using var reader = await browser.OpenAsync(line.Port);
        await reader.SignInAsync(key.Text("key")!);
        await Expect(reader.Page.Locator("live-state")).ToContainTextAsync("Live");

        (await front.Admin.SendAsync(HttpMethod.Delete, $"/api/pbx/keys/{key.Text("keyId")}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await line.CutAsync();
        line.Mend();

        await Expect(reader.Page.Locator("live-state")).ToContainTextAsync("Signed out");
    }

    [Fact]
    public async Task Eight_tabs_share_one_stream()
    {
        await using var front = await FrontLab.StartAsync();
        var paris = await front.SiteAsync("paris", "Paris");
        await using var reader = await browser.SignInAsync(front);
        List<IPage> tabs = [reader.Page];
        while (tabs.Count < 8)
        {
            tabs.Add(await reader.NewTabAsync());
            _ = await tabs[^1].GotoAsync("/");
        }

        paris.Status = () => Scene.Status("paris", SiteHealth.Degraded, SiteHealthReason.RequestRefused);
        await front.AppendAsync(Scene.HealthEvent("paris", SiteHealth.Degraded, SiteHealthReason.RequestRefused));

        foreach (var tab in tabs)
        {
            await tab.BringToFrontAsync();
            await Expect(SitesPageTests.Tile(tab, "paris").Locator(".badge")).ToHaveTextAsync("Degraded");
        }

        front.Logs.Text.Split('\n').Count(line => line.Contains("Request starting", StringComparison.Ordinal) && line.Contains("/api/pbx/events ", StringComparison.Ordinal)).Should().Be(1);
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task What_strangers_named_stays_text()
    {
        const string Name = "<img src=x onerror=\"document.title='owned'\">";
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", Name);
        site.Extensions = () => [Scene.Extension("paris", 1001, ExtensionStatus.Busy, with: Name, name: Name)];
        await using var reader = await browser.SignInAsync(front);
        await Expect(SitesPageTests.Tile(reader.Page, "paris").Locator("[data-part=name]")).ToHaveTextAsync(Name);
        await front.AppendAsync(Scene.HealthEvent("paris", SiteHealth.Online, SiteHealthReason.Polling), Scene.StatusEvent("paris", 1001, ExtensionStatus.Ringing, with: Name, name: Name));

        _ = await reader.Page.GotoAsync("/sites/paris");
        await Expect(reader.Page.Locator("h1")).ToHaveTextAsync(Name);
        await front.AppendAsync(Scene.StatusEvent("paris", 1002, ExtensionStatus.Ringing, with: Name, name: Name));
        await Expect(SitePageTests.Phone(reader.Page, 1002).Locator("[data-part=with]")).ToHaveTextAsync(Name);
        await Expect(SitePageTests.Phone(reader.Page, 1001).Locator("[data-part=name]")).ToHaveTextAsync(Name);
        (await reader.Page.Locator("main img").CountAsync()).Should().Be(0);
        reader.Troubles.Should().BeEmpty();
    }

    internal static Task MarkAsync(IPage page) => page.EvaluateAsync("window.sameDocument = true");

    internal static async Task StillMarkedAsync(IPage page) => (await page.EvaluateAsync<bool>("window.sameDocument === true")).Should().BeTrue("the page must not have been loaded again");

    private static async Task<IReadOnlyList<string>> OrderAsync(IPage page) => await page.Locator(".tile").EvaluateAllAsync<string[]>("tiles => tiles.map(tile => tile.dataset.site)");
}
