using System.Net;
using System.Text.Json;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Cdrs;
using static PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Cdrs;

public sealed class CallHistoryTests : IAsyncLifetime
{
    private FrontLab _front = null!;

    public async ValueTask InitializeAsync() => _front = await FrontLab.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task A_record_is_told_with_everything_it_says()
    {
        await _front.RecordAsync(Inbound("paris", "1782900000.1"));

        var record = (await _front.GetAsync("/api/pbx/cdrs")).GetProperty("items").EnumerateArray().Single();

        var id = record.GetProperty("recordId").GetInt64();
        id.Should().BePositive();
        JsonElement.DeepEquals(record, JsonSerializer.Deserialize<JsonElement>($$"""
            {"recordId":{{id}},"site":"paris","callId":"1782900000.1","startedAt":"2026-07-01T10:00:00+00:00","startWallClock":"2026-07-01T12:00:00",
             "totalSeconds":50,"ringSeconds":8,"talkSeconds":42,"direction":"inbound","rawType":"Inbound","caller":"0612345678","callerE164":"+33612345678",
             "callee":"6200(4002)","calleeE164":null,"calledGroup":"6200","answeredBy":"4002","did":"+33140000000","sourceTrunk":"carrier","destinationTrunk":null,
             "disposition":"answered","rawStatus":"ANSWERED",
             "recording":{"id":"69f0859fa28425acccecb9db39860b18","name":"20260701-4002.wav","url":"/api/pbx/recordings/69f0859fa28425acccecb9db39860b18"},
             "extensions":["4002"],"agentId":null,"reference":null,"source":"push","firstSource":"push","firstSeenAt":"2026-07-01T10:01:00+00:00",
             "pushedAt":"2026-07-01T10:01:00+00:00","caughtUpAt":null,"importedAt":null,"revision":0,"anonymisedAt":null}
            """)).Should().BeTrue("{0}", record);
    }

    [Fact]
    public async Task Pages_lead_from_one_to_the_next_whatever_is_recorded_meanwhile()
    {
        // Two records a minute, so that pages end between records of the same start.
        await _front.RecordAsync([.. Enumerable.Range(0, 10).Select(i => Named("paris", $"1.{i}", minute: i / 2))]);

        List<string> read = [];
        for (var route = "/api/pbx/cdrs?site=paris&limit=3&to=2026-07-02"; route is not null;)
        {
            var response = await _front.Admin.SendAsync(HttpMethod.Get, route);
            var link = response.Headers.TryGetValues("Link", out var links) ? links.Single() : null;
            var page = await response.JsonAsync();
            read.AddRange(page.Calls());
            (link is null).Should().Be(page.Text("next") is null);
            route = link?[1..link.IndexOf('>', StringComparison.Ordinal)];
            link?.Should().EndWith(">; rel=\"next\"").And.Contain("site=paris").And.Contain("limit=3").And.Contain("after=" + page.Text("next"));
            await _front.RecordAsync(Named("paris", $"2.{read.Count}", minute: 100 + read.Count));
        }

        read.Should().HaveCount(10).And.OnlyHaveUniqueItems().And.AllSatisfy(call => call.Should().StartWith("1."));
    }

    [Fact]
    public async Task Filters_find_what_they_say()
    {
        await _front.RecordAsync(
            Inbound("paris", "one") with { AgentId = "a-1" },
            Outbound("paris", "two", "0140000001", "+33140000001", minute: 1) with { DestinationTrunk = "sip", TalkSeconds = 60 },
            Named("lyon", "three", minute: 2) with { Disposition = RecordedDisposition.Busy, Direction = RecordedDirection.Internal });

        foreach (var (query, calls) in new (string, string[])[]
        {
            ("", ["three", "two", "one"]),
            ("site=paris", ["two", "one"]),
            ("site=paris,lyon", ["three", "two", "one"]),
            ("site=paris&site=lyon", ["three", "two", "one"]),
            ("site=nowhere", []),
            ("site=No%20Site", []),
            ("from=2026-07-01T10:01:00Z&to=2026-07-01T12:02:00%2B02:00", ["two"]),
            ("from=2026-07-02", []),
            ("to=2026-07-01", []),
            ("extension=4002", ["two", "one"]),
            ("agent=a-1", ["one"]),
            ("direction=INTERNAL", ["three"]),
            ("disposition=busy", ["three"]),
            ("trunk=sip", ["two"]),
            ("minTalkSeconds=43", ["two"]),
            ("hasRecording=true", ["one"]),
            ("hasRecording=false", ["three", "two"]),
            ("callId=two", ["two"]),
        })
        {
            (await _front.GetAsync("/api/pbx/cdrs?" + query)).Calls().Should().Equal(calls, query);
        }
    }

    [Theory]
    [InlineData("sight=paris", "sight")]
    [InlineData("site=", "site")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-07-01T10:00:00", "from")]
    [InlineData("from=2026-07-01T10:00:00+02:00", "from")]
    [InlineData("from=2026-07-02&to=2026-07-01", "to")]
    [InlineData("to=2026-02-30", "to")]
    [InlineData("extension=1&extension=2", "extension")]
    [InlineData("number=%2B", "number")]
    [InlineData("number=", "number")]
    [InlineData("direction=up", "direction")]
    [InlineData("disposition=lost", "disposition")]
    [InlineData("minTalkSeconds=-1", "minTalkSeconds")]
    [InlineData("minTalkSeconds=99999999999", "minTalkSeconds")]
    [InlineData("hasRecording=perhaps", "hasRecording")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("after=garbage", "after")]
    [InlineData("after=AAAAAAAAAAAAAAAAAAAAAAAAAAA", "after")]
    [InlineData("format=xml", "format")]
    public async Task A_parameter_that_cannot_be_used_is_named(string query, string field)
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/cdrs?" + query)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Should().Equal(field);
    }

    [Fact]
    public async Task A_record_shows_the_PBXs_own_words_and_how_it_changed()
    {
        var told = Inbound("paris", "1.1") with { TalkSeconds = null, Recording = null };
        await _front.RecordAsync(told);
        await _front.RecordAsync(told with { Source = RecordedSource.CatchUp, SeenAt = Noon.AddHours(1), TalkSeconds = 42, Raw = "a,line" });
        var id = (await _front.GetAsync("/api/pbx/cdrs")).GetProperty("items")[0].GetProperty("recordId").GetInt64();

        var record = await _front.GetAsync($"/api/pbx/cdrs/{id}");

        record.GetProperty("recordId").GetInt64().Should().Be(id);
        record.GetProperty("talkSeconds").GetInt32().Should().Be(42);
        record.Text("raw").Should().Be("a,line");
        record.Text("source").Should().Be("catchUp");
        record.Text("firstSource").Should().Be("push");
        var revision = record.GetProperty("revisions").EnumerateArray().Single();
        revision.GetProperty("revision").GetInt32().Should().Be(1);
        revision.Text("source").Should().Be("catchUp");
        revision.GetProperty("before").GetProperty("talkSeconds").ValueKind.Should().Be(JsonValueKind.Null);
        revision.GetProperty("before").Text("caller").Should().Be("0612345678");
        foreach (var unknown in new[] { "999999999", "one", "-1", "99999999999999999999" })
        {
            await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/cdrs/" + unknown)).ProblemAsync(HttpStatusCode.NotFound, "record-unknown");
        }
    }

    [Fact]
    public async Task A_missed_call_is_listed_until_somebody_calls_back()
    {
        CallRecordRow Missed(string callId, int minute, string number) => Inbound("paris", callId, minute) with { Disposition = RecordedDisposition.NoAnswer, Caller = number, CallerE164 = number };
        await _front.RecordAsync(Missed("a", 0, "+33611111111"), Missed("b", 1, "+33622222222"), Missed("c", 2, "+33633333333"));
        var first = await _front.GetAsync("/api/pbx/missed?limit=2");
        first.Calls().Should().Equal("c", "b");
        (await _front.GetAsync("/api/pbx/missed?limit=2&after=" + first.Text("next"))).Calls().Should().Equal("a");

        await _front.RecordAsync(Outbound("lyon", "back", "0622222222", "+33622222222", minute: 5));

        (await _front.GetAsync("/api/pbx/missed?site=paris")).Calls().Should().Equal("c", "a");
        (await _front.GetAsync("/api/pbx/missed?number=%2B33633333333")).Calls().Should().Equal("c");
        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/missed?direction=outbound")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("/api/pbx/cdrs")]
    [InlineData("/api/pbx/cdrs/1")]
    [InlineData("/api/pbx/missed")]
    [InlineData("/api/pbx/calls/1.1")]
    [InlineData("/api/pbx/sites/paris/completeness")]
    public async Task Nobody_reads_without_a_key(string route) =>
        await (await _front.Anonymous.SendAsync(HttpMethod.Get, route)).ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
}
