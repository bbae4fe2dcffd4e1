using System.Net;
using System.Security.Cryptography;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Front.Tests.Board;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Checklists;

namespace PbxGrains.Front.Tests.Checklists;

public sealed class ReportTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Route = "/api/pbx/sites/paris/checklist/report";

    private FrontLab _front = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task The_report_says_in_both_languages_what_was_found_and_carries_a_fingerprint_anybody_can_check()
    {
        await ChecklistApiTests.StoreAsync(_front.Service<ChecklistRuns>(), ChecklistApiTests.Run());

        var english = await PageAsync("");
        var french = await PageAsync("?lang=fr");
        using var content = await _front.Admin.GetAsync(Route + "?format=json", Ct);
        var bytes = await content.Content.ReadAsByteArrayAsync(Ct);

        english.Should().Contain("Acceptance report").And.Contain("nothing listens on port 8088").And.Contain("2 March 2026, 10:00:00").And.Contain("<html lang=\"en\">");
        french.Should().Contain("<html lang=\"fr\">").And.Contain("rien n’écoute sur le port 8088").And.Contain("2 mars 2026 à 10:00:00");
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(bytes));
        english.Should().Contain(fingerprint);
        french.Should().Contain(fingerprint);
        System.Text.Encoding.UTF8.GetString(bytes).Should().StartWith("""{"brokenOff":false,"finishedAt":"2026-03-02T09:00:04.000Z","items":[{"facts":{"addresses":"10.1.0.254","host":"10.1.0.254"},"finding":"address-known","id":"network.address",""");
    }

    [Fact]
    public async Task Whatever_a_PBX_says_of_itself_is_text_on_the_page()
    {
        var run = ChecklistApiTests.Run();
        await ChecklistApiTests.StoreAsync(_front.Service<ChecklistRuns>(), run with { Items = [ChecklistApiTests.Item("network.address", ChecklistVerdict.Pass, "address-known", ("host", "<script>alert(1)</script>"), ("addresses", "x"))] });

        using var response = await _front.Admin.GetAsync(Route, Ct);
        var page = await response.Content.ReadAsStringAsync(Ct);

        page.Should().NotContain("<script").And.Contain("&lt;script&gt;");
        response.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'none'; style-src 'sha256-");
    }

    [Fact]
    public async Task A_report_that_is_not_there_says_so()
    {
        await (await _front.Admin.SendAsync(HttpMethod.Get, Route)).ProblemAsync(HttpStatusCode.NotFound, "checklist-none");
        await (await _front.Admin.SendAsync(HttpMethod.Get, Route + "?runId=" + Guid.NewGuid())).ProblemAsync(HttpStatusCode.NotFound, "checklist-none");
        await (await _front.Admin.SendAsync(HttpMethod.Get, Route + "?lang=de")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task The_page_is_styled_fits_a_sheet_of_paper_and_breaks_no_rule_of_its_policy()
    {
        await ChecklistApiTests.StoreAsync(_front.Service<ChecklistRuns>(), ChecklistApiTests.Run());
        await using var reader = await browser.SignInAsync(_front, language: "fr");

        _ = await reader.Page.GotoAsync(Route);

        (await reader.Page.Locator("h1").TextContentAsync()).Should().Be("Procès-verbal de recette");
        (await reader.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('li')).display")).Should().Be("grid", "the style is allowed");
        await reader.Page.EmulateMediaAsync(new() { Media = Microsoft.Playwright.Media.Print });
        await reader.Page.SetViewportSizeAsync(688, 1000);
        (await reader.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(688, "182 mm of A4 between the margins");
        reader.Troubles.Should().BeEmpty();
    }

    private async Task<string> PageAsync(string query)
    {
        using var response = await _front.Admin.GetAsync(Route + query, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Ct));
    }
}
