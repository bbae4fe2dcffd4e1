using Microsoft.Playwright;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Events;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Tests.Lab;
using static Microsoft.Playwright.Assertions;

namespace PbxGrains.Front.Tests.Board;

public sealed class SitePageTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("en", 1440, 900, ColorScheme.Light)]
    [InlineData("fr", 1440, 900, ColorScheme.Dark)]
    [InlineData("fr", 390, 844, ColorScheme.Light)]
    public async Task A_site_is_readable_for_everybody(string language, int width, int height, ColorScheme scheme)
    {
        await using var front = await FrontLab.StartAsync();
        await BusySiteAsync(front);
        await using var reader = await browser.SignInAsync(front, language: language, width: width, height: height, scheme: scheme);

        _ = await reader.Page.GotoAsync("/sites/paris");
        await Expect(reader.Page.Locator("live-state .live-dot")).ToHaveAttributeAsync("data-state", "connected");
        await front.AppendAsync(
            Scene.StatusEvent("paris", 1003, ExtensionStatus.Busy, with: "0612345678"),
            Scene.CallEventOf(EventTypes.CallAnswered, Scene.Call("paris", "1700000000.1", "1003", "0612345678", extensions: "1003")),
            Scene.HealthEvent("paris", SiteHealth.Online, SiteHealthReason.Polling));
        await Expect(Phone(reader.Page, 1003).Locator(".badge")).ToHaveTextAsync(language == "fr" ? "En appel" : "In a call");
        await Expect(reader.Page.Locator(".site-warnings li")).ToContainTextAsync(language == "fr" ? "L’horloge du PBX est fausse" : "The PBX's clock is 90 s slow");
        await Expect(reader.Page.Locator(".trunks li")).ToHaveCountAsync(2);
        await Expect(reader.Page.Locator(".happening")).ToHaveCountAsync(3);
        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
        (await SitesPageTests.OverflowsAsync(reader.Page)).Should().BeFalse("nothing may need to be scrolled sideways");
        reader.Troubles.Should().BeEmpty();
        await Reader.PictureAsync(reader.Page, $"site-{language}-{width}-{scheme}");

        await reader.Page.Locator(".call [data-act=transfer]").First.ClickAsync();
        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
        await Reader.PictureAsync(reader.Page, $"site-dialog-{language}-{width}-{scheme}");
    }

    internal static ILocator Phone(IPage page, int number) => page.Locator($".phone[data-number='{number}']");

    private static async Task BusySiteAsync(FrontLab front)
    {
        var site = await front.SiteAsync("paris", "Paris République", Scene.Status("paris", calls: 3, warnings: new SiteWarning("clock-wrong", "The PBX's clock is 90 s slow; its records are dated by call id.", Scene.Now)));
        (await front.Admin.SendAsync(HttpMethod.Put, "/api/pbx/agents", new { agents = new[] { new { id = "a-7", name = "Alice (support)", site = "paris", extension = "1008" } } })).EnsureSuccessStatusCode();
        ExtensionStatus[] states = [ExtensionStatus.Idle, ExtensionStatus.Idle, ExtensionStatus.Busy, ExtensionStatus.Idle, ExtensionStatus.Ringing, ExtensionStatus.OnHold, ExtensionStatus.Unregistered, ExtensionStatus.Unknown, ExtensionStatus.Idle, ExtensionStatus.Fault];
        site.Extensions = () => [.. Enumerable.Range(1001, 24).Select(number => Scene.Extension("paris", number, number == 1003 ? ExtensionStatus.Busy : states[number % states.Length], states[number % states.Length] is ExtensionStatus.Busy or ExtensionStatus.Ringing ? "0612345678" : null))];
        site.Calls = () =>
        [
            Scene.Call("paris", "1700000000.1", "1003", "0612345678", extensions: "1003"),
            Scene.Call("paris", "1700000000.2", "1012", "1005", CallState.OnHold, "1012", "1005"),
            Scene.Call("paris", "1700000000.3", "0478123456", "1014", CallState.Ringing, "1014"),
        ];
    }
}
