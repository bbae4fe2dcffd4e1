using System.Net;
using Microsoft.Playwright;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Events;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Webhooks;
using static Microsoft.Playwright.Assertions;

namespace PbxGrains.Front.Tests.Board;

/// <summary>The page of a site moves by itself, and acts for those who may.</summary>
public sealed class LiveSiteTests(Browser browser) : IClassFixture<Browser>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_site_has_a_page_that_says_so()
    {
        await using var front = await FrontLab.StartAsync();
        await using var reader = await browser.SignInAsync(front);

        var answer = await reader.Page.GotoAsync("/sites/nowhere");

        answer!.Status.Should().Be(404);
        await Expect(reader.Page.Locator("h1")).ToHaveTextAsync("No such site");
        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
    }

    [Fact]
    public async Task The_first_picture_is_in_the_page_itself()
    {
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", "Paris");
        site.Extensions = () => [Scene.Extension("paris", 1001, ExtensionStatus.Ringing)];
        site.Calls = () => [Scene.Call("paris", "1700000000.1", "1001", "0612345678", extensions: "1001")];
        await using var reader = await browser.SignInAsync(front);

        var html = await (await reader.Page.GotoAsync("/sites/paris"))!.TextAsync();

        html.Should().Contain("""data-number="1001" data-tone="ring">""").And.Contain("Ringing").And.Contain("0612345678").And.Contain("data-call=\"1700000000.1\"");
    }

    [Fact]
    public async Task Events_move_extensions_and_calls_and_reading_confirms_them()
    {
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", "Paris");
        site.Extensions = () => [Scene.Extension("paris", 1001, ExtensionStatus.Idle), Scene.Extension("paris", 1002, ExtensionStatus.Idle)];
        await using var reader = await browser.SignInAsync(front);
        var page = reader.Page;
        _ = await page.GotoAsync("/sites/paris");
        await Expect(SitePageTests.Phone(page, 1001).Locator(".badge")).ToHaveTextAsync("Idle");
        await LiveSitesTests.MarkAsync(page);

        var ringing = Scene.Call("paris", "1700000000.9", "1001", "1002", CallState.Ringing, "1001", "1002");
        site.Calls = () => [ringing];
        site.Extensions = () => [Scene.Extension("paris", 1001, ExtensionStatus.Busy, "1002"), Scene.Extension("paris", 1002, ExtensionStatus.Ringing, "1001")];
        site.Status = () => Scene.Status("paris", calls: 1);
        await front.AppendAsync(
            Scene.StatusEvent("paris", 1001, ExtensionStatus.Busy, with: "1002"),
            Scene.StatusEvent("paris", 1002, ExtensionStatus.Ringing, with: "1001"),
            Scene.CallEventOf(EventTypes.CallRinging, ringing),
            Scene.StatusEvent("lyon", 1001, ExtensionStatus.Fault));
        await Expect(SitePageTests.Phone(page, 1001).Locator(".badge")).ToHaveTextAsync("In a call");
        await Expect(SitePageTests.Phone(page, 1001).Locator("[data-part=with]")).ToHaveTextAsync("1002");
        await Expect(SitePageTests.Phone(page, 1002).Locator(".badge")).ToHaveTextAsync("Ringing");
        await Expect(page.Locator(".call [data-part=state]")).ToHaveTextAsync("Ringing");
        await Expect(page.Locator(".call [data-part=caller]")).ToHaveTextAsync("1001 Bruno Petit");
        await Expect(page.Locator(".happening").First).ToContainTextAsync("1001 Bruno Petit → 1002 Chloé Bernard: ringing");
        await Expect(page.Locator("[data-part=head] [data-status=busy] b")).ToHaveTextAsync("1");

        site.Calls = () => [];
        await front.AppendAsync(Scene.CallEventOf(EventTypes.CallEnded, ringing with { State = CallState.Ended }), Scene.CallEventOf(EventTypes.CallAnswered, ringing with { State = CallState.Talking }));
        await Expect(page.Locator(".call")).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-part=no-calls]")).ToBeVisibleAsync();

        // Nothing tells of these but reading again.
        site.Extensions = () => [Scene.Extension("paris", 1001, ExtensionStatus.Unknown), Scene.Extension("paris", 1003, ExtensionStatus.Idle)];
        site.Calls = () => [Scene.Call("paris", "1700000000.10", "1003", "0612345678", extensions: "1003")];
        await Expect(SitePageTests.Phone(page, 1001).Locator("[data-part=last]")).ToHaveTextAsync("Last known: Idle");
        await Expect(SitePageTests.Phone(page, 1002)).ToHaveCountAsync(0);
        await Expect(SitePageTests.Phone(page, 1003)).ToHaveCountAsync(1);
        await Expect(page.Locator(".call")).ToHaveCountAsync(1);
        await LiveSitesTests.StillMarkedAsync(page);
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task Who_may_only_look_sees_nothing_to_press_and_no_raw_reports()
    {
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", "Paris");
        site.Extensions = () => [Scene.Extension("paris", 1001, ExtensionStatus.Busy, "0612345678")];
        site.Calls = () => [Scene.Call("paris", "1700000000.1", "1001", "0612345678", extensions: "1001")];
        var key = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { name = "wall", scope = "read" })).JsonAsync(HttpStatusCode.Created);
        await using var reader = await browser.SignInAsync(front, key.Text("key"));

        _ = await reader.Page.GotoAsync("/sites/paris");
        await Expect(reader.Page.Locator(".call")).ToHaveCountAsync(1);
        await front.AppendAsync(Scene.StatusEvent("paris", 1002, ExtensionStatus.Idle));
        await Expect(SitePageTests.Phone(reader.Page, 1002)).ToHaveCountAsync(1);

        (await reader.Page.Locator(".call button, .phone button, dialog, unreadable-reports, recent-reports").CountAsync()).Should().Be(0);
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task Unreadable_reports_are_shown_as_they_came_and_stay_text()
    {
        await using var front = await FrontLab.StartAsync();
        _ = await front.SiteAsync("paris", "Paris");
        await front.Service<UnreadableReports>().AddAsync("paris", Scene.Now, "10.1.0.254", "There is no brace.", "<script>document.title='owned'</script>\0"u8.ToArray(), Ct);
        await using var reader = await browser.SignInAsync(front);

        _ = await reader.Page.GotoAsync("/sites/paris");
        await reader.Page.Locator(".report summary").ClickAsync();

        await Expect(reader.Page.Locator(".report summary")).ToContainTextAsync("There is no brace.");
        await Expect(reader.Page.Locator(".report summary")).ToContainTextAsync("from 10.1.0.254");
        await Expect(reader.Page.Locator(".report pre")).ToContainTextAsync("<script>document.title='owned'</script>");
        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task The_last_reports_are_shown_when_asked_for_follow_what_comes_and_stay_text()
    {
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", "Paris");
        var damaged = new RecentReport(Scene.Now.AddSeconds(-1), "10.1.0.254", "unreadable", ReportReceipt.Unreadable, "<script>document.title='owned'</script>", Cut: false);
        site.RecentReports = () => new RecentReports(Scene.Now.AddHours(-1), [damaged]);
        await using var reader = await browser.SignInAsync(front);
        var page = reader.Page;
        _ = await page.GotoAsync("/sites/paris");
        var reports = page.Locator("recent-reports");
        await Expect(reports.Locator("#recent-reports")).ToBeHiddenAsync();

        await reports.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await reports.Locator(".report summary").ClickAsync();

        await Expect(reports.Locator(".report summary")).ToContainTextAsync("Unreadable could not be read from 10.1.0.254");
        await Expect(reports.Locator(".report pre")).ToHaveTextAsync("<script>document.title='owned'</script>");
        await Expect(reports).ToContainTextAsync("Remembered since");
        (await Reader.ViolationsAsync(page)).Should().BeEmpty();

        var status = new RecentReport(Scene.Now, null, "extensionStatus", ReportReceipt.Taken, """{"event":"ExtensionStatus"}""", Cut: false);
        site.RecentReports = () => new RecentReports(Scene.Now.AddHours(-1), [status, damaged]);
        await front.AppendAsync(Scene.StatusEvent("paris", 1001, ExtensionStatus.Busy));

        await Expect(reports.Locator(".report")).ToHaveCountAsync(2);
        await Expect(reports.Locator(".report summary").First).ToContainTextAsync("Extension status");
        await Expect(reports.Locator("details[open]")).ToHaveCountAsync(1);
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task Commands_ask_first_and_name_the_extension_when_there_are_several()
    {
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", "Paris");
        site.Extensions = () => [Scene.Extension("paris", 1001, ExtensionStatus.Busy, "1002"), Scene.Extension("paris", 1002, ExtensionStatus.Busy, "1001")];
        site.Calls = () => [Scene.Call("paris", "1700000000.1", "1001", "1002", CallState.Talking, "1001", "1002")];
        await using var reader = await browser.SignInAsync(front);
        var page = reader.Page;
        _ = await page.GotoAsync("/sites/paris");

        await page.Locator(".call [data-act=transfer]").ClickAsync();
        await page.Locator("dialog select[name=extension]").SelectOptionAsync("1002");
        await page.Locator("dialog input[name=destination]").FillAsync("1010");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(page.Locator("dialog .outcome")).ToHaveTextAsync("Done.");
        await page.Keyboard.PressAsync("Escape");

        await page.Locator(".call [data-act=listen]").ClickAsync();
        await page.Locator("dialog select[name=extension]").SelectOptionAsync("1001");
        await page.Locator("dialog input[name=supervisor]").FillAsync("1020");
        await page.Locator("dialog input[name=supervisor]").PressAsync("Enter");
        await Expect(page.Locator("dialog .outcome")).ToHaveTextAsync("Done.");
        await page.Locator("dialog [data-act=close]").ClickAsync();

        site.CommandOutcome = () => new CallCommandOutcome(CallCommandResult.Refused, "The PBX says no.", "20003");
        await page.Locator(".call [data-act=hangUp]").ClickAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(page.Locator("dialog .outcome")).ToHaveTextAsync("The PBX says no.");

        site.Commands.Should().BeEquivalentTo(new CallCommand[]
        {
            new Transfer(ExtensionNumber.Parse("1002"), "1010"),
            new Contracts.Calls.Monitor(ExtensionNumber.Parse("1020"), ExtensionNumber.Parse("1001"), MonitorMode.Listen),
            new HangUp(Extension: null),
        }, options => options.PreferringRuntimeMemberTypes());
    }

    [Fact]
    public async Task Dialling_tells_what_became_of_it_in_the_readers_language()
    {
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", "Paris");
        site.Extensions = () => [Scene.Extension("paris", 1001, ExtensionStatus.Idle)];
        await using var line = new Line(front.ApiPort);
        await using var reader = await browser.OpenAsync(line.Port, "fr");
        await reader.SignInAsync((await File.ReadAllTextAsync(front.KeyFile, Ct)).Trim());
        var page = reader.Page;
        _ = await page.GotoAsync("/sites/paris");
        var outcome = page.Locator("dialog .outcome");

        site.Outcome = () => new OriginateOutcome { OriginateId = Guid.NewGuid(), State = OriginateState.Refused, Refusal = OriginateRefusal.ExtensionBusy };
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Appeler depuis le poste 1001" }).ClickAsync();
        await page.Locator("dialog input[name=destination]").FillAsync("0612345678");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(outcome).ToContainTextAsync("Le poste est en appel ou sonne");

        // The answer is lost on its way: asked again with the same key, never dialled a second time.
        await line.CutAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(outcome).ToContainTextAsync("Le résultat n’est pas connu");
        line.Mend();
        site.Outcome = () => new OriginateOutcome { OriginateId = Guid.NewGuid(), State = OriginateState.Unknown };
        await page.GetByText("Redemander (jamais un second appel)").ClickAsync();
        await Expect(outcome).ToContainTextAsync("La réponse du PBX s’est perdue");
        site.Originates.Select(originate => originate.IdempotencyKey).Distinct(StringComparer.Ordinal).Should().ContainSingle().Which.Should().NotBeNullOrEmpty();

        await page.Keyboard.PressAsync("Escape");
        site.Outcome = () => new OriginateOutcome { OriginateId = Guid.NewGuid(), State = OriginateState.Accepted, CallId = CallId.Parse("1700000000.5") };
        await SitePageTests.Phone(page, 1001).Locator("button").ClickAsync();
        await page.Locator("dialog input[name=destination]").FillAsync("1002");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(outcome).ToHaveTextAsync("Le PBX accepte\u00a0: le poste 1001 sonne, puis 1002 est composé.");
        site.Originates.Select(originate => originate.IdempotencyKey).Distinct(StringComparer.Ordinal).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_PBX_that_cannot_be_asked_for_its_trunks_is_a_sentence()
    {
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", "Paris", Scene.Status("paris", SiteHealth.Unreachable, SiteHealthReason.NoConnection) with { Detail = "10.1.0.254 does not answer" });
        site.Trunks = () => new PbxAnswer<IReadOnlyList<TrunkView>>(null, "no-connection", "No connection to the PBX.");
        await using var reader = await browser.SignInAsync(front, language: "fr");

        _ = await reader.Page.GotoAsync("/sites/paris");

        await Expect(reader.Page.Locator("trunk-list .refusal")).ToHaveTextAsync("Pas de connexion au PBX.");
        await Expect(reader.Page.Locator("[data-part=sentence]")).ToContainTextAsync("(10.1.0.254 does not answer)");
        site.Trunks = () => new PbxAnswer<IReadOnlyList<TrunkView>>([]);
        await reader.Page.Locator("trunk-list button").ClickAsync();
        await Expect(reader.Page.Locator("trunk-list")).ToContainTextAsync("Le PBX n’a pas de ligne réseau.");
    }
}
