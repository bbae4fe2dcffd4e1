namespace PbxGrains.Cli.Tests.Calls;

public sealed class CallRehearsalTests
{
    private const string Refused = """
        {"originateId":"7b0c","state":"refused","callId":null,"refusal":"extension-unregistered","message":"No phone.","replayed":false,"checks":[
         {"check":"agent","verdict":"skipped","finding":"no-agent-named","message":"The call is asked for an extension, not for an agent."},
         {"check":"registered","verdict":"fail","finding":"unregistered","message":"No phone is registered on extension 1001: it cannot ring.","facts":{"extension":"1001"}},
         {"check":"destination","verdict":"pass","finding":"public-number","message":"0612345678 is +33612345678.","facts":{"destination":"0612345678","e164":"+33612345678"}},
         {"check":"route","verdict":"warn","finding":"of-tomorrow","message":"Something new."}]}
        """;

    private const string Possible = """{"originateId":"7b0c","state":"possible","callId":null,"replayed":false,"checks":[{"check":"site","verdict":"pass","finding":"site-online","message":"The site is online.","facts":{"listedAt":"2026-11-22T10:00:00Z"}}]}""";

    [Theory]
    [InlineData("en_US.UTF-8", "registered\t✗ failed\tNo phone is registered on extension 1001: it cannot ring.", "destination\t✓ passed\t0612345678 is +33612345678.", "1001 could not call 0612345678 now.")]
    [InlineData("fr_FR.UTF-8", "enregistré\t✗ échec\tAucun téléphone n'est enregistré sur le poste 1001\u00A0: il ne peut pas sonner.", "destination\t✓ réussi\t0612345678 est le +33612345678.", "1001 ne pourrait pas appeler 0612345678 maintenant.")]
    public async Task A_dry_run_shows_its_checks_in_the_readers_language(string language, string failed, string passed, string summary)
    {
        await using var front = (await ScriptedFront.StartAsync()).On("POST /api/pbx/sites/paris/calls", 200, Refused);

        var run = await CommandRun.Of(front, ["call", "originate", "paris", "1001", "0612345678", "--dry-run"], language);

        run.ExitCode.Should().Be(ExitCode.Refused, run.Everything);
        front.Requests.Single().Body.Should().Contain("\"dryRun\":true");
        run.Output.Should().Contain(failed).And.Contain(passed).And.Contain("Something new.");
        run.Error.Should().Contain(summary);
    }

    [Fact]
    public async Task A_dry_run_that_finds_nothing_against_the_call_is_a_success()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("POST /api/pbx/sites/paris/calls", 200, Possible);

        var run = await CommandRun.Of(front, ["call", "originate", "paris", "1001", "1002", "--dry-run"]);
        var json = await CommandRun.Of(front, ["call", "originate", "paris", "1001", "1002", "--dry-run", "--json"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("site\t✓ passed\tThe site is online.").And.Contain("1001 could call 1002 now.");
        json.Output.TrimEnd().Should().Be(Possible);
    }
}
