using System.Text.Json;
using Microsoft.AspNetCore.Http;
using static PbxGrains.Cli.Tests.Checklists.ChecklistSamples;

namespace PbxGrains.Cli.Tests.Checklists;

public sealed class CheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pbx-check-").FullName;

    private string Report => Path.Combine(_folder, "paris.html");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Items_stand_under_their_sections_with_evidence_and_what_to_do()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, Lines("fail", Items));

        var run = await CommandRun.Of(front, ["site", "check", "paris"]);

        run.ExitCode.Should().Be(ExitCode.OutOfOrder, run.Everything);
        run.Output.ReplaceLineEndings("\n").Should().StartWith("""

            Network
              ✓ Port 8088 answers
                Connected in 0.4 ms.

            API
              ✗ The login works
                The PBX refuses user or password.
                → Set the password in Settings › PBX › General › API.
              – The clock is right
                The login failed.

            Addresses
              i The list of permitted addresses
                It cannot be seen from here.

            Passed 2, to look at 0, failed 1, skipped 1, not visible from here 1
            """.ReplaceLineEndings("\n"));
        run.Error.Should().Contain("put right");
        var asked = front.AskedOf(Route).Single();
        asked.Headers["Accept"].Should().Contain("application/x-ndjson");
        asked.Headers["Accept-Language"].Should().Be("en");
        asked.Body.Should().Be("{}");
    }

    [Theory]
    [InlineData("pass", ExitCode.Ok)]
    [InlineData("warn", ExitCode.Attention)]
    [InlineData("fail", ExitCode.OutOfOrder)]
    internal async Task The_verdict_is_the_exit_code(string verdict, ExitCode expected)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, Lines(verdict, Items[0])).On("GET /api/pbx/sites/paris/checklist", 200, Run(verdict, Items[0]));

        var run = await CommandRun.Of(front, ["site", "check", "paris"]);
        var last = await CommandRun.Of(front, ["site", "check", "paris", "--last"]);

        run.ExitCode.Should().Be(expected, run.Everything);
        last.ExitCode.Should().Be(expected, last.Everything);
        last.Output.Should().Contain("✓ Port 8088 answers");
        front.AskedOf(Route).Should().ContainSingle("the last run is only looked up");
    }

    [Fact]
    public async Task With_json_the_run_stands_alone_on_standard_output()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, Lines("warn", Items));

        var run = await CommandRun.Of(front, ["site", "check", "paris", "--json"]);

        run.ExitCode.Should().Be(ExitCode.Attention, run.Everything);
        JsonDocument.Parse(run.Output).RootElement.GetProperty("items").GetArrayLength().Should().Be(4);
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task In_French_the_sentences_are_asked_for_in_French()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, Lines("pass", Items[0]));

        var run = await CommandRun.Of(front, ["site", "check", "paris"], "fr_FR.UTF-8");

        run.Output.Should().Contain("Réseau").And.Contain("Conformes\u00A0: 2").And.Contain("tout ce qui a été contrôlé est en ordre");
        front.AskedOf(Route).Single().Headers["Accept-Language"].Should().Be("fr");
    }

    [Fact]
    public async Task The_way_back_is_proven_between_two_extensions()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, Lines("pass", Items[0]));

        await CommandRun.Of(front, ["site", "check", "paris", "--return-path", "1001:0002"]);

        front.AskedOf(Route).Single().Body.Should().Be("""{"returnPath":{"caller":"1001","callee":"0002"}}""");
    }

    [Theory]
    [InlineData("1001")]
    [InlineData("1001:")]
    [InlineData("1001:1001")]
    [InlineData("1001:1002:1003")]
    [InlineData("1001:jana")]
    public async Task What_names_no_two_extensions_starts_nothing(string pair)
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["site", "check", "paris", "--return-path", pair]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("1001:1002");
        front.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_connection_that_breaks_says_that_the_run_goes_on()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, async http =>
        {
            http.Response.ContentType = "application/x-ndjson";
            await LineAsync(http, $$"""{"item":{{Items[0]}}}""");
        });

        var run = await CommandRun.Of(front, ["site", "check", "paris"]);

        run.ExitCode.Should().Be(ExitCode.Broken, run.Everything);
        run.Output.Should().Contain("Port 8088 answers");
        run.Error.Should().Contain("the run goes on").And.Contain("--last");
    }

    [Fact]
    public async Task A_front_that_answers_the_whole_run_at_once_is_understood()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, Run("pass", Items));

        var run = await CommandRun.Of(front, ["site", "check", "paris"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("✗ The login works").And.Contain("everything checked is in order");
    }

    [Theory]
    [InlineData(404, "not-found", ExitCode.Refused, "upgrade it")]
    [InlineData(405, "method-not-allowed", ExitCode.Refused, "upgrade it")]
    [InlineData(404, "site-unknown", ExitCode.ExistsOrNotFound, "What it says.")]
    [InlineData(403, "forbidden", ExitCode.NotAuthorised, "What it says.")]
    internal async Task A_refusal_is_told(int status, string code, ExitCode expected, string told)
    {
        await using var front = (await ScriptedFront.StartAsync()).Refuse(Route, status, code, "What it says.");

        var run = await CommandRun.Of(front, ["site", "check", "paris"]);

        run.ExitCode.Should().Be(expected, run.Everything);
        run.Error.Should().Contain(told);
    }

    [Fact]
    public async Task The_report_of_this_very_run_is_written_and_replaces_only_by_force()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Route, Lines("pass", Items[0]))
            .On("GET /api/pbx/sites/paris/checklist/report", async http =>
            {
                http.Response.ContentType = "text/html; charset=utf-8";
                await http.Response.WriteAsync("<html>Paris</html>");
            });

        var run = await CommandRun.Of(front, ["site", "check", "paris", "--report", Report]);
        var again = await CommandRun.Of(front, ["site", "check", "paris", "--report", Report]);
        var forced = await CommandRun.Of(front, ["site", "check", "paris", "--report", Report, "--force"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(Report);
        (await File.ReadAllTextAsync(Report, TestContext.Current.CancellationToken)).Should().Be("<html>Paris</html>");
        front.AskedOf("GET /api/pbx/sites/paris/checklist/report")[0].Query.Should().Be("?runId=" + RunId);
        again.ExitCode.Should().Be(ExitCode.ExistsOrNotFound);
        forced.ExitCode.Should().Be(ExitCode.Ok);
        front.AskedOf(Route).Should().HaveCount(2, "who would not get the report is told before the run");
    }

    [Fact]
    public async Task Earlier_runs_are_listed()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites/paris/checklist/runs", 200, $"[{Run("fail")}]");

        var run = await CommandRun.Of(front, ["site", "check", "paris", "--history"], time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Split('\n')[1].TrimEnd('\r').Split('\t').Should().Equal(RunId, "2026-11-22 11:00+01:00", "by hand", "failed", "2", "0", "1", "1", "1");
    }

    [Fact]
    public async Task What_a_PBX_calls_itself_cannot_write_to_the_screen()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Route, Lines("pass", Item("api.device", "api", "pass", @"Device\u001b[31m", @"It is \u001b]0;owned\u0007.")));

        var run = await CommandRun.Of(front, ["site", "check", "paris"]);

        run.Output.Should().NotContain("\u001b").And.NotContain("\u0007");
    }
}
