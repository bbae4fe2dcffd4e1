using Microsoft.Playwright;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Tests.Lab;
using static Microsoft.Playwright.Assertions;

namespace PbxGrains.Front.Tests.Board;

public sealed class SitesPageTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("en", 1440, 900, ColorScheme.Light)]
    [InlineData("fr", 1440, 900, ColorScheme.Dark)]
    [InlineData("fr", 390, 844, ColorScheme.Light)]
    public async Task The_wall_is_readable_for_everybody(string language, int width, int height, ColorScheme scheme)
    {
        await using var front = await FrontLab.StartAsync();
        await ManySitesAsync(front);
        await using var reader = await browser.SignInAsync(front, language: language, width: width, height: height, scheme: scheme);

        await Expect(reader.Page.Locator("live-state .live-dot")).ToHaveAttributeAsync("data-state", "connected");
        await Expect(reader.Page.Locator("h1")).ToHaveTextAsync("Sites");
        await Expect(Tile(reader.Page, "lille").Locator("[data-part=reason]")).ToHaveTextAsync(language == "fr" ? "Pas de connexion" : "No connection");
        await Expect(Tile(reader.Page, "lille").Locator(".badge")).ToHaveTextAsync(language == "fr" ? "Injoignable" : "Unreachable");
        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
        (await OverflowsAsync(reader.Page)).Should().BeFalse("nothing may need to be scrolled sideways");
        reader.Troubles.Should().BeEmpty();
        await Reader.PictureAsync(reader.Page, $"sites-{language}-{width}-{scheme}");
    }

    internal static Task<bool> OverflowsAsync(IPage page) => page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth");

    internal static ILocator Tile(IPage page, string site) => page.Locator($".tile[data-site={site}]");

    private static async Task ManySitesAsync(FrontLab front)
    {
        _ = await front.SiteAsync("paris", "Paris République", Scene.Status("paris", calls: 4));
        _ = await front.SiteAsync("lyon", "Lyon Part-Dieu", Scene.Status("lyon", calls: 1, warnings: new SiteWarning("clock", "The PBX's clock is 90 s slow.", Scene.Now)));
        _ = await front.SiteAsync("lille", "Lille", Scene.Status("lille", SiteHealth.Unreachable, SiteHealthReason.NoConnection, PushState.Silent) with { Extensions = new Dictionary<ExtensionStatus, int> { [ExtensionStatus.Unknown] = 16 } });
        _ = await front.SiteAsync("nice", "Nice", Scene.Status("nice", SiteHealth.Degraded, SiteHealthReason.RequestRefused));
        _ = await front.SiteAsync("brest", "Brest", Scene.Status("brest", SiteHealth.CredentialsRejected, SiteHealthReason.WrongCredentials, PushState.Silent));
        _ = await front.SiteAsync("metz", "Metz", Scene.Status("metz", SiteHealth.Suspended, SiteHealthReason.SuspendedByOperator));
        _ = await front.SiteAsync("nantes", "Nantes", Scene.Status("nantes", SiteHealth.Connecting, SiteHealthReason.FirstContact, PushState.Silent));
        for (var i = 1; i <= 17; i++)
        {
            _ = await front.SiteAsync($"agence-{i}", $"Agence {i}", Scene.Status($"agence-{i}", calls: i % 4, push: i % 5 == 0 ? PushState.Silent : PushState.Proven));
        }
    }
}
