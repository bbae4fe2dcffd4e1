using Microsoft.Playwright;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Tests.Cdrs;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Recordings;
using static PbxGrains.Front.Tests.Board.CallLab;
using static PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Board;

public sealed class CallPageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Call = "1782900000.1";

    private FrontLab _front = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        _ = await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task A_recording_plays_to_its_end()
    {
        await _front.RecordAsync(Inbound("paris", Call).Ago(5));
        await _front.FetchedAsync(RecordingId.Of("paris", "20260701-4002.wav"));
        await using var reader = await browser.SignInAsync(_front);
        _ = await reader.Page.GotoAsync($"/calls/paris/{Call}");

        var played = await reader.Page.Locator("audio").EvaluateAsync<double>("""
            audio => new Promise((resolve, reject) => {
              audio.addEventListener('ended', () => resolve(audio.currentTime));
              audio.addEventListener('error', () => reject(new Error('error ' + audio.error?.message)));
              audio.muted = true;
              audio.play().catch(reject);
            })
            """);

        played.Should().BeApproximately(0.5, 0.1);
        var download = await reader.Page.RunAndWaitForDownloadAsync(() => reader.Page.ClickAsync(".recording a[download]"));
        new FileInfo(await download.PathAsync()).Length.Should().Be(44 + 8000);
        reader.Troubles.Should().BeEmpty();
    }

    [Theory]
    [InlineData("en", "The PBX deleted it.", "The PBX cannot be reached.")]
    [InlineData("fr", "Le PBX l’a supprimé.", "Le PBX est injoignable.")]
    public async Task A_recording_that_is_not_there_says_why(string language, string absent, string pending)
    {
        await _front.RecordAsync(Inbound("paris", Call).Ago(9) with { Recording = "a.wav" }, Inbound("paris", Call).Ago(8) with { Recording = "b.wav" }, Inbound("paris", Call).Ago(7) with { Recording = "c.wav" });
        var catalogue = _front.Service<RecordingCatalogue>();
        await catalogue.SetBackAsync(RecordingId.Of("paris", "a.wav"), new RecordingSetback(RecordingState.Absent, RecordingReason.DeletedOnPbx, "Gone.", NextTryAt: null, Refused: true), Ct);
        await catalogue.SetBackAsync(RecordingId.Of("paris", "b.wav"), new RecordingSetback(RecordingState.Pending, RecordingReason.SiteDown, "Down.", DateTimeOffset.UtcNow.AddMinutes(3), Refused: false), Ct);
        await _front.FetchedAsync(RecordingId.Of("paris", "c.wav"));
        await _front.SqlAsync($"UPDATE pbx.recording SET state = 'expired', expired_at = now() WHERE recording_id = '{RecordingId.Of("paris", "c.wav")}'");
        await using var reader = await browser.SignInAsync(_front, language: language);

        _ = await reader.Page.GotoAsync($"/calls/paris/{Call}");

        await Assertions.Expect(reader.Page.Locator("[data-state=absent]")).ToContainTextAsync(absent);
        await Assertions.Expect(reader.Page.Locator("[data-state=absent] audio")).ToHaveCountAsync(0);
        await Assertions.Expect(reader.Page.Locator("[data-state=pending]")).ToContainTextAsync(pending);
        await Assertions.Expect(reader.Page.Locator("[data-state=expired]")).ToContainTextAsync(DateTimeOffset.UtcNow.ToString("yyyy", System.Globalization.CultureInfo.InvariantCulture));
        await reader.Page.Locator("[data-state=pending] audio").EvaluateAsync("audio => { audio.muted = true; audio.play().catch(() => {}); }");
        await Assertions.Expect(reader.Page.Locator("[data-state=pending] .audio-failed")).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task What_happened_is_told_in_French_with_the_request_that_started_it()
    {
        var originate = await DialledAsync();
        await _front.RecordAsync(Outbound("paris", Call, "0612345678", "+33612345678") with { TotalSeconds = 60, RingSeconds = 12, TalkSeconds = 48, Reference = "order-7" });
        await using var reader = await browser.SignInAsync(_front, language: "fr");

        _ = await reader.Page.GotoAsync($"/calls/paris/{Call}");

        (await reader.Page.Locator(".story .said").AllTextContentsAsync()).Should().StartWith([
            "Un appel du poste 4002 vers 0612345678 est demandé", "Le PBX lance l’appel : le poste 4002 sonne d’abord", "Le poste 4002 appelle +33612345678", "+33612345678 décroche", "L’appel se termine"]);
        await Assertions.Expect(reader.Page.Locator("#facts")).ToContainTextAsync(originate.ToString());
        await Assertions.Expect(reader.Page.Locator("#facts")).ToContainTextAsync("order-7");
        (await Reader.ViolationsAsync(reader.Page)).Should().BeEmpty();
        reader.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task A_running_call_is_followed_until_it_is_over_and_a_recording_plays_on_meanwhile()
    {
        var view = new CallView
        {
            Site = SiteId.Parse("paris"),
            CallId = CallId.Parse(Call),
            State = CallState.Talking,
            Direction = CallDirection.Inbound,
            Caller = "0612345678",
            Callee = "4002",
            StartedAt = Now.AddMinutes(-1),
            AnsweredAt = Now.AddSeconds(-50),
            ConfirmedAt = Now,
            Legs = [new LegView { Kind = LegKind.Inbound, Number = "0612345678", State = LegState.Talking }, new LegView { Kind = LegKind.Extension, Number = "4002", State = LegState.Talking }],
        };
        _front.Site("paris").Call = _ => view;
        await using var reader = await browser.SignInAsync(_front);
        _ = await reader.Page.GotoAsync($"/calls/paris/{Call}");
        await Assertions.Expect(reader.Page.Locator("#call-head .badge")).ToHaveTextAsync("Talking");
        await Assertions.Expect(reader.Page.Locator("#call-head time-since")).Not.ToBeEmptyAsync();
        await Assertions.Expect(reader.Page.Locator("live-state")).ToContainTextAsync("Live");
        await reader.Page.EvaluateAsync("document.getElementById('recordings-title').dataset.mark = 'same'");

        await _front.RecordAsync(Inbound("paris", Call).Ago(1));

        await Assertions.Expect(reader.Page.Locator("#call-head .badge")).ToHaveTextAsync("Answered");
        await Assertions.Expect(reader.Page.Locator("#records tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(reader.Page.Locator("[data-state=pending]")).ToBeVisibleAsync();
        await Assertions.Expect(reader.Page.Locator("#no-recording")).ToHaveCountAsync(0);
        await _front.FetchedAsync(RecordingId.Of("paris", "20260701-4002.wav"));
        await Assertions.Expect(reader.Page.Locator("[data-state=ready] audio")).ToBeVisibleAsync();
        (await reader.Page.Locator("#recordings-title").GetAttributeAsync("data-mark")).Should().Be("same", "the page was not loaded again");
        reader.Troubles.Should().BeEmpty();
    }

    private async Task<Guid> DialledAsync()
    {
        var originates = new Originates(_front.Service<NpgsqlDataSource>());
        var row = new OriginateRow
        {
            OriginateId = Guid.NewGuid(),
            SiteId = "paris",
            Extension = "4002",
            Destination = "0612345678",
            RequestHash = [],
            Reference = "order-7",
            State = OriginateRowState.Dialling,
            CreatedAt = Noon.AddSeconds(-5),
        };
        _ = await originates.BeginAsync(row, Ct);
        await originates.CompleteAsync(row.OriginateId, OriginateRowState.Accepted, Call, null, null, null, Noon.AddSeconds(-4), Ct);
        return row.OriginateId;
    }
}
