using Microsoft.Playwright;
using PbxGrains.Front.Tests.Cdrs;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;
using static PbxGrains.Front.Tests.Board.CallLab;
using static PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Board;

public sealed class CallsPageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Evil = "<img src=x onerror=document.title='hacked'>";

    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        _ = await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Theory]
    [InlineData("number=06+12+34+56+78")]
    [InlineData("direction=outbound")]
    [InlineData("disposition=noAnswer&site=paris")]
    [InlineData("extension=4002&minTalkSeconds=10")]
    [InlineData("hasRecording=true")]
    [InlineData("agent=nobody")]
    public async Task Filters_find_what_the_API_finds(string filters)
    {
        await _front.RecordAsync(Several());
        await using var reader = await browser.SignInAsync(_front);

        _ = await reader.Page.GotoAsync("/calls?from=&" + filters);

        var expected = (await _front.GetAsync("/api/pbx/cdrs?" + filters)).GetProperty("items").EnumerateArray().Select(record => record.GetProperty("recordId").ToString()).ToList();
        (await reader.Page.Locator("[data-record]").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.record)")).Should().Equal(expected);
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task Filters_are_typed_and_days_are_the_readers()
    {
        await _front.RecordAsync(
            Inbound("paris", "in") with { StartedAt = new(2026, 6, 30, 22, 30, 0, TimeSpan.Zero) },
            Inbound("paris", "out", minute: 1) with { StartedAt = new(2026, 7, 1, 22, 30, 0, TimeSpan.Zero) });
        await using var reader = await browser.SignInAsync(_front, zone: "Europe/Paris");

        _ = await reader.Page.GotoAsync("/calls");
        await reader.Page.FillAsync("[name=from]", "2026-07-01");
        await reader.Page.FillAsync("[name=to]", "2026-07-01");
        await reader.Page.ClickAsync("form.call-filters [type=submit]");

        await Assertions.Expect(reader.Page.Locator("tbody .when a")).ToHaveAttributeAsync("href", "/calls/paris/in");
        reader.Page.Url.Should().EndWith("?from=2026-07-01&to=2026-07-01");
        await Assertions.Expect(reader.Page.Locator(".zone")).ToContainTextAsync("Europe/Paris");
    }

    [Fact]
    public async Task What_a_filter_cannot_use_is_told_beside_it()
    {
        await using var reader = await browser.SignInAsync(_front);

        _ = await reader.Page.GotoAsync("/calls?number=%3F&minTalkSeconds=long&from=2026-07-02&to=2026-07-01");

        foreach (var name in new[] { "number", "minTalkSeconds", "to" })
        {
            await Assertions.Expect(reader.Page.Locator($"#{name}-error")).ToBeVisibleAsync();
            await Assertions.Expect(reader.Page.Locator($"[name={name}]")).ToHaveAttributeAsync("aria-invalid", "true");
        }

        await Assertions.Expect(reader.Page.Locator("tbody")).ToHaveCountAsync(0);
        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
    }

    [Fact]
    public async Task Pages_lead_back_and_forth_without_losing_a_record()
    {
        await _front.FillAsync("paris", 120);
        await using var reader = await browser.SignInAsync(_front);
        async Task<string[]> RecordsAsync() => await reader.Page.Locator("[data-record]").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.record)");

        _ = await reader.Page.GotoAsync("/calls?from=");
        var first = await RecordsAsync();
        await reader.Page.ClickAsync("[rel=next]");
        await Reader.ArriveAsync(reader.Page, "after=");
        var second = await RecordsAsync();
        await reader.Page.ClickAsync("[rel=next]");
        await Assertions.Expect(reader.Page.Locator("[data-record]")).ToHaveCountAsync(20);
        var third = await RecordsAsync();

        first.Concat(second).Concat(third).Should().OnlyHaveUniqueItems().And.HaveCount(120);
        await Assertions.Expect(reader.Page.Locator("[rel=next]")).ToHaveCountAsync(0);
        await reader.Page.ClickAsync("[rel=prev]");
        await Reader.ArriveAsync(reader.Page, "newer=");
        (await RecordsAsync()).Should().Equal(second);
        await reader.Page.ClickAsync("[rel=prev]");
        await Assertions.Expect(reader.Page.Locator($"[data-record='{first[0]}']")).ToBeVisibleAsync();
        (await RecordsAsync()).Should().Equal(first);
        await reader.Page.GotoAsync("/calls?from=&after=gone");
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        (await RecordsAsync()).Should().Equal(first);
    }

    [Fact]
    public async Task An_export_holds_what_the_filters_find()
    {
        await _front.RecordAsync(Several());
        await using var reader = await browser.SignInAsync(_front);

        _ = await reader.Page.GotoAsync("/calls?direction=outbound");
        var download = await reader.Page.RunAndWaitForDownloadAsync(() => reader.Page.ClickAsync(".export a:first-of-type"));

        download.SuggestedFilename.Should().EndWith(".csv");
        var lines = (await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(2);
        lines[1].Should().Contain("0698765432");
    }

    [Fact]
    public async Task New_calls_are_announced_and_nothing_moves_until_the_reader_wants()
    {
        await _front.RecordAsync(Inbound("paris", "old").Ago(10));
        await using var reader = await browser.SignInAsync(_front);
        _ = await reader.Page.GotoAsync("/calls?direction=inbound");
        await Assertions.Expect(reader.Page.Locator("live-state")).ToContainTextAsync("Live");

        await _front.RecordAsync(Inbound("paris", "new").Ago(1), Outbound("paris", "other", "0611111111", null).Ago(1));

        var button = reader.Page.Locator("new-calls button");
        await Assertions.Expect(button).ToHaveTextAsync("1 new call");
        await Assertions.Expect(reader.Page.Locator("[data-record]")).ToHaveCountAsync(1);
        await button.ClickAsync();
        await Assertions.Expect(reader.Page.Locator("[data-record]")).ToHaveCountAsync(2);
        await Assertions.Expect(button).ToHaveCountAsync(0);
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task What_strangers_write_stays_text()
    {
        await _front.RecordAsync((Inbound("paris", "x\"><b>") with { Caller = Evil, Callee = Evil, AgentId = Evil, CalledGroup = Evil, Recording = Evil + ".wav" }).Ago(5), Missed("paris", "y", "0612345678", 3) with { Caller = Evil, CallerE164 = null });
        await using var reader = await browser.SignInAsync(_front);

        foreach (var address in new[] { "/calls", "/calls/paris/" + Uri.EscapeDataString("x\"><b>"), "/missed", "/calls?number=" + Uri.EscapeDataString(Evil) })
        {
            _ = await reader.Page.GotoAsync(address);
            await Assertions.Expect(reader.Page.Locator("main img")).ToHaveCountAsync(0);
            (await reader.Page.ContentAsync()).Should().Contain("&lt;img", "{0} shows it", address);
        }

        await reader.Page.GotoAsync("/missed");
        await reader.Page.ClickAsync("[data-call-back]");
        await Assertions.Expect(reader.Page.Locator("#call-back-title")).ToContainTextAsync(Evil);
        (await reader.Page.TitleAsync()).Should().NotBe("hacked");
        reader.Troubles.Should().BeEmpty();
    }

    [Theory]
    [InlineData("en", 1440, 900, ColorScheme.Light)]
    [InlineData("fr", 1440, 900, ColorScheme.Dark)]
    [InlineData("fr", 390, 844, ColorScheme.Light)]
    public async Task The_pages_are_readable_for_everybody(string language, int width, int height, ColorScheme scheme)
    {
        await _front.RecordAsync([.. Several(), .. Enumerable.Range(0, 12).Select(i => Missed("paris", $"m{i}", i % 4 == 3 ? null : $"06000000{i % 3}0", 20 + (i * 7)))]);
        await _front.FetchedAsync(RecordingId.Of("paris", "20260701-4002.wav"));
        await using var reader = await browser.SignInAsync(_front, null, language, width, height, scheme);

        foreach (var (address, name) in new[] { ("/calls", "calls"), ("/calls?extension=4002", "calls-filtered"), ("/calls/paris/a", "call"), ("/missed", "missed"), ("/calls/paris/none", "call-unknown") })
        {
            _ = await reader.Page.GotoAsync(address);
            await Assertions.Expect(reader.Page.Locator(".live-dot")).ToHaveAttributeAsync("data-state", "connected");
            (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty("on {0}", address);
            (await reader.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).Should().BeTrue("{0} fits the screen", address);
            await Reader.PictureAsync(reader.Page, $"{name}-{language}-{width}-{scheme}".ToLowerInvariant());
        }

        await reader.Page.GotoAsync("/missed");
        await reader.Page.ClickAsync("[data-call-back] >> nth=0");
        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
        await Reader.PictureAsync(reader.Page, $"call-back-{language}-{width}-{scheme}".ToLowerInvariant());
        reader.Troubles.Where(trouble => !trouble.Contains("404", StringComparison.Ordinal)).Should().BeEmpty("the one page that is not there says so");
    }

    private static CallRecordRow[] Several() =>
    [
        Inbound("paris", "a").Ago(5),
        (Inbound("paris", "a") with { Caller = "4002", CallerE164 = null, Callee = "1001", CalledGroup = null, AnsweredBy = null, Direction = RecordedDirection.Internal, Extensions = ["1001", "4002"], Recording = null, Source = RecordedSource.CatchUp }).Ago(4),
        Missed("paris", "b", "0612345678", 7),
        (Outbound("paris", "c", "0698765432", "+33698765432") with { TotalSeconds = 190, RingSeconds = 6, TalkSeconds = 184, AgentId = "agent-7" }).Ago(9),
        (Inbound("lyon", "d") with { Disposition = RecordedDisposition.Voicemail, Recording = null }).Ago(11),
        (Inbound("lyon", "e") with { Disposition = RecordedDisposition.Busy, Caller = null, CallerE164 = null, Recording = null, TalkSeconds = null, RingSeconds = null }).Ago(60 * 30),
        (Outbound("paris", "f", "118218", null) with { Disposition = RecordedDisposition.Failed, Direction = RecordedDirection.Unknown }).Ago(60 * 50),
    ];
}
