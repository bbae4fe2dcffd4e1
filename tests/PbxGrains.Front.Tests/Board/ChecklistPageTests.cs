using Microsoft.Playwright;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Front.Tests.Checklists;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Checklists;
using static Microsoft.Playwright.Assertions;

namespace PbxGrains.Front.Tests.Board;

/// <summary>The page of a site's checklist runs it and shows each item as it finishes.</summary>
public sealed class ChecklistPageTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData("en", 1440, 900, ColorScheme.Light)]
    [InlineData("fr", 390, 844, ColorScheme.Dark)]
    public async Task A_checklist_that_never_ran_is_run_and_read(string language, int width, int height, ColorScheme scheme)
    {
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", "Paris République");
        var (run, isOver) = (Run(), false);
        site.ChecklistStart = () => new ChecklistStart(run.RunId);
        site.Checklist = from => isOver ? new ChecklistProgress([.. run.Items.Skip(from)], run) : new ChecklistProgress([.. run.Items.Skip(from).Take(1 - from)], Run: null);
        await using var reader = await browser.SignInAsync(front, language: language, width: width, height: height, scheme: scheme);
        var page = reader.Page;
        _ = await page.GotoAsync("/sites/paris/checklist");
        await Expect(page.Locator("[data-part=never]")).ToBeVisibleAsync();

        await page.Locator("[data-act=run]").ClickAsync();
        await Expect(page.Locator("[data-item]")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-part=told]")).ToContainTextAsync("1");
        isOver = true;

        await Expect(page.Locator("[data-part=told]")).ToHaveTextAsync(language == "fr" ? "Terminé." : "Done.");
        await Expect(page.Locator("[data-item]")).ToHaveCountAsync(run.Items.Count);
        await Expect(page.Locator(".checklist-head [data-part=verdict]")).ToHaveTextAsync(language == "fr" ? "Certains points ne sont pas conformes." : "Some items failed.");
        var failed = page.Locator("[data-item='network.tcp']");
        await Expect(failed.Locator("[data-part=verdict]")).ToHaveAttributeAsync("data-tone", "bad");
        await Expect(failed.Locator("[data-part=remedy]")).ToContainTextAsync("Settings > System > Security > Service");
        await Expect(page.Locator("[data-item='network.address'] [data-part=remedy]")).ToBeHiddenAsync();
        (await Reader.ViolationsAsync(page)).Should().BeEmpty();
        (await SitesPageTests.OverflowsAsync(page)).Should().BeFalse("nothing may need to be scrolled sideways");
        reader.Troubles.Should().BeEmpty();
        await Reader.PictureAsync(page, $"checklist-{language}-{width}-{scheme}");
    }

    [Fact]
    public async Task A_refusal_is_told_and_a_call_is_asked_for_only_when_somebody_names_both_phones()
    {
        await using var front = await FrontLab.StartAsync();
        var site = await front.SiteAsync("paris", "Paris");
        await using var reader = await browser.SignInAsync(front);
        var page = reader.Page;
        _ = await page.GotoAsync("/sites/paris");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set-up checklist" }).ClickAsync();

        await page.Locator("[data-act=run]").ClickAsync();
        await Expect(page.Locator(".refusal")).ToContainTextAsync("resume the site");
        await page.Locator("summary").ClickAsync();
        await page.Locator("[name=caller]").FillAsync("1001");
        await page.Locator("[name=callee]").FillAsync("1002");
        await page.Locator("[name=callee]").PressAsync("Enter");

        await Testing.Eventually.Holds(() => site.Checklists.Count == 2, "it is asked for twice");
        site.Checklists.Select(wish => wish.ReturnPath).Should().Equal(null, new ReturnPathCall(ExtensionNumber.Parse("1001"), ExtensionNumber.Parse("1002")));
    }

    [Fact]
    public async Task Who_may_only_look_reads_the_last_run_without_a_script()
    {
        await using var front = await FrontLab.StartAsync();
        _ = await front.SiteAsync("paris", "Paris");
        await ChecklistApiTests.StoreAsync(front.Service<ChecklistRuns>(), Run());
        var key = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { name = "wall", scope = "read" })).JsonAsync(System.Net.HttpStatusCode.Created);
        await using var reader = await browser.SignInAsync(front, key.Text("key"));

        var html = await (await reader.Page.GotoAsync("/sites/paris/checklist"))!.TextAsync();

        html.Should().Contain("data-item=\"network.tcp\"").And.Contain("/checklist/report?lang=en").And.NotContain("data-act=\"run\"");
        await Expect(reader.Page.Locator("[data-item]")).ToHaveCountAsync(3);
        reader.Troubles.Should().BeEmpty();
    }

    private static ChecklistRun Run() => new()
    {
        RunId = Guid.CreateVersion7(Scene.Now),
        Site = SiteId.Parse("paris"),
        Trigger = ChecklistTrigger.Manual,
        StartedAt = Scene.Now,
        FinishedAt = Scene.Now.AddSeconds(4),
        Items =
        [
            ChecklistApiTests.Item("network.address", ChecklistVerdict.Pass, "address-known", ("host", "10.1.0.254"), ("addresses", "10.1.0.254")),
            ChecklistApiTests.Item("network.tcp", ChecklistVerdict.Fail, "port-refused", ("host", "10.1.0.254"), ("port", "8088")),
            ChecklistApiTests.Item("addresses.outside", ChecklistVerdict.Notice, "cannot-be-seen"),
        ],
    };
}
