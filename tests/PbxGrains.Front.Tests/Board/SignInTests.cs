using System.Net;
using Microsoft.Playwright;
using PbxGrains.Front.Tests.Lab;

namespace PbxGrains.Front.Tests.Board;

public sealed class SignInTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Who_is_not_signed_in_is_led_to_the_page_for_it_and_back()
    {
        await using var front = await FrontLab.StartAsync();
        await using var reader = await browser.OpenAsync(front.ApiPort);

        _ = await reader.Page.GotoAsync("/?state=bad");
        reader.Page.Url.Should().Contain("/sign-in?to=");
        await reader.Page.FillAsync("#key", "pbx_0000000000000000_wrong");
        await reader.Page.ClickAsync("button[type=submit]");
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

        await reader.Page.FillAsync("#key", (await File.ReadAllTextAsync(front.KeyFile, TestContext.Current.CancellationToken)).Trim());
        await reader.Page.ClickAsync("button[type=submit]");
        await Reader.ArriveAsync(reader.Page, "/[?]state=bad$");
        await Assertions.Expect(reader.Page.Locator("live-state")).ToContainTextAsync("Live");
    }

    [Theory]
    [InlineData("en", 1440, 900)]
    [InlineData("fr", 390, 844)]
    public async Task The_page_is_readable_for_everybody(string language, int width, int height)
    {
        await using var front = await FrontLab.StartAsync();
        await using var reader = await browser.OpenAsync(front.ApiPort, language, width, height);

        _ = await reader.Page.GotoAsync("/sign-in");

        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
        reader.Troubles.Should().BeEmpty();
        await Assertions.Expect(reader.Page.Locator("h1")).ToHaveTextAsync(language == "fr" ? "Connexion" : "Sign in");
        await Reader.PictureAsync(reader.Page, $"sign-in-{language}-{width}");
    }

    [Fact]
    public async Task A_session_reads_the_API_and_ends_with_its_key()
    {
        await using var front = await FrontLab.StartAsync();
        var key = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { name = "supervisor", scope = "read" })).JsonAsync(HttpStatusCode.Created);
        var cookie = await CookieAsync(front, key.Text("key")!);

        (await front.Anonymous.SendAsync(HttpMethod.Get, "/api/pbx/sites", headers: ("Cookie", cookie))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await front.Anonymous.SendAsync(HttpMethod.Get, "/api/pbx/keys", headers: ("Cookie", cookie))).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        (await front.Admin.SendAsync(HttpMethod.Delete, $"/api/pbx/keys/{key.Text("keyId")}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await front.Anonymous.SendAsync(HttpMethod.Get, "/api/pbx/sites", headers: ("Cookie", cookie))).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Another_page_cannot_use_a_session()
    {
        await using var front = await FrontLab.StartAsync();
        _ = await front.RegisterAsync("paris");
        var cookie = await CookieAsync(front, (await File.ReadAllTextAsync(front.KeyFile, TestContext.Current.CancellationToken)).Trim());

        async Task<HttpStatusCode> SuspendAsync(params (string, string)[] headers) =>
            (await front.Anonymous.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/suspend", new { }, [("Cookie", cookie), .. headers])).StatusCode;

        (await SuspendAsync()).Should().Be(HttpStatusCode.Forbidden);
        (await SuspendAsync(("Sec-Fetch-Site", "cross-site"))).Should().Be(HttpStatusCode.Forbidden);
        (await SuspendAsync(("Sec-Fetch-Site", "same-site"))).Should().Be(HttpStatusCode.Forbidden);
        (await SuspendAsync(("Origin", "http://127.0.0.1:1"))).Should().Be(HttpStatusCode.Forbidden);
        (await SuspendAsync(("Sec-Fetch-Site", "same-origin"))).Should().Be(HttpStatusCode.OK);
        (await SuspendAsync(("Origin", $"http://127.0.0.1:{front.ApiPort}"))).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_foreign_form_signs_nobody_in_and_no_address_leads_away()
    {
        await using var front = await FrontLab.StartAsync();
        var key = (await File.ReadAllTextAsync(front.KeyFile, TestContext.Current.CancellationToken)).Trim();

        using var foreign = await PostAsync(front, key, "/", ("Sec-Fetch-Site", "cross-site"));
        foreign.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        foreign.Headers.Contains("Set-Cookie").Should().BeFalse();

        foreach (var (to, lands) in new[] { ("/calls", "/calls"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"), ("/\t/evil.example", "/"), ("/sign-in", "/") })
        {
            using var answer = await PostAsync(front, key, to, ("Sec-Fetch-Site", "same-origin"));
            answer.Headers.Location!.OriginalString.Should().Be(lands, "of {0}", to);
        }
    }

    [Fact]
    public async Task A_page_allows_nothing_from_elsewhere_and_its_cookie_is_out_of_reach()
    {
        await using var front = await FrontLab.StartAsync();

        using var page = await front.Anonymous.SendAsync(HttpMethod.Get, "/sign-in");
        page.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("default-src 'none'").And.NotContain("unsafe");
        page.Headers.CacheControl!.NoStore.Should().BeTrue();

        using var answer = await PostAsync(front, (await File.ReadAllTextAsync(front.KeyFile, TestContext.Current.CancellationToken)).Trim(), "/", ("Sec-Fetch-Site", "same-origin"));
        answer.Headers.GetValues("Set-Cookie").Single().Should().ContainEquivalentOf("httponly").And.ContainEquivalentOf("samesite=strict");
    }

    private static async Task<string> CookieAsync(FrontLab front, string key)
    {
        using var answer = await PostAsync(front, key, "/", ("Sec-Fetch-Site", "same-origin"));
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task<HttpResponseMessage> PostAsync(FrontLab front, string key, string to, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{front.ApiPort}/sign-in")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("key", key), KeyValuePair.Create("to", to)]),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
