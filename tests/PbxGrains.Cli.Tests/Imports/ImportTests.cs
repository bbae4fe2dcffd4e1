using System.Text.Json;

namespace PbxGrains.Cli.Tests.Imports;

public sealed class ImportTests
{
    private const string Start = "POST /api/pbx/sites/paris/imports";
    private const string All = "GET /api/pbx/sites/paris/imports";
    private const string One = "GET /api/pbx/sites/paris/imports/i7";
    private const string Cancel = "DELETE /api/pbx/sites/paris/imports/i7";

    private static readonly string[] Typed = ["cdr", "import", "--site", "paris", "--since", "2026-01-01"];

    [Theory]
    [InlineData("en_US.UTF-8", "50 % · reached 2026-05-14 · 1,200 rows, 7 new", "The import is done: 2,400 rows read, 9 of them new.")]
    [InlineData("fr_FR.UTF-8", "50\u00a0% · arrivé au 2026-05-14 · 1\u202f200 lignes, 7 nouvelles", "L'import est terminé\u00a0: 2\u202f400 lignes lues, dont 9 nouvelles.")]
    public async Task An_import_is_watched_to_its_end(string language, string halfway, string done)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Start, 202, Import("waiting", 0, 0, 0))
            .On(One, 200, Import("running", 0.5, 1200, 7))
            .On(One, 200, Import("done", 1, 2400, 9));

        var run = await CommandRun.Of(front, [.. Typed, "--until", "2026-07-01"], language);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(halfway).And.Contain(done);
        front.AskedOf(Start).Single().Body.Should().Be("""{"since":"2026-01-01","until":"2026-07-01"}""");
    }

    [Fact]
    public async Task On_a_terminal_it_is_watched_too()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Start, 202, Import("running", 0, 0, 0))
            .On(One, 200, Import("running", 0.5, 1200, 7))
            .On(One, 200, Import("done", 1, 2400, 9));

        var run = await CommandRun.Of(front, Typed, answers: []);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("2,400 rows read");
    }

    [Fact]
    public async Task An_import_that_runs_already_is_followed_instead()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Start, 409, """{"code":"import-running","status":409,"detail":"One runs.","importId":"i7"}""")
            .On(One, 200, Import("done", 1, 10, 0));

        var run = await CommandRun.Of(front, Typed);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Error.Should().Contain("running already; yours was not started");
        run.Output.Should().Contain("10 rows read");
    }

    [Fact]
    public async Task Without_a_date_the_running_one_is_followed()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(All, 200, $"[{Import("running", 0.5, 10, 0)}]")
            .On(One, 200, Import("done", 1, 10, 0));

        var run = await CommandRun.Of(front, ["cdr", "import", "--site", "paris"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.AskedOf(Start).Should().BeEmpty();
    }

    [Theory]
    [InlineData("en_US.UTF-8", "--since 2026-01-01")]
    [InlineData("fr_FR.UTF-8", "Lancez-en un avec --since")]
    public async Task Without_a_date_and_a_running_one_the_date_is_asked_for(string language, string expected)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(All, 200, $"[{Import("done", 1, 10, 0)}]");

        var run = await CommandRun.Of(front, ["cdr", "import", "--site", "paris"], language);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain(expected);
    }

    [Theory]
    [InlineData("failed", 0, ExitCode.Refused, "The import failed after 10 rows, 3 of them new; they stay. The PBX refused.")]
    [InlineData("cancelled", 0, ExitCode.Refused, "The import was cancelled.")]
    [InlineData("done", 2, ExitCode.Incomplete, "2 windows of time could not be read")]
    internal async Task An_import_that_did_not_read_all_is_no_success(string state, int windowsFailed, ExitCode expected, string told)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Start, 202, Import("running", 0, 0, 0))
            .On(One, 200, Import(state, 0.4, 10, 3, windowsFailed));

        var run = await CommandRun.Of(front, Typed);

        run.ExitCode.Should().Be(expected, run.Everything);
        run.Error.Should().Contain(told);
    }

    [Theory]
    [InlineData("en_US.UTF-8", "Stopped watching; the import goes on.")]
    [InlineData("fr_FR.UTF-8", "Suivi interrompu\u00a0; l'import continue.")]
    public async Task Interrupting_ends_the_watching_and_not_the_import(string language, string told)
    {
        using var interrupt = new CancellationTokenSource();
        await using var front = (await ScriptedFront.StartAsync())
            .On(Start, 202, Import("running", 0, 0, 0))
            .On(One, () =>
            {
                interrupt.Cancel();
                return new Answer(200, Import("running", 0.5, 10, 3));
            });

        var run = await CommandRun.Of(front, Typed, language, interrupt: interrupt);

        run.ExitCode.Should().Be(ExitCode.Interrupted);
        run.Error.Should().Contain(told).And.Contain("pbx cdr import --site paris --cancel");
        front.AskedOf(Cancel).Should().BeEmpty();
    }

    [Fact]
    public async Task A_front_that_is_away_for_a_moment_does_not_end_the_watching()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Start, 202, Import("running", 0, 0, 0))
            .Refuse(One, 503, "cluster-busy", "Later.")
            .On(One, 200, Import("done", 1, 10, 3));

        var run = await CommandRun.Of(front, Typed);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("asking again");
    }

    [Fact]
    public async Task An_import_that_vanished_ends_the_watching()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Start, 202, Import("running", 0, 0, 0))
            .Refuse(One, 404, "import-unknown", "There is no such import.");

        var run = await CommandRun.Of(front, Typed);

        run.ExitCode.Should().Be(ExitCode.ExistsOrNotFound);
    }

    [Fact]
    public async Task Nobody_needs_to_wait_for_it()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Start, 202, Import("waiting", 0, 0, 0));

        var run = await CommandRun.Of(front, [.. Typed, "--no-wait"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.Requests.Should().ContainSingle();
        run.Output.Should().Contain("read back to 2026-01-01");
    }

    [Fact]
    public async Task With_json_the_last_state_is_the_only_output()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Start, 202, Import("running", 0, 0, 0))
            .On(One, 200, Import("running", 0.5, 1200, 7))
            .On(One, 200, Import("done", 1, 2400, 9));

        var run = await CommandRun.Of(front, [.. Typed, "--json"]);

        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("rowsRead").GetInt64().Should().Be(2400);
    }

    [Theory]
    [InlineData("en_US.UTF-8", "is cancelled; what it has read stays")]
    [InlineData("fr_FR.UTF-8", "est annulé\u00a0; ce qu'il a lu reste")]
    public async Task A_running_import_is_cancelled(string language, string told)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(All, 200, $"[{Import("running", 0.5, 10, 0)}]")
            .On(Cancel, 204);

        var run = await CommandRun.Of(front, ["cdr", "import", "--site", "paris", "--cancel"], language);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(told);
        front.AskedOf(Cancel).Should().ContainSingle();
    }

    [Fact]
    public async Task Cancelling_what_does_not_run_changes_nothing()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(All, 200, $"[{Import("done", 1, 10, 0)}]");

        var run = await CommandRun.Of(front, ["cdr", "import", "--site", "paris", "--cancel"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.AskedOf(Cancel).Should().BeEmpty();
    }

    [Theory]
    [InlineData("'01/02/2026' is not a date", "--since", "01/02/2026")]
    [InlineData("'soon' is not a date", "--since", "2026-01-01", "--until", "soon")]
    [InlineData("--until needs --since", "--until", "2026-01-01")]
    [InlineData("--cancel goes without", "--since", "2026-01-01", "--cancel")]
    public async Task Dates_that_cannot_be_used_are_told_before_anything_is_asked(string expected, params string[] options)
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["cdr", "import", "--site", "paris", .. options]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain(expected);
        front.Requests.Should().BeEmpty();
    }

    private static string Import(string state, double progress, int read, int isNew, int windowsFailed = 0) => FormattableString.Invariant($$"""
        {"importId":"i7","site":"paris","since":"2026-01-01","until":null,"state":"{{state}}","position":"2026-05-14T00:00:00","progress":{{progress}},
         "rowsRead":{{read}},"rowsNew":{{isNew}},"windowsFailed":{{windowsFailed}},"detail":"The PBX refused.","createdAt":"2026-11-22T10:00:00Z"}
        """);
}
