using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PbxGrains.Contracts.Events;
using PbxGrains.Front.Events;
using PbxGrains.Front.Tests.Cdrs;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Recordings;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Events;

public sealed class EventsTests : IAsyncLifetime
{
    private FrontLab _front = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _front = await FrontLab.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task What_happens_is_streamed_as_a_cloud_event()
    {
        await using var reader = await StreamReading.OpenAsync(_front.Admin);

        await AppendAsync(Ringing("1001"));

        var (type, id, json) = await reader.NextAsync();
        type.Should().Be(EventTypes.CallRinging);
        EventCursor.TryParse(id, out _).Should().BeTrue();
        json.GetProperty("specversion").GetString().Should().Be("1.0");
        json.GetProperty("source").GetString().Should().Be("/api/pbx/sites/paris");
        json.GetProperty("subject").GetString().Should().Be("calls/1.1");
        json.GetProperty("cursor").GetString().Should().Be(id);
        json.GetProperty("callsequence").GetInt32().Should().Be(1);
        json.GetProperty("agentid").GetString().Should().Be("agent-1001");
        json.GetProperty("data").GetProperty("extension").GetString().Should().Be("1001");
    }

    [Fact]
    public async Task A_reader_that_breaks_off_again_and_again_gets_every_event_once()
    {
        var writing = Task.Run(async () =>
        {
            foreach (var number in Enumerable.Range(0, 300))
            {
                await AppendAsync(Ringing($"{number}"));
            }
        }, Ct);
        var seen = new List<string>();
        var at = "beginning";

        while (seen.Count < 300)
        {
            await using var reader = await StreamReading.OpenAsync(_front.Admin, at == "beginning" ? "?after=beginning" : "", at == "beginning" ? null : at);
            foreach (var (_, id, json) in await reader.NextAsync(Math.Min(1 + (seen.Count % 7), 300 - seen.Count)))
            {
                seen.Add(json.GetProperty("data").GetProperty("extension").GetString()!);
                at = id;
            }
        }

        await writing;
        seen.Should().Equal(Enumerable.Range(0, 300).Select(number => $"{number}"));
    }

    [Fact]
    public async Task A_reader_far_behind_reads_the_log_and_then_joins_the_others()
    {
        await AppendAsync([.. Enumerable.Range(0, 1700).Select(number => Ringing($"{number}"))]);
        await using var reader = await StreamReading.OpenAsync(_front.Admin, "?after=beginning");

        var old = await reader.NextAsync(1700);
        await AppendAsync(Ringing("new"));

        old.Select(e => e.Id).Should().OnlyHaveUniqueItems();
        (await reader.NextAsync()).Data.GetProperty("data").GetProperty("extension").GetString().Should().Be("new");
    }

    [Theory]
    [InlineData("?site=lyon", "lyon/3003")]
    [InlineData("?agent=agent-2002", "paris/2002")]
    [InlineData("?extension=1001,9", "paris/1001")]
    [InlineData("?type=pbx.site.*", "paris/")]
    [InlineData("?type=pbx.call.ringing&site=paris&extension=2002&extension=3003", "paris/2002")]
    public async Task A_reader_gets_what_it_asks_for(string query, string expected)
    {
        await using var reader = await StreamReading.OpenAsync(_front.Admin, query);

        await AppendAsync(
            Ringing("1001"), Ringing("2002"), Ringing("3003", "lyon"),
            Ringing("") with { Type = EventTypes.SiteHealth, CallId = null, AgentId = null, Extensions = [], Subject = "" });

        var (_, _, json) = await reader.NextAsync();
        $"{json.GetProperty("site").GetString()}/{json.GetProperty("data").GetProperty("extension").GetString()}".Should().Be(expected);
    }

    [Fact]
    public async Task Nobody_is_told_that_nothing_was_missed_when_the_log_no_longer_reaches_back()
    {
        await AppendAsync(Ringing("1001"));
        await SqlAsync("UPDATE pbx.event_log SET dropped_era = 1, dropped_tx = '100', dropped_position = 40");

        await using var reader = await StreamReading.OpenAsync(_front.Admin, lastEventId: "1-50-1");
        var (type, _, gap) = await reader.NextAsync();

        type.Should().Be("gap");
        gap.GetProperty("requested").GetString().Should().Be("1-50-1");
        gap.GetProperty("resumesAt").GetString().Should().Be("1-100-40");
        gap.GetProperty("message").GetString().Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_cursor_of_another_log_is_a_gap_too()
    {
        await using var reader = await StreamReading.OpenAsync(_front.Admin, lastEventId: "7-1-1");

        (await reader.NextAsync()).Type.Should().Be("gap");
        await AppendAsync(Ringing("1001"));
        (await reader.NextAsync()).Type.Should().Be(EventTypes.CallRinging);
    }

    [Fact]
    public async Task The_tail_goes_on_after_the_database_was_away()
    {
        await using var reader = await StreamReading.OpenAsync(_front.Admin);
        await AppendAsync(Ringing("before"));
        await reader.NextAsync();

        await SqlAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await Eventually.Holds(() => TryAppendAsync(Ringing("after")), "the database to take events again");

        (await reader.NextAsync()).Data.GetProperty("data").GetProperty("extension").GetString().Should().Be("after");
    }

    [Fact]
    public async Task The_same_events_can_be_read_in_pages()
    {
        await AppendAsync([.. Enumerable.Range(0, 250).Select(number => Ringing($"{number}"))]);
        await Eventually.Holds(async () => (await Service<EventReader>().ReadAsync(EventCursor.Beginning, 500, Ct)).Events.Count == 250, "the events to settle");

        var seen = new List<string>();
        var after = "beginning";
        while (await _front.Admin.GetFromJsonAsync<JsonElement>($"/api/pbx/events/page?after={after}&limit=40", Ct) is var page && page.GetProperty("items").GetArrayLength() > 0)
        {
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("data").GetProperty("extension").GetString()!));
            after = page.GetProperty("next").GetString()!;
        }

        seen.Should().Equal(Enumerable.Range(0, 250).Select(number => $"{number}"));
    }

    [Fact]
    public async Task A_record_and_its_recording_are_told_with_what_their_schemas_promise()
    {
        await using var reader = await StreamReading.OpenAsync(_front.Admin);
        await Ledger.RecordAsync(_front, Ledger.Inbound("paris", "1782900000.1"));
        await _front.Service<RecordingCatalogue>().ReadyAsync(
            RecordingId.Of("paris", "20260701-4002.wav"), new FetchedRecording(Bytes: 44, new byte[32], "audio/wav", DurationSeconds: 42), Ledger.Noon, Ct);

        foreach (var (told, part) in new[] { (await reader.NextAsync(), "record"), (await reader.NextAsync(), "recording") })
        {
            var schema = EventSchemas.Of(told.Type)!["properties"]![part]!["properties"]!.AsObject();
            told.Data.GetProperty("data").GetProperty(part).EnumerateObject().Select(property => property.Name).Should().BeEquivalentTo(schema.Select(property => property.Key));
        }
    }

    [Theory]
    [InlineData("?after=yesterday")]
    [InlineData("?sites=paris")]
    [InlineData("?site=")]
    public async Task A_question_that_cannot_be_understood_is_refused(string query)
    {
        await (await _front.Admin.GetAsync("/api/pbx/events" + query, Ct)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Without_a_key_nothing_is_streamed()
    {
        await (await _front.Anonymous.GetAsync("/api/pbx/events", Ct)).ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Every_type_has_a_schema_that_anybody_may_read()
    {
        var types = typeof(EventTypes).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();

        EventSchemas.Types.Should().BeEquivalentTo(types);
        foreach (var type in types)
        {
            var schema = await _front.Anonymous.GetFromJsonAsync<JsonElement>(EventSchemas.AddressOf(type), Ct);
            schema.GetProperty("title").GetString().Should().Be(type);
            schema.GetProperty("properties").EnumerateObject().Should().NotBeEmpty();
        }

        (await _front.Anonymous.GetAsync(EventSchemas.AddressOf("pbx.unheard.of"), Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private T Service<T>()
        where T : notnull => _front.Service<T>();

    private Task AppendAsync(params EventRow[] events) => Service<EventLog>().AppendAsync(events, Ct);

    private async Task<bool> TryAppendAsync(EventRow row)
    {
        try
        {
            await AppendAsync(row);
            return true;
        }
        catch (EventLogUnavailableException)
        {
            return false;
        }
    }

    private async Task SqlAsync(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(_front.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static EventRow Ringing(string extension, string site = "paris") => new()
    {
        Id = Guid.CreateVersion7(),
        Type = EventTypes.CallRinging,
        SiteId = site,
        Subject = "calls/1.1",
        OccurredAt = DateTimeOffset.UtcNow,
        CallId = "1.1",
        AgentId = $"agent-{extension}",
        Extensions = [extension],
        Data = $$"""{"extension": "{{extension}}"}""",
    };
}
