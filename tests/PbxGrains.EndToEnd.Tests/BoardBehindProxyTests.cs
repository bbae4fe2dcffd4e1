using Microsoft.Playwright;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests;

/// <summary>The board of two fronts behind a proxy that sticks to none, in a real browser.</summary>
public sealed class BoardBehindProxyTests
{
    private const string Missing = "Chromium or nginx is not installed: apt-get install chromium nginx-light";
    private static readonly string? Chromium = Environment.GetEnvironmentVariable("PBXGRAINS_TEST_CHROMIUM") ?? (File.Exists("/usr/bin/chromium") ? "/usr/bin/chromium" : null);

    public static bool CanRun => RoundRobinProxy.Exists && Chromium is not null;

    [Fact(SkipUnless = nameof(CanRun), Skip = Missing)]
    public async Task A_session_of_one_front_is_good_at_the_other_and_the_page_lives_on_when_one_is_killed()
    {
        await using var installation = await Installation.CreateAsync();
        _ = await installation.StartSiloAsync();
        var first = await installation.StartFrontAsync("client");
        var second = await installation.StartFrontAsync("client");
        await installation.RegisterAsync("paris", installation.Fleet.Pbxs[0]);
        _ = await installation.WaitAsync("/api/pbx/sites/paris", s => s["status"]?["health"]?.GetValue<string>() == "online", "the site is online");
        await using var proxy = await RoundRobinProxy.StartAsync(first, second);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = $"http://127.0.0.1:{proxy.Port}", Locale = "en" });

        _ = await page.GotoAsync("/sites/paris");
        await page.FillAsync("#key", (await File.ReadAllTextAsync(installation.AdminKeyFile, TestContext.Current.CancellationToken)).Trim());
        await page.ClickAsync("button[type=submit]");
        await Assertions.Expect(page).ToHaveURLAsync("/sites/paris", new() { Timeout = 60_000 });
        await ShowsChangeAsync(installation, page, ExtensionStatus.Busy, "busy");

        await second.KillAsync();
        await ShowsChangeAsync(installation, page, ExtensionStatus.Registered, "good");
        await Assertions.Expect(page.Locator("live-state .live-dot")).ToHaveAttributeAsync("data-state", "connected", new() { Timeout = 30_000 });
        await ShowsChangeAsync(installation, page, ExtensionStatus.Busy, "busy");
    }

    /// <summary>An extension changes in the PBX, and the page shows it without being loaded again.</summary>
    private static async Task ShowsChangeAsync(Installation installation, IPage page, ExtensionStatus status, string tone)
    {
        await installation.Fleet.Pbxs[0].SetExtensionStatusAsync("1005", status);
        await Assertions.Expect(page.Locator($"[data-number='1005'][data-tone='{tone}']")).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }
}
