using System.Text.Json;

namespace PbxGrains.Cli.Tests.Events;

public sealed class TailTests
{
    // A recoloured screen, a new window title, C1's way of both, a tab and a direction mark.
    private const string Hostile = @"\u001b[2JEve\u001b]0;owned\u0007\u009b31m\t\u202etwo";

    [Theory]
    [InlineData("en_US.UTF-8", "2026-11-22 10:30:05+01:00 demo-1 call ringing 0612345678 → 1003 (jana)")]
    [InlineData("fr_FR.UTF-8", "2026-11-22 10:30:05+01:00 demo-1 appel qui sonne 0612345678 → 1003 (jana)")]
    public async Task What_happens_is_a_line_in_the_readers_language_and_zone(string language, string expected)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(EventSamples.Route, EventSamples.Open(EventSamples.Mark("1-7-0"), EventSamples.Ringing()));

        var run = await CommandRun.Of(front, ["tail", "--count", "1"], language, time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Be(expected + "\n");
        run.Error.Should().Contain("pbx tail --after 1-7-1");
    }

    [Fact]
    public async Task On_a_terminal_the_time_of_day_suffices_for_what_happens_today()
    {
        var earlier = EventSamples.Ringing(2).Replace("2026-11-22", "2026-11-21", StringComparison.Ordinal);
        await using var front = (await ScriptedFront.StartAsync()).On(EventSamples.Route, EventSamples.Open(EventSamples.Ringing(), earlier));

        var run = await CommandRun.Of(front, ["tail", "--count", "2"], answers: [], time: FixedTime.InParis);

        run.Output.Split('\n')[0].Should().StartWith("10:30:05 demo-1");
        run.Output.Split('\n')[1].Should().StartWith("2026-11-21 10:30:05 demo-1");
    }

    [Fact]
    public async Task Every_filter_reaches_the_API()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(EventSamples.Route, EventSamples.Open(EventSamples.Ringing()));

        var run = await CommandRun.Of(
            front,
            ["tail", "--site", "paris", "--site", "lyon", "--agent", "a 1", "--extension", "1001", "--type", "pbx.call.*", "--type", "pbx.cdr.recorded", "--after", "beginning", "--count", "1"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.Requests.Single().Query.Should().Be("?site=paris&site=lyon&agent=a%201&extension=1001&type=pbx.call.%2A&type=pbx.cdr.recorded&after=beginning");
        front.Requests.Single().Headers["Accept"].Should().Contain("text/event-stream");
    }

    [Fact]
    public async Task A_broken_stream_is_taken_up_behind_the_last_event_that_came_whole()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(EventSamples.Route, EventSamples.Ended(EventSamples.Mark("1-7-0"), EventSamples.Ringing(1), "id: 1-7-2\nevent: pbx.call.ringing\ndata: {\"half\":"))
            .On(EventSamples.Route, 503)
            .On(EventSamples.Route, EventSamples.Open(EventSamples.Ringing(2, "0700000002")));

        var run = await CommandRun.Of(front, ["tail", "--count", "2"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("0612345678").And.Contain("0700000002");
        run.Output.TrimEnd().Split('\n').Should().HaveCount(2);
        front.Requests.Select(asked => asked.Headers.GetValueOrDefault("Last-Event-ID")).Should().Equal(null, "1-7-1", "1-7-1");
        run.Error.TrimEnd().Split('\n').Should().HaveCount(3, "lost and back are each said once, and where to go on");
        run.Error.Should().Contain("connection was lost").And.Contain("going on behind 1-7-1");
    }

    [Fact]
    public async Task Signs_of_life_move_the_place_to_go_on_from()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(EventSamples.Route, EventSamples.Ended(EventSamples.Mark("1-7-0"), EventSamples.Mark("1-9-4")))
            .On(EventSamples.Route, EventSamples.Open(EventSamples.Ringing()));

        var run = await CommandRun.Of(front, ["tail", "--after", "beginning", "--count", "1"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.Requests.Select(asked => asked.Headers.GetValueOrDefault("Last-Event-ID")).Should().Equal(null, "1-9-4");
    }

    [Theory]
    [InlineData("en_US.UTF-8", "Events are missing here: the log can no longer tell what followed 1-3-1. It goes on from 1-7-0.")]
    [InlineData("fr_FR.UTF-8", "Il manque ici des événements\u00a0: le journal ne peut plus dire ce qui a suivi 1-3-1. Il reprend à 1-7-0.")]
    public async Task What_can_no_longer_be_told_is_said(string language, string expected)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(EventSamples.Route, EventSamples.Open(EventSamples.Gap("1-3-1", "1-7-0"), EventSamples.Mark("1-7-0"), EventSamples.Ringing()));

        var lines = await CommandRun.Of(front, ["tail", "--after", "1-3-1", "--count", "1"], language);
        var json = await CommandRun.Of(front, ["tail", "--after", "1-3-1", "--count", "1", "--json"], language);

        lines.Error.Should().Contain(expected);
        lines.Output.Should().Contain("jana", "a gap is no event");
        json.Error.Should().Contain(expected);
        JsonDocument.Parse(json.Output).RootElement.GetProperty("id").GetString().Should().Be("e1");
    }

    [Fact]
    public async Task As_JSON_each_event_is_one_line()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(
            EventSamples.Route,
            EventSamples.Open(EventSamples.Ringing(1, "Zoé " + Hostile), "id: 1-7-2\nevent: pbx.new\ndata: {\"id\":\ndata: \"e2\"}\n\n"));

        var run = await CommandRun.Of(front, ["tail", "--json", "--count", "2"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        var lines = run.Output.TrimEnd().Split('\n');
        lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()).Should().Equal("e1", "e2");
        JsonDocument.Parse(lines[0]).RootElement.GetProperty("data").GetProperty("caller").GetString().Should().Contain("\u001b[2JEve", "the value is the same");
        lines[0].Should().Contain("Zoé");
        run.Output.Where(c => (char.IsControl(c) && c != '\n') || c == '\u202e').Should().BeEmpty();
        run.Error.Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_cannot_write_to_the_terminal(bool atTerminal)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(
            EventSamples.Route,
            EventSamples.Open(EventSamples.Ringing(1, Hostile), EventSamples.Event(2, @"pbx.\u001b[1m", "{}"), EventSamples.Gap(Hostile, Hostile), EventSamples.Ringing(3)));

        var run = await CommandRun.Of(front, ["tail", "--count", "3"], answers: atTerminal ? [] : null);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("[2JEve]0;owned31m two → 1003");
        run.Everything.Where(c => (char.IsControl(c) && c != '\n') || c == '\u202e').Should().BeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_and_the_rest_follows()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(
            EventSamples.Route,
            EventSamples.Open(
                "id: 1-7-1\nevent: pbx.x\ndata: nonsense\n\n",
                EventSamples.Event(2, "pbx.call.ringing", """{"caller":{"number":"1"}}"""),
                EventSamples.Event(3, "pbx.moon.risen", "[]")));

        var run = await CommandRun.Of(front, ["tail", "--count", "3"], time: FixedTime.InParis);

        run.Error.Should().Contain("could not be read; its cursor is 1-7-1");
        run.Output.Should().Be("2026-11-22 10:30:05+01:00 demo-1 call ringing\n2026-11-22 10:30:05+01:00 demo-1 pbx.moon.risen\n");
    }

    [Theory]
    [InlineData(401, "unauthenticated", 4)]
    [InlineData(400, "invalid-request", 2)]
    [InlineData(503, "not-ready", 1)]
    public async Task What_the_first_try_meets_is_a_failure(int status, string code, int expected)
    {
        await using var front = (await ScriptedFront.StartAsync()).Refuse(EventSamples.Route, status, code, "No.");

        var run = await CommandRun.Of(front, ["tail"]);

        ((int)run.ExitCode).Should().Be(expected, run.Everything);
        front.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Nobody_there_and_somebody_else_there_are_failures_too()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(EventSamples.Route, 200, "{}");

        (await CommandRun.Of(front, ["tail"])).ExitCode.Should().Be(ExitCode.NotReachable);
        (await CommandRun.Of(null, ["tail", "--url", "http://127.0.0.1:1"])).ExitCode.Should().Be(ExitCode.NotReachable);
    }

    [Fact]
    public async Task A_key_that_was_revoked_meanwhile_ends_it()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(EventSamples.Route, EventSamples.Ended(EventSamples.Ringing()))
            .Refuse(EventSamples.Route, 401, "unauthenticated", "Unknown key.");

        var run = await CommandRun.Of(front, ["tail"]);

        run.ExitCode.Should().Be(ExitCode.NotAuthorised, run.Everything);
        run.Error.Should().Contain("Unknown key.");
    }

    [Fact]
    public async Task Interrupted_it_says_where_to_go_on()
    {
        using var interrupt = new CancellationTokenSource();
        await using var front = (await ScriptedFront.StartAsync())
            .On(EventSamples.Route, EventSamples.Ended(EventSamples.Ringing()))
            .On(EventSamples.Route, http =>
            {
                interrupt.Cancel();
                return EventSamples.Open()(http);
            });

        var run = await CommandRun.Of(front, ["tail", "--json"], interrupt: interrupt);

        run.ExitCode.Should().Be(ExitCode.Interrupted, run.Everything);
        run.Error.Should().Contain("pbx tail --after 1-7-1");
    }

    [Fact]
    public async Task A_count_below_one_is_refused()
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["tail", "--count", "0"]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        front.Requests.Should().BeEmpty();
    }
}
