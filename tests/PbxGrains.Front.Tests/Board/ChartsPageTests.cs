using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PbxGrains.Front.Board.Charts;
using PbxGrains.Front.Tests.Cdrs;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Cdrs;
using static PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Board;

public sealed partial class ChartsPageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        _ = await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task Charts_and_tables_say_what_the_API_says()
    {
        await _front.RecordAsync(
            Inbound("paris", "1"), Inbound("paris", "1", minute: 2), Inbound("lyon", "2", minute: 3) with { Disposition = RecordedDisposition.NoAnswer }, Outbound("paris", "3", "0611111111", null));
        await using var reader = await browser.SignInAsync(_front, zone: "Europe/Paris");

        _ = await reader.Page.GotoAsync("/charts?span=custom&from=2026-07-01&to=2026-07-01");

        var total = (await _front.GetAsync("/api/pbx/statistics?from=2026-07-01&to=2026-07-02&zone=Europe/Paris&direction=inbound")).GetProperty("total");
        (await reader.Page.Locator(".tiles dd").First.TextContentAsync()).Should().Be(total.GetProperty("calls").ToString()).And.Be("2");
        await reader.Page.Locator(".chart-table summary").First.ClickAsync();
        var noon = reader.Page.Locator(".chart-table").First.Locator("tbody tr").Nth(12);
        (await noon.Locator("th, td").AllTextContentsAsync()).Should().Equal("Wed 1 Jul 12:00", "1", "1", "2");
        (await reader.Page.Locator(".moment .bar").CountAsync()).Should().Be(2);
        (await reader.Page.Locator("table.sites tbody th").AllTextContentsAsync()).Should().Equal("lyon", "Paris");

        await reader.Page.SelectOptionAsync("[name=direction]", "outbound");
        await Reader.ArriveAsync(reader.Page, "direction=outbound");
        await Assertions.Expect(reader.Page.Locator(".tiles dd").First).ToHaveTextAsync("1");
        await Assertions.Expect(reader.Page.Locator("#answer-title")).ToHaveCountAsync(0);
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task A_site_has_its_own_clock_and_a_span_that_cannot_be_used_is_told()
    {
        await using var reader = await browser.SignInAsync(_front, zone: "America/New_York");

        _ = await reader.Page.GotoAsync("/charts");
        await Assertions.Expect(reader.Page.Locator("#charts > .hint")).ToContainTextAsync("America/New_York");
        _ = await reader.Page.GotoAsync("/charts?site=paris");
        await Assertions.Expect(reader.Page.Locator("#charts > .hint")).ToContainTextAsync("Europe/Paris");
        foreach (var wrong in new[] { "from=2026-07-02&to=2026-07-01", "from=&to=", "from=2020-01-01&to=2026-01-01", "from=x&to=2026-01-01" })
        {
            _ = await reader.Page.GotoAsync("/charts?span=custom&" + wrong);
            await Assertions.Expect(reader.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        }

        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task Charts_of_today_grow_while_they_are_looked_at()
    {
        await using var reader = await browser.SignInAsync(_front);
        _ = await reader.Page.GotoAsync("/charts");
        await Assertions.Expect(reader.Page.Locator("live-state")).ToContainTextAsync("Live");

        await _front.RecordAsync(Inbound("paris", "1").Ago(0));

        await Assertions.Expect(reader.Page.Locator(".tiles dd").First).ToHaveTextAsync("1", new() { Timeout = 30_000 });
        reader.Troubles.Should().BeEmpty();
    }

    [Theory]
    [InlineData("en", 1440, 900, ColorScheme.Light)]
    [InlineData("fr", 1440, 900, ColorScheme.Dark)]
    [InlineData("fr", 390, 844, ColorScheme.Light)]
    public async Task The_charts_are_readable_for_everybody(string language, int width, int height, ColorScheme scheme)
    {
        await _front.SqlAsync("""
            INSERT INTO pbx.call_record (site_id, call_id, identity, start_wall_clock, started_at, total_seconds, ring_seconds, talk_seconds, direction, disposition, caller, extensions, pushed_at, exact_fields)
            SELECT site, i || site, sha256((site || i)::bytea), at, at AT TIME ZONE 'UTC', ring + talk, ring, talk, 'inbound', outcome, '0612345678', ARRAY['4002'], now(), 0
            FROM (SELECT i, (ARRAY['paris', 'lyon', 'lille', 'brest', 'nice'])[1 + floor(5 * power(abs(sin(i * 7.7)), 2))::int % 5] AS site,
                    date_trunc('day', now() AT TIME ZONE 'UTC') - (i % 30) * interval '1 day' + interval '13 hours' + (3.4 * sin(i * 3.1) + 2.6 * sin(i * 17.3)) * interval '1 hour' AS at,
                    CASE WHEN i % 11 < 7 THEN 'answered' ELSE (ARRAY['noAnswer', 'voicemail', 'busy', 'failed'])[1 + (i / 3) % 4] END AS outcome,
                    (5 + 14 * abs(sin(i * 1.3)) + 6 * abs(cos(i % 24)))::int AS ring, (40 + 200 * abs(sin(i * 2.7)))::int AS talk
                FROM generate_series(1, 9000) AS i) AS calls
            """);
        await using var reader = await browser.SignInAsync(_front, null, language, width, height, scheme);

        foreach (var span in new[] { "today", "7d", "30d", "custom" })
        {
            _ = await reader.Page.GotoAsync($"/charts?span={span}&from=2026-07-01&to=2026-07-01");
            await Assertions.Expect(reader.Page.Locator(".live-dot")).ToHaveAttributeAsync("data-state", "connected");
            (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty("of {0}", span);
            (await reader.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).Should().BeTrue("{0} fits the screen", span);
            await Reader.PictureAsync(reader.Page, $"charts-{span}-{language}-{width}-{scheme}".ToLowerInvariant());
        }

        _ = await reader.Page.GotoAsync("/charts?span=30d");
        (await reader.Page.Locator("svg [style], main [style]").CountAsync()).Should().Be(0);
        await reader.Page.Locator(".chart-table summary").First.ClickAsync();
        await reader.Page.Locator("table.sites").ScrollIntoViewIfNeededAsync();
        await Reader.PictureAsync(reader.Page, $"charts-below-{language}-{width}-{scheme}".ToLowerInvariant());
        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
        Overflowing().IsMatch(await reader.Page.ContentAsync()).Should().BeFalse("no number of a chart is not a number");
        reader.Troubles.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(4, 1, 4)]
    [InlineData(7, 2, 8)]
    [InlineData(101, 50, 150)]
    [InlineData(4999, 1000, 5000)]
    public void A_scale_ends_at_a_round_number(long most, long step, long top) => ChartScale.OfCounts(most).Should().Be(new ChartScale(step, top));

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(23, 5, 25)]
    [InlineData(70, 15, 75)]
    [InlineData(20_000, 3600 * 2, 3600 * 6)]
    public void A_scale_of_time_ends_at_round_minutes(long most, long step, long top) => ChartScale.OfSeconds(most).Should().Be(new ChartScale(step, top));

    [GeneratedRegex("NaN|∞|Infinity", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Overflowing();
}
