namespace PbxGrains.Cli.Tests.Status;

public sealed class StatusTests
{
    private const string Route = "GET /api/pbx/status";

    private const string Well = """
        {"at":"2026-11-22T10:00:00Z","version":"0.1.0","silos":[{"address":"127.0.0.1:11111@1","sites":2}],
         "sites":{"total":2,"health":{"online":2,"unreachable":0},"problems":[],"moreProblems":0},
         "reports":{"proven":2,"silent":0,"lastAt":"2026-11-22T09:59:56Z"},
         "webhooks":{"subscriptions":1,"failing":0,"switchedOff":0,"waiting":0,"oldestAt":null} }
        """;

    private const string Ill = """
        {"at":"2026-11-22T10:00:00Z","version":"0.1.0","silos":[{"address":"127.0.0.1:11111@1","sites":4}],
         "sites":{"total":5,"health":{"online":2,"unreachable":1,"credentialsRejected":1,"unknown":1},"problems":[
           {"siteId":"lyon","name":"Lyon","health":"unreachable","reason":"noConnection","message":"No connection to the PBX.","since":"2026-11-22T09:50:00Z","warnings":[]},
           {"siteId":"nice","name":"Nice","health":"credentialsRejected","reason":"wrongCredentials","message":"The PBX rejects user or password.","since":"2026-11-22T09:50:00Z","warnings":[]},
           {"siteId":"metz","name":"Metz","health":null,"reason":null,"message":null,"since":null,"warnings":[]},
           {"siteId":"paris","name":"Paris","health":"online","reason":"polling","message":"The PBX answers and is polled.","since":"2026-11-22T09:50:00Z","warnings":[{"code":"serial-number-contradicts","message":"A report carried another serial number.","at":"2026-11-22T09:50:00Z"}]}],"moreProblems":0},
         "reports":{"proven":1,"silent":1,"lastAt":"2026-11-22T09:59:56Z"},
         "webhooks":{"subscriptions":2,"failing":1,"switchedOff":0,"waiting":12,"oldestAt":"2026-11-22T09:57:00Z"} }
        """;

    [Fact]
    public async Task Where_all_is_well_nothing_is_to_be_done()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, Well);

        var run = await CommandRun.Of(front, ["status"], time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain($"✓ Front {front.Url}, version 0.1.0").And.Contain("Silos (1): 127.0.0.1:11111@1 with sites: 2").And.Contain("online 2")
            .And.Contain("2 of 2 online sites").And.Contain("4 s ago").And.Contain("Nothing is to be done.").And.NotContain("!");
    }

    [Fact]
    public async Task Problems_stand_beneath_with_what_to_do_about_each()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, Ill);

        var run = await CommandRun.Of(front, ["status"], time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.OutOfOrder, run.Everything);
        run.Output.Should().Contain("lyon (Lyon): unreachable (10 min ago). No connection to the PBX.").And.Contain("paris (Paris): A report carried another serial number.")
            .And.Contain("waiting 12, the oldest from 3 min ago")
            .And.Contain("→ lyon: 'pbx site check lyon'").And.Contain("'pbx site credentials nice'").And.Contain("→ metz:").And.Contain("'pbx site show paris'").And.Contain("'pbx subscription list'");
        run.Output.IndexOf("lyon (", StringComparison.Ordinal).Should().BeLessThan(run.Output.IndexOf("paris (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Silence_is_something_to_do_only_where_no_report_ever_came()
    {
        var silent = Well.Replace("\"proven\":2,\"silent\":0", "\"proven\":0,\"silent\":2", StringComparison.Ordinal);
        await using var front = (await ScriptedFront.StartAsync())
            .On(Route, 200, silent)
            .On(Route, 200, silent.Replace("\"2026-11-22T09:59:56Z\"", "null", StringComparison.Ordinal));

        var night = await CommandRun.Of(front, ["status"]);
        var never = await CommandRun.Of(front, ["status"]);

        night.Output.Should().Contain("i Reports: 0 of 2").And.Contain("Nothing is to be done.");
        never.Output.Should().Contain("No PBX has sent a report yet");
        never.ExitCode.Should().Be(ExitCode.Ok);
    }

    [Fact]
    public async Task In_French_too()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, Ill);

        var run = await CommandRun.Of(front, ["status"], "fr_FR.UTF-8", time: FixedTime.InParis);

        run.Output.Should().Contain("À faire").And.Contain("injoignable").And.Contain("numéro de série").And.NotContain("another serial number").And.NotContain("No connection");
    }

    [Fact]
    public async Task What_only_deserves_a_look_has_a_code_of_its_own()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On(Route, 200, Well.Replace("\"failing\":0", "\"failing\":1", StringComparison.Ordinal))
            .On(Route, 200, Well.Replace("""[{"address":"127.0.0.1:11111@1","sites":2}]""", "null", StringComparison.Ordinal))
            .Refuse(Route, 503, "database-unavailable", "Try again in a moment.");

        var failing = await CommandRun.Of(front, ["status"]);
        var silent = await CommandRun.Of(front, ["status"]);
        var refused = await CommandRun.Of(front, ["status"]);

        failing.ExitCode.Should().Be(ExitCode.Attention, failing.Everything);
        silent.ExitCode.Should().Be(ExitCode.OutOfOrder, silent.Everything);
        silent.Output.Should().Contain("The cluster does not answer");
        refused.ExitCode.Should().Be(ExitCode.Refused);
    }

    [Fact]
    public async Task With_json_the_APIs_text_is_printed_as_it_came()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, Ill);

        var run = await CommandRun.Of(front, ["status", "--json"]);

        run.ExitCode.Should().Be(ExitCode.OutOfOrder);
        run.Output.Trim().Should().Be(Ill.Trim());
        run.Error.Should().BeEmpty();
    }
}
