namespace PbxGrains.Cli.Tests.Sites;

public sealed class CompletenessTests
{
    private const string Route = "GET /api/pbx/sites/paris/completeness";

    private static readonly string Verified = Hour("2026-11-21T22:00:00Z", "verified", null, null);
    private static readonly string Missing = Hour("2026-11-21T23:00:00Z", "unverifiable", "never-compared", null);
    private static readonly string MissingToo = Hour("2026-11-22T00:00:00Z", "unverifiable", "never-compared", null);
    private static readonly string Failed = Hour("2026-11-22T01:00:00Z", "unverifiable", "comparison-failed", "The PBX sent no CSV.");

    [Theory]
    [InlineData("en_US.UTF-8", "All 1 hours are verified.")]
    [InlineData("fr_FR.UTF-8", "Les 1 heures sont toutes vérifiées.")]
    public async Task When_all_hours_are_verified_it_is_a_success(string language, string told)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, Resource(1, 0, 0, Verified));

        var run = await CommandRun.Of(front, ["site", "completeness", "paris", "--from", "2026-11-21", "--to", "today"], language, time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(told).And.Contain("2026-11-21\t1\t0\t0\t12\t1");
        Uri.UnescapeDataString(front.Requests.Single().Query).Should().Be("?from=2026-11-20T23:00:00Z&to=2026-11-21T23:00:00Z");
    }

    [Theory]
    [InlineData("en_US.UTF-8", "unverifiable", "not imported", "The PBX sent no CSV.")]
    [InlineData("fr_FR.UTF-8", "invérifiable", "non importé", "la comparaison avec le PBX a échoué (The PBX sent no CSV.)")]
    public async Task Hours_that_are_not_verified_are_named_with_their_reasons(string language, string state, string reason, string other)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, Resource(1, 0, 3, Verified, Missing, MissingToo, Failed));

        var run = await CommandRun.Of(front, ["site", "completeness", "paris"], language, time: FixedTime.InParis);

        run.ExitCode.Should().Be(ExitCode.Incomplete);
        var lines = run.Output.Split('\n');
        lines.Should().Contain(line => line.StartsWith("2026-11-21\t1\t0\t0"), "an hour belongs to the day it has in Paris").And.Contain(line => line.StartsWith("2026-11-22\t0\t0\t3"));
        lines.Should().Contain(line => line.StartsWith($"2026-11-22 00:00+01:00\t2026-11-22 02:00+01:00\t2\t{state}\t") && line.Contains(reason));
        lines.Should().Contain(line => line.StartsWith($"2026-11-22 02:00+01:00\t2026-11-22 03:00+01:00\t1\t{state}\t{other}"));
    }

    [Fact]
    public async Task With_json_the_exit_code_still_tells()
    {
        var json = Resource(0, 1, 0, Hour("2026-11-22T10:00:00Z", "pending", "hour-not-over", null));
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, json);

        var run = await CommandRun.Of(front, ["site", "completeness", "paris", "--json"]);

        run.ExitCode.Should().Be(ExitCode.Incomplete);
        run.Output.TrimEnd().Should().Be(json);
    }

    [Fact]
    public async Task On_a_terminal_it_is_a_table()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(Route, 200, Resource(0, 0, 1, Missing));

        var run = await CommandRun.Of(front, ["site", "completeness", "paris"], "fr_FR.UTF-8", answers: [], time: FixedTime.InParis);

        run.Output.Should().Contain("│").And.Contain("Jour (Europe/Paris)").And.Contain("invérifiable");
    }

    private static string Hour(string hour, string state, string? reason, string? detail) =>
        $$"""{"hour":"{{hour}}","pushed":12,"onlyCaughtUp":1,"lastComparedAt":null,"state":"{{state}}","reason":{{Quoted(reason)}},"detail":{{Quoted(detail)}}}""";

    private static string Resource(int verified, int pending, int unverifiable, params string[] hours) =>
        $$"""{"site":"paris","verified":{{verified}},"pending":{{pending}},"unverifiable":{{unverifiable}},"hours":[{{string.Join(',', hours)}}]}""";

    private static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";
}
