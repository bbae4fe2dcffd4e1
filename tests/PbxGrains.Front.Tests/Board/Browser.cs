using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PbxGrains.Front.Tests.Lab;

namespace PbxGrains.Front.Tests.Board;

/// <summary>The system's Chromium, shared by all tests of the board; each test takes a context of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly string? Executable = Environment.GetEnvironmentVariable("PBXGRAINS_TEST_CHROMIUM") ?? Places.FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Executable.Should().NotBeNull("the board is tested in a real browser: install Chromium (Debian: apt-get install chromium), or name one in PBXGRAINS_TEST_CHROMIUM");

        // Pages confirm some things only every 15 s, and machines may be busy.
        Assertions.SetDefaultExpectTimeout(45_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A reader at a screen, signed in with a key; what goes wrong on the pages is noted.</summary>
    internal async Task<Reader> SignInAsync(FrontLab front, string? key = null, string language = "en", int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, string zone = "UTC")
    {
        var reader = await OpenAsync(front.ApiPort, language, width, height, scheme, zone);
        await reader.SignInAsync(key ?? (await File.ReadAllTextAsync(front.KeyFile)).Trim());
        return reader;
    }

    /// <summary>A reader who has not signed in.</summary>
    internal async Task<Reader> OpenAsync(int port, string language = "en", int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, string zone = "UTC")
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = $"http://127.0.0.1:{port}",
            Locale = language,
            TimezoneId = zone,
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout(60_000);
        return new Reader(context, await context.NewPageAsync());
    }
}

/// <summary>Somebody who looks at the board.</summary>
internal sealed class Reader : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Reader(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        Watch(page);
    }

    /// <summary>The first tab.</summary>
    public IPage Page { get; }

    /// <summary>Errors of scripts and violations of the content policy, of all tabs.</summary>
    public List<string> Troubles { get; } = [];

    public async Task<IPage> NewTabAsync()
    {
        var page = await _context.NewPageAsync();
        Watch(page);
        return page;
    }

    /// <summary>Stops or resumes the network for all tabs.</summary>
    public Task SetOfflineAsync(bool offline) => _context.SetOfflineAsync(offline);

    public async Task SignInAsync(string key)
    {
        _ = await Page.GotoAsync("/");
        await Page.FillAsync("#key", key);
        await Page.ClickAsync("button[type=submit]");
        await ArriveAsync(Page, "^(?!.*/sign-in)");
    }

    /// <summary>Waits until a page whose address matches is there, scripts included.</summary>
    /// <remarks>Not <c>WaitForURLAsync</c>: it looks, then listens, and misses an arrival between the two (microsoft/playwright-dotnet#3364).</remarks>
    public static async Task ArriveAsync(IPage page, [StringSyntax(StringSyntaxAttribute.Regex)] string address)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(address, RegexOptions.None, TimeSpan.FromSeconds(1)), new PageAssertionsToHaveURLOptions { Timeout = 60_000 });
        await page.WaitForLoadStateAsync();
    }

    /// <summary>Serious and critical violations of accessibility rules on the page, one line each.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        var found = await page.RunAxe();
        return [.. found.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}")];
    }

    /// <summary>Keeps a picture when <c>PBXGRAINS_SCREENSHOTS</c> names a folder.</summary>
    public static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PBXGRAINS_SCREENSHOTS") is { Length: > 0 } folder)
        {
            _ = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Watch(IPage page)
    {
        page.PageError += (_, error) => Troubles.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Troubles.Add(message.Text);
            }
        };
    }
}
