using System.Text.Json;

namespace PbxGrains.Cli.Tests.Cdrs;

public sealed class CdrListTests
{
    private const string Route = "GET /api/pbx/cdrs";

    // A recoloured screen, a new window title, C1's way of both, a tab and a direction mark.
    private const string Hostile = @"\u001b[2JEve\u001b]0;owned\u0007\u009b31m\t\u202etwo";

    [Theory]
    [InlineData("en_US.UTF-8", "Time (Europe/Paris)", "inbound", "answered")]
    [InlineData("fr_FR.UTF-8", "Heure (Europe/Paris)", "entrant", "répondu")]
    public async Task Call_records_are_rows_in_the_readers_language_and_zone(string language, string time, string direction, string disposition)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, CdrSamples.Page(null, CdrSamples.Answered, CdrSamples.Missed));

        var run = await CommandRun.Of(front, ["cdr", "list"], language, time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        var lines = run.Output.Split('\n');
        lines[0].Should().StartWith(time + "\t");
        lines[1].Split('\t').Should().Equal("2026-11-22 10:30:05+01:00", "paris", direction, "Anne", "6200", "4002", "1:15", "1:02", disposition, "4711");
        lines[2].Split('\t')[7].Should().Be("–", "what is not known is no zero");
        front.Requests.Single().Query.Should().Be("?limit=50");
    }

    [Theory]
    [InlineData("en_US.UTF-8", "no answer")]
    [InlineData("fr_FR.UTF-8", "sans réponse")]
    public async Task On_a_terminal_they_are_a_table(string language, string disposition)
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/missed", 200, CdrSamples.Page(null, CdrSamples.Missed));

        var run = await CommandRun.Of(front, ["cdr", "missed"], language, answers: [], time: FixedTime.InParis);

        run.Output.Should().Contain("│").And.Contain(disposition).And.Contain("2026-11-22 10:30:05+01:00").And.NotContain("\t");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_cannot_write_to_the_terminal(bool atTerminal)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, CdrSamples.Page(null, CdrSamples.Record(1, Hostile, "answered", "1")));

        var run = await CommandRun.Of(front, ["cdr", "list"], answers: atTerminal ? [] : null);

        run.Output.Should().Contain("[2JEve]0;owned31m two");
        run.Output.Where(c => (char.IsControl(c) && c is not ('\n' or '\t')) || c == '\u202e').Should().BeEmpty();
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--ndjson")]
    public async Task Also_as_JSON_a_caller_cannot_write_to_the_terminal(string option)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Route, 200, CdrSamples.Page(null, CdrSamples.Record(1, "Zoé \u009b31m", "answered", "1")))
            .On("GET /api/pbx/cdrs/1", 200, CdrSamples.Record(1, "Zoé \u009b31m", "answered", "1"));

        var list = await CommandRun.Of(front, ["cdr", "list", option]);
        var one = await CommandRun.Of(front, ["cdr", "show", "1", "--json"]);

        foreach (var output in new[] { list.Output, one.Output })
        {
            output.Should().Contain("Zoé").And.NotContain("\u009b");
            output.ToUpperInvariant().Should().Contain("\\U009B31M");
        }
    }

    [Fact]
    public async Task Every_filter_reaches_the_API()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, CdrSamples.Page(null));

        var run = await CommandRun.Of(
            front,
            [
                "cdr", "list", "--site", "paris", "--site", "lyon", "--from", "yesterday", "--to", "2026-11-22T10:30", "--extension", "1001", "--agent", "a 1", "--number", "+33 6 12",
                "--direction", "inbound", "--disposition", "no-answer", "--trunk", "sip&1", "--min-talk", "60", "--with-recording", "--call", "1544613634.107", "--limit", "7",
            ],
            time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        Uri.UnescapeDataString(front.Requests.Single().Query).Should().Be(
            "?site=paris&site=lyon&from=2026-11-20T23:00:00Z&to=2026-11-22T09:30:00Z&extension=1001&agent=a 1&number=+33 6 12&direction=inbound&disposition=noAnswer" +
            "&trunk=sip&1&minTalkSeconds=60&hasRecording=true&callId=1544613634.107&limit=7");
        front.Requests.Single().Query.Should().Contain("%2B33%206%2012").And.Contain("sip%261");
    }

    [Fact]
    public async Task Pages_follow_each_other_until_there_are_enough()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Route, 200, CdrSamples.Page("c+1", CdrSamples.Record(1, "a", "answered", "1"), CdrSamples.Record(2, "b", "answered", "1")))
            .On(Route, 200, CdrSamples.Page("c2", CdrSamples.Record(3, "c", "answered", "1")));

        var run = await CommandRun.Of(front, ["cdr", "list", "--limit", "3"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.TrimEnd().Split('\n').Should().HaveCount(4, "one heading, three records");
        front.Requests.Select(asked => asked.Query).Should().Equal("?limit=3", "?limit=1&after=c%2B1");
        run.Error.Should().Contain("There are more than these 3");
    }

    [Fact]
    public async Task All_means_all()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Route, 200, CdrSamples.Page("c1", CdrSamples.Answered))
            .On(Route, 200, CdrSamples.Page("c2"))
            .On(Route, 200, CdrSamples.Page(null, CdrSamples.Missed));

        var lines = await CommandRun.Of(front, ["cdr", "list", "--all", "--ndjson"]);

        lines.ExitCode.Should().Be(ExitCode.Ok, lines.Everything);
        lines.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("recordId").GetInt64()).Should().Equal(4711, 4710);
        lines.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task Pages_become_one_JSON_object()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Route, 200, CdrSamples.Page("c1", CdrSamples.Answered))
            .On(Route, 200, CdrSamples.Page(null, CdrSamples.Missed));

        var run = await CommandRun.Of(front, ["cdr", "list", "--json"]);

        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("recordId").GetInt64()).Should().Equal(4711, 4710);
        json.RootElement.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("--json", """{"items":[],"next":null}""")]
    [InlineData("--ndjson", "")]
    public async Task No_record_is_valid_JSON_too(string option, string expected)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, CdrSamples.Page(null));

        var run = await CommandRun.Of(front, ["cdr", "list", option]);

        run.Output.TrimEnd().Should().Be(expected);
        run.ExitCode.Should().Be(ExitCode.Ok);
    }

    [Theory]
    [InlineData("en_US.UTF-8", "No call record matches.")]
    [InlineData("fr_FR.UTF-8", "Aucun enregistrement d'appel ne correspond.")]
    public async Task That_there_is_none_is_told_beside_the_result(string language, string expected)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, CdrSamples.Page(null));

        var run = await CommandRun.Of(front, ["cdr", "list"], language);

        run.Error.Should().Contain(expected);
        run.Output.TrimEnd().Split('\n').Should().ContainSingle("the headings alone");
    }

    [Fact]
    public async Task A_page_that_fails_leaves_no_JSON_that_looks_whole()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Route, 200, CdrSamples.Page("c1", CdrSamples.Answered))
            .Refuse(Route, 503, "database-unavailable", "Later.");

        var run = await CommandRun.Of(front, ["cdr", "list", "--json", "--all"]);

        run.ExitCode.Should().Be(ExitCode.Refused);
        var parse = () => JsonDocument.Parse(run.Output);
        parse.Should().Throw<JsonException>();
    }

    [Theory]
    [InlineData("en_US.UTF-8", "'soon' is no moment", "--from", "soon")]
    [InlineData("fr_FR.UTF-8", "«\u00a0bientôt\u00a0»", "--to", "bientôt")]
    [InlineData("en_US.UTF-8", "--from must be before --to", "--from", "today", "--to", "yesterday")]
    [InlineData("en_US.UTF-8", "not both", "--with-recording", "--without-recording")]
    [InlineData("en_US.UTF-8", "not both", "--limit", "5", "--all")]
    [InlineData("en_US.UTF-8", "1 or more", "--limit", "0")]
    [InlineData("en_US.UTF-8", "0 or more", "--min-talk", "-1")]
    [InlineData("en_US.UTF-8", "sideways", "--direction", "sideways")]
    public async Task A_filter_that_cannot_be_meant_is_told_before_anything_is_asked(string language, string expected, params string[] options)
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["cdr", "list", .. options], language, time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain(expected);
        front.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("en_US.UTF-8", "catch-up", "PBX's own words")]
    [InlineData("fr_FR.UTF-8", "rattrapage", "Propres termes du PBX")]
    public async Task One_record_is_shown_with_what_it_said_before(string language, string source, string raw)
    {
        var detail = CdrSamples.Answered[..^1] + ""","raw":"{\"callid\":\"1\"}","revisions":[{"revision":1,"changedAt":"2026-11-22T09:31:20Z","source":"catchUp","before":{"talkSeconds":60,"answeredBy":null}}]}""";
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/cdrs/4711", 200, detail);

        var run = await CommandRun.Of(front, ["cdr", "show", "4711"], language, time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("Anne (+33612345678)").And.Contain(CdrSamples.RecordingId).And.Contain($"{raw}\t{{\"callid\":\"1\"}}")
            .And.Contain($"1\t2026-11-22 10:31:20+01:00\t{source}\ttalkSeconds: 60, answeredBy: –");
    }
}
