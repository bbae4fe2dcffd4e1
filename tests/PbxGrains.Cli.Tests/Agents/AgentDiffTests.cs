namespace PbxGrains.Cli.Tests.Agents;

public sealed class AgentDiffTests
{
    private const string Differing = """
        {"asOf":"2026-11-22T10:00:00Z","clean":false,"agents":4,"counts":{"ok":1,"look-alike":1,"unregistered":1,"no-agent":1},"findings":[
         {"code":"ok","site":"paris","extension":"1001","agentId":"anne","agentName":"Anne","message":"."},
         {"code":"look-alike","site":"paris","extension":"10\u00a001","agentId":"bo","agentName":"Bo","message":".","probably":"01001","differences":["leading-zeros","no-break-spaces"],"others":[]},
         {"code":"unregistered","site":"paris","extension":"1003","agentId":"cy","agentName":null,"message":".","registration":{"registered":false,"since":"2026-11-22T09:00:00Z"}},
         {"code":"no-agent","site":"paris","extension":"1009","agentId":null,"agentName":null,"message":".","pbx":{"number":"1009","name":"Fax"},"others":[]}]}
        """;

    private const string Clean = """{"clean":true,"agents":1,"findings":[{"code":"ok","site":"paris","extension":"1001","agentId":"anne","agentName":"Anne","message":"."}]}""";

    [Theory]
    [InlineData("en_US.UTF-8", "looks alike\tparis\t\"10<U+00A0>01\"\tbo\tBo\tprobably 01001; differs: leading zeros, no-break spaces", "no agent\tparis\t1009\t–\tFax", "3 differences")]
    [InlineData("fr_FR.UTF-8", "ressemblant\tparis\t\"10<U+00A0>01\"\tbo\tBo\tsans doute 01001\u00A0; diffère\u00A0: zéros en tête, espaces insécables", "sans agent\tparis\t1009\t–\tFax", "3 écarts")]
    public async Task What_differs_is_listed_in_the_readers_language_and_told_to_the_shell(string language, string alike, string free, string summary)
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/agents/diff", 200, Differing);

        var run = await CommandRun.Of(front, ["agent", "diff", "--site", "paris", "--site", "lyon"], language);

        run.ExitCode.Should().Be(ExitCode.Attention, run.Everything);
        front.Requests.Single().Query.Should().Be("?site=paris&site=lyon");
        run.Output.Should().Contain(alike).And.Contain(free).And.NotContain("anne");
        run.Error.Should().Contain(summary);
    }

    [Fact]
    public async Task A_clean_comparison_is_a_success()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/agents/diff", 200, Clean);

        var run = await CommandRun.Of(front, ["agent", "diff"]);
        var all = await CommandRun.Of(front, ["agent", "diff", "--all"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("All 1 agents agree").And.NotContain("Anne");
        all.Output.Should().Contain("ok\tparis\t1001\tanne\tAnne");
    }

    [Fact]
    public async Task Findings_that_are_meant_so_can_be_left_out()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/agents/diff", 200, Differing);

        var some = await CommandRun.Of(front, ["agent", "diff", "--ignore", "no-agent"]);
        var none = await CommandRun.Of(front, ["agent", "diff", "--ignore", "no-agent", "--ignore", "look-alike", "--ignore", "unregistered"]);

        some.ExitCode.Should().Be(ExitCode.Attention);
        some.Output.Should().NotContain("1009");
        none.ExitCode.Should().Be(ExitCode.Ok, none.Everything);
    }

    [Fact]
    public async Task With_json_the_answer_comes_as_it_is_with_the_same_exit_code()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/agents/diff", 200, Clean).On("GET /api/pbx/agents/diff", 200, Differing);

        var clean = await CommandRun.Of(front, ["agent", "diff", "--json"]);
        var differing = await CommandRun.Of(front, ["agent", "diff", "--json"]);

        clean.Output.TrimEnd().Should().Be(Clean);
        clean.ExitCode.Should().Be(ExitCode.Ok);
        differing.ExitCode.Should().Be(ExitCode.Attention);
    }

    [Fact]
    public async Task A_comparison_that_was_refused_is_not_a_clean_one()
    {
        await using var front = (await ScriptedFront.StartAsync()).Refuse("GET /api/pbx/agents/diff", 404, "site-unknown", "No site.");

        (await CommandRun.Of(front, ["agent", "diff", "--site", "pariss"])).ExitCode.Should().Be(ExitCode.ExistsOrNotFound);
    }
}
