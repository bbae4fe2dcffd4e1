using PbxGrains.Cli.Tests.Cdrs;

namespace PbxGrains.Cli.Tests.Calls;

public sealed class CallTimeLineTests
{
    private static readonly string Call = $$"""
        {"callId":"1544613634.107","site":"paris","startedAt":"2026-11-22T09:30:05Z","records":[{{CdrSamples.Answered}}],
         "recordings":[{"id":"{{CdrSamples.RecordingId}}","state":"ready"}],"originate":null,"live":null,
         "timeline":[{"at":"2026-11-22T09:30:05Z","kind":"ringing","text":"4002 rings.","extension":"4002","party":"Eve\u001b[2J","source":"push"},
                     {"at":"2026-11-22T09:30:18Z","kind":"answered","text":"4002 answers.","extension":"4002","source":"push"},
                     {"at":"2026-11-22T09:30:19Z","kind":"dreamt","text":"Something new.","source":"dream"}]}
        """;

    [Theory]
    [InlineData("en_US.UTF-8", "4002 answers.", "push", "Recording 3f1c00aa3f1c00aa3f1c00aa3f1c00aa: ready.")]
    [InlineData("fr_FR.UTF-8", "répondu", "rapport", "Enregistrement audio 3f1c00aa3f1c00aa3f1c00aa3f1c00aa\u00a0: disponible.")]
    public async Task A_call_is_told_in_the_order_in_which_it_happened(string language, string answered, string source, string recording)
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/calls/1544613634.107", 200, Call);

        var run = await CommandRun.Of(front, ["call", "show", "1544613634.107", "--site", "paris"], language, time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain($"2026-11-22 10:30:18+01:00\t{answered}\t4002\t–\t{source}").And.Contain(recording).And.Contain("Something new.\t–\t–\tdream")
            .And.Contain("Eve[2J").And.NotContain("\u001b").And.Contain("4711");
        front.Requests.Single().Query.Should().Be("?site=paris");
    }

    [Fact]
    public async Task On_a_terminal_it_is_a_table()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/calls/1", 200, Call);

        var run = await CommandRun.Of(front, ["call", "show", "1"], answers: [], time: FixedTime.InParis);

        run.Output.Should().Contain("│").And.Contain("4002 answers.").And.NotContain("\u001b");
        front.Requests.Single().Query.Should().BeEmpty();
    }

    [Theory]
    [InlineData("en_US.UTF-8", "Choose one with --site: paris, lyon.")]
    [InlineData("fr_FR.UTF-8", "Choisissez avec --site\u00a0: paris, lyon.")]
    public async Task An_id_that_several_sites_have_asks_for_the_site(string language, string expected)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/calls/1", 409, """{"code":"call-ambiguous","status":409,"detail":"Several sites.","sites":["paris","lyon"]}""");

        var run = await CommandRun.Of(front, ["call", "show", "1"], language);

        run.ExitCode.Should().Be(ExitCode.Refused);
        run.Error.Should().Contain(expected);
    }
}
