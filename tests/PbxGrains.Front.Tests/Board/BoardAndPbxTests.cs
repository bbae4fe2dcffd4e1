using System.Globalization;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Simulator;
using PbxGrains.Testing;
using static Microsoft.Playwright.Assertions;

namespace PbxGrains.Front.Tests.Board;

/// <summary>The board over the whole product, with a simulated PBX behind it.</summary>
public sealed class BoardAndPbxTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_supervisor_dials_watches_the_call_and_hangs_it_up()
    {
        var reportPort = FreePort.Next();
        var patient = new TimeSpanRange(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
        await using var fleet = await SimulatedFleet.StartAsync(
            new FleetOptions { Sites = 1, Extensions = 6, Port = 0, Https = false, TalkTime = patient, RingTime = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(600)) }, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var front = await FrontLab.StartAsync(
            builder => builder.AddPbxFrontHost(),
            ("Front:ReportPort", reportPort.ToString(CultureInfo.InvariantCulture)),
            ("Pbx:ReportAddress", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{reportPort}")));
        var pbx = fleet.Pbxs[0];
        await using var reader = await browser.SignInAsync(front);
        await Expect(reader.Page.Locator("[data-part=empty]")).ToBeVisibleAsync();
        await LiveSitesTests.MarkAsync(reader.Page);

        _ = await front.RegisterAsync("paris", new { name = "Paris", address = pbx.Address, userName = pbx.UserName, password = pbx.Password, timeZone = pbx.TimeZone, allowPlainHttp = true });
        await Expect(SitesPageTests.Tile(reader.Page, "paris").Locator(".badge")).ToHaveTextAsync("Online");
        await LiveSitesTests.StillMarkedAsync(reader.Page);

        var page = await reader.NewTabAsync();
        _ = await page.GotoAsync("/sites/paris");
        await Expect(SitePageTests.Phone(page, 1001).Locator(".badge")).ToHaveTextAsync("Idle");
        await Expect(page.Locator(".trunks li").First).ToBeVisibleAsync();
        await LiveSitesTests.MarkAsync(page);

        await SitePageTests.Phone(page, 1001).Locator("[data-act=dial]").ClickAsync();
        await page.Locator("dialog input[name=destination]").FillAsync("1002");
        await page.Locator("dialog input[name=destination]").PressAsync("Enter");
        await Expect(page.Locator("dialog .outcome")).ToContainTextAsync("The PBX accepted");
        await page.Keyboard.PressAsync("Escape");

        await Expect(page.Locator(".call [data-part=state]")).ToHaveTextAsync("Talking");
        await Expect(SitePageTests.Phone(page, 1002).Locator(".badge")).ToHaveTextAsync("In a call");
        await Expect(page.Locator("[data-part=push]")).ToHaveTextAsync("Push proven");
        await Reader.PictureAsync(page, "site-live");
        await reader.Page.BringToFrontAsync();
        await Expect(SitesPageTests.Tile(reader.Page, "paris").Locator("[data-part=calls]")).ToHaveTextAsync("1");

        await page.BringToFrontAsync();
        await page.Locator(".call [data-act=hangUp]").ClickAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(page.Locator("dialog .outcome")).ToHaveTextAsync("Done.");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".call")).ToHaveCountAsync(0);
        await Expect(SitePageTests.Phone(page, 1002).Locator(".badge")).ToHaveTextAsync("Idle");
        pbx.Calls.Should().BeEmpty();
        pbx.Counters.Originates.Should().Be(1);
        await LiveSitesTests.StillMarkedAsync(page);
        reader.Troubles.Should().BeEmpty();
    }
}
