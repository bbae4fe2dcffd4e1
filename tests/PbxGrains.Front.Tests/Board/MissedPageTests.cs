using Microsoft.Playwright;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Tests.Cdrs;
using PbxGrains.Front.Tests.Lab;
using static PbxGrains.Front.Tests.Board.CallLab;
using static PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Board;

public sealed class MissedPageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        _ = await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task Callers_are_listed_once_with_how_often_until_somebody_speaks_with_them()
    {
        await _front.RecordAsync(Missed("paris", "1", "0612345678", 30), Missed("paris", "2", "0612345678", 20), Missed("paris", "3", "0611111111", 10), Missed("lyon", "4", null, 5), Missed("lyon", "5", null, 4));
        await using var reader = await browser.SignInAsync(_front);
        _ = await reader.Page.GotoAsync("/missed");
        await Assertions.Expect(reader.Page.Locator("live-state")).ToContainTextAsync("Live");
        async Task<IEnumerable<string>> ListedAsync() => (await reader.Page.Locator("tbody tr").AllAsync()).Select(row => row.Locator(".caller").TextContentAsync().Result + " " + row.Locator(".often").TextContentAsync().Result);

        (await ListedAsync()).Should().Equal("Withheld number 1", "Withheld number 1", "0611111111 1", "0612345678 2");
        await _front.RecordAsync(Missed("paris", "6", "0622222222", 1));
        await Assertions.Expect(reader.Page.Locator("[data-caller='0622222222']")).ToBeVisibleAsync();
        await _front.RecordAsync(Outbound("paris", "7", "0612345678", "+33612345678").Ago(0));
        await Assertions.Expect(reader.Page.Locator("[data-caller='0612345678']")).ToHaveCountAsync(0);

        await reader.Page.SelectOptionAsync("[name=site]", "paris");
        await reader.Page.ClickAsync("form.missed-filters [type=submit]");
        await Reader.ArriveAsync(reader.Page, "site=paris");
        (await ListedAsync()).Should().Equal("0622222222 1", "0611111111 1");
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task A_click_calls_back_from_the_extension_that_was_used_last()
    {
        await _front.RecordAsync(Missed("paris", "1", "0612345678", 30), Missed("paris", "2", "0611111111", 20));
        await using var reader = await browser.SignInAsync(_front, await _front.KeyAsync(Scope.Operate));
        _ = await reader.Page.GotoAsync("/missed");

        await reader.Page.ClickAsync("[data-call-back='0612345678']");
        await reader.Page.FillAsync("#call-back [name=extension]", "4002");
        await reader.Page.PressAsync("#call-back [name=extension]", "Enter");

        var told = reader.Page.Locator("#call-back .told");
        await Assertions.Expect(told).ToContainTextAsync("Extension 4002 rings: pick up, and 0612345678 is dialled.");
        await Assertions.Expect(told.Locator("a")).ToHaveAttributeAsync("href", "/calls/paris/1700000000.1");
        var request = _front.Site("paris").Originates.Should().ContainSingle().Which;
        (request.Extension.Value, request.Destination).Should().Be(("4002", "0612345678"));
        request.IdempotencyKey.Should().HaveLength(32);

        await Assertions.Expect(reader.Page.Locator("#call-back [type=submit]")).ToBeDisabledAsync();
        await reader.Page.ClickAsync("#call-back [data-part=close]");
        await reader.Page.ClickAsync("[data-call-back='0611111111']");
        await Assertions.Expect(reader.Page.Locator("#call-back [name=extension]")).ToHaveValueAsync("4002");
        await Assertions.Expect(told).ToBeEmptyAsync();
        await Assertions.Expect(reader.Page.Locator("#call-back [type=submit]")).ToBeEnabledAsync();
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task What_came_of_a_call_back_is_told_as_it_is()
    {
        await _front.RecordAsync(Missed("paris", "1", "0612345678", 30));
        await using var reader = await browser.SignInAsync(_front, await _front.KeyAsync(Scope.Operate), language: "fr");
        _ = await reader.Page.GotoAsync("/missed");
        await reader.Page.ClickAsync("[data-call-back]");
        await reader.Page.FillAsync("#call-back [name=extension]", "4002");
        var told = reader.Page.Locator("#call-back .told");
        async Task SubmitAsync() => await reader.Page.ClickAsync("#call-back [type=submit]");

        _front.Site("paris").Outcome = () => Outcome(OriginateState.Refused, OriginateRefusal.ExtensionBusy);
        await SubmitAsync();
        await Assertions.Expect(told).ToContainTextAsync("Le poste est en communication");

        _front.Site("paris").Outcome = () => Outcome(OriginateState.Unknown, refusal: null);
        await SubmitAsync();
        await Assertions.Expect(told).ToContainTextAsync("La réponse du PBX s’est perdue");

        await reader.SetOfflineAsync(offline: true);
        await SubmitAsync();
        await Assertions.Expect(told).ToContainTextAsync("on ne sait pas si l’appel a été lancé");
        await reader.SetOfflineAsync(offline: false);

        var keys = _front.Site("paris").Originates.Select(request => request.IdempotencyKey).ToList();
        keys.Should().HaveCount(2).And.OnlyHaveUniqueItems("each answer that is known ends its request");
    }

    [Fact]
    public async Task After_a_lost_answer_the_same_call_is_asked_for_not_a_second_one()
    {
        await _front.RecordAsync(Missed("paris", "1", "0612345678", 30));
        await using var reader = await browser.SignInAsync(_front, await _front.KeyAsync(Scope.Operate));
        var lose = true;
        await reader.Page.RouteAsync("**/api/pbx/sites/paris/calls", async route =>
        {
            if (lose)
            {
                _ = await route.FetchAsync();
                lose = false;
                await route.AbortAsync();
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        _ = await reader.Page.GotoAsync("/missed");
        await reader.Page.ClickAsync("[data-call-back]");
        await reader.Page.FillAsync("#call-back [name=extension]", "4002");

        await reader.Page.ClickAsync("#call-back [type=submit]");
        await Assertions.Expect(reader.Page.Locator("#call-back .told")).ToContainTextAsync("No answer came");
        await reader.Page.ClickAsync("#call-back [type=submit]");
        await Assertions.Expect(reader.Page.Locator("#call-back .told")).ToContainTextAsync("rings");

        _front.Site("paris").Originates.Select(request => request.IdempotencyKey).Distinct().Should().ContainSingle();
        _front.Site("paris").Originates.Should().HaveCount(2);
    }

    [Fact]
    public async Task Who_may_only_look_finds_no_button()
    {
        await _front.RecordAsync(Missed("paris", "1", "0612345678", 30));
        await using var reader = await browser.SignInAsync(_front, await _front.KeyAsync(Scope.Read));

        _ = await reader.Page.GotoAsync("/missed");

        await Assertions.Expect(reader.Page.Locator("[data-caller='0612345678']")).ToBeVisibleAsync();
        await Assertions.Expect(reader.Page.Locator("[data-call-back], #call-back")).ToHaveCountAsync(0);
        reader.Troubles.Should().BeEmpty();
    }

    private static OriginateOutcome Outcome(OriginateState state, OriginateRefusal? refusal) => new() { OriginateId = Guid.NewGuid(), State = state, Refusal = refusal };
}
