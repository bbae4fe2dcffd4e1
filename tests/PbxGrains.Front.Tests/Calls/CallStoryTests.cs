using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;
using static PbxGrains.Front.Tests.Cdrs.Ledger;
using Records = PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Calls;

public sealed class CallStoryTests : IAsyncLifetime
{
    private const string Call = "1782900000.1";

    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        await _front.RegisterAsync("paris");
        await _front.RegisterAsync("lyon");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task A_call_dialled_here_is_told_from_the_wish_to_the_record_and_its_change()
    {
        var originate = await DialledAsync("paris", Call);
        var record = Outbound("paris", Call, "0612345678", "+33612345678") with { TotalSeconds = 60, TalkSeconds = 50, Recording = "a.wav", Reference = "R1" };
        await Records.RecordAsync(_front, record);
        await Records.RecordAsync(_front, record with { Source = RecordedSource.CatchUp, SeenAt = Noon.AddMinutes(20), TalkSeconds = 48 });

        var story = await _front.GetAsync("/api/pbx/calls/" + Call);

        (story.Text("callId"), story.Text("site")).Should().Be((Call, "paris"));
        story.GetProperty("startedAt").GetDateTimeOffset().Should().Be(Noon);
        story.GetProperty("records").EnumerateArray().Single().Text("calleeE164").Should().Be("+33612345678");
        story.GetProperty("recordings").EnumerateArray().Single().Text("name").Should().Be("a.wav");
        story.GetProperty("originate").GetProperty("originateId").GetGuid().Should().Be(originate);
        story.GetProperty("originate").Text("state").Should().Be("accepted");
        story.GetProperty("live").ValueKind.Should().Be(JsonValueKind.Null);
        var told = story.GetProperty("timeline").EnumerateArray().ToList();
        told.Select(entry => $"{(entry.GetProperty("at").GetDateTimeOffset() - Noon).TotalSeconds} {entry.Text("kind")} {entry.Text("source")}").Should().StartWith(
            ["-5 originateRequested api", "-4 originateAccepted api", "0 ringing catchUp", "12 answered catchUp", "60 ended catchUp", "60 recorded push", "1200 recorded catchUp"]);
        told.Should().HaveCount(8);
        told.Should().ContainSingle(entry => entry.Text("kind") == "revised").Which.Text("text").Should().Be("The record changed: talkSeconds.");
        told.Should().AllSatisfy(entry => (entry.Text("extension"), entry.Text("party")).Should().BeOneOf(("4002", "+33612345678"), ("4002", "0612345678")));
    }

    [Fact]
    public async Task A_call_that_runs_is_told_before_any_record_of_it()
    {
        _front.Site("lyon").Call = id => id.Value != Call ? null : new CallView
        {
            Site = SiteId.Parse("lyon"),
            CallId = id,
            State = CallState.OnHold,
            Direction = CallDirection.Inbound,
            Caller = "0612345678",
            Callee = "1001",
            StartedAt = Noon,
            AnsweredAt = Noon.AddSeconds(5),
            ConfirmedAt = Noon.AddSeconds(30),
            Legs = [new LegView { Kind = LegKind.Inbound, Number = "0612345678", State = LegState.Talking }, new LegView { Kind = LegKind.Extension, Number = "1001", State = LegState.OnHold }],
        };

        var story = await _front.GetAsync("/api/pbx/calls/" + Call);

        story.Text("site").Should().Be("lyon");
        story.GetProperty("records").GetArrayLength().Should().Be(0);
        story.GetProperty("live").Text("state").Should().Be("onHold");
        story.GetProperty("timeline").EnumerateArray().Select(entry => entry.Text("kind")).Should().Equal("ringing", "answered", "held");

        await Records.RecordAsync(_front, Inbound("lyon", Call));
        (await _front.GetAsync("/api/pbx/calls/" + Call)).GetProperty("timeline").EnumerateArray().Select(entry => $"{entry.Text("kind")} {entry.Text("source")}")
            .Should().Equal("ringing push", "answered push", "held live", "ended push", "recorded push");

        _front.Site("lyon").Call = _ => throw new TimeoutException();
        (await _front.GetAsync("/api/pbx/calls/" + Call)).GetProperty("timeline").EnumerateArray().Select(entry => entry.Text("kind"))
            .Should().Equal(["ringing", "answered", "ended", "recorded"], "records are told also when the actor cannot be asked");
    }

    [Fact]
    public async Task The_recording_of_a_call_is_part_of_its_story()
    {
        await Records.RecordAsync(_front, Inbound("paris", Call), Inbound("paris", Call, minute: 1) with { Recording = "lost.wav" });
        var catalogue = _front.Service<RecordingCatalogue>();
        var (ready, lost) = (RecordingId.Of("paris", "20260701-4002.wav"), RecordingId.Of("paris", "lost.wav"));
        await catalogue.ReadyAsync(ready, new FetchedRecording(Bytes: 44, SHA256.HashData([]), "audio/wav", DurationSeconds: 42), Noon.AddMinutes(3), TestContext.Current.CancellationToken);
        await catalogue.BeginAsync(lost, Noon.AddMinutes(4), Noon.AddMinutes(5), TestContext.Current.CancellationToken);
        await catalogue.SetBackAsync(lost, new RecordingSetback(RecordingState.Absent, RecordingReason.DeletedOnPbx, "The PBX deleted it.", NextTryAt: null, Refused: true), TestContext.Current.CancellationToken);

        var story = await _front.GetAsync("/api/pbx/calls/" + Call);

        story.GetProperty("recordings").EnumerateArray().Select(recording => $"{recording.Text("id")} {recording.Text("state")}")
            .Should().BeEquivalentTo($"{ready} ready", $"{lost} absent");
        story.GetProperty("timeline").EnumerateArray().Where(entry => entry.Text("source") == "vault")
            .Select(entry => $"{(entry.GetProperty("at").GetDateTimeOffset() - Noon).TotalMinutes} {entry.Text("kind")} {entry.Text("text")}")
            .Should().Equal("3 recordingReady The recording can be listened to.", "4 recordingAbsent The PBX deleted it.");
    }

    [Fact]
    public async Task An_id_that_two_sites_gave_needs_the_site()
    {
        await Records.RecordAsync(_front, Inbound("paris", Call), Inbound("gone", Call, minute: 1));

        var problem = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/calls/" + Call)).ProblemAsync(HttpStatusCode.Conflict, "call-ambiguous");

        problem.GetProperty("sites").EnumerateArray().Select(site => site.GetString()).Should().Equal("gone", "paris");
        (await _front.GetAsync($"/api/pbx/calls/{Call}?site=gone")).GetProperty("startedAt").GetDateTimeOffset().Should().Be(Noon.AddMinutes(1));
    }

    [Theory]
    [InlineData("1782900000.2")]
    [InlineData("1782900000.1?site=lyon")]
    [InlineData("1782900000.1?site=No%20Site")]
    [InlineData("a%20b'%22")]
    public async Task A_call_nobody_knows_is_unknown(string call)
    {
        await Records.RecordAsync(_front, Inbound("paris", Call));

        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/calls/" + call)).ProblemAsync(HttpStatusCode.NotFound, "call-unknown");
    }

    private async Task<Guid> DialledAsync(string site, string call)
    {
        var originates = new Originates(_front.Service<NpgsqlDataSource>());
        var row = new OriginateRow
        {
            OriginateId = Guid.NewGuid(),
            SiteId = site,
            Extension = "4002",
            Destination = "0612345678",
            RequestHash = [],
            State = OriginateRowState.Dialling,
            CreatedAt = Noon.AddSeconds(-5),
        };
        _ = await originates.BeginAsync(row, TestContext.Current.CancellationToken);
        await originates.CompleteAsync(row.OriginateId, OriginateRowState.Accepted, call, null, null, null, Noon.AddSeconds(-4), TestContext.Current.CancellationToken);
        return row.OriginateId;
    }
}
