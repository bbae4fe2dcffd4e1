namespace PbxGrains.Cli.Tests.Agents;

public sealed class AgentImportTests : IDisposable
{
    private const string Changes = """
        {"dryRun":true,"added":[{"id":"a1","name":"Anne","site":"paris","extension":"0010","mobile":null}],
         "changed":[{"id":"b","name":"Bo","fields":[{"field":"extension","old":"1002","new":"1002\u00a0"},{"field":"mobile","old":"06","new":null}]}],
         "removed":[{"id":"c","name":null,"site":"lyon","extension":"1003","mobile":null}],"unchanged":40}
        """;

    private const string NoChange = """{"dryRun":true,"added":[],"changed":[],"removed":[],"unchanged":3}""";

    private readonly string _file = Path.GetTempFileName();

    public AgentImportTests() => File.WriteAllText(_file, "id;site;extension\na1;paris;0010\n");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("PATCH /api/pbx/agents", "en_US.UTF-8", "Saved: 1 added, 1 changed, 1 removed, 40 unchanged.")]
    [InlineData("PUT /api/pbx/agents", "fr_FR.UTF-8", "Enregistré\u00A0: 1 ajoutés, 1 modifiés, 1 supprimés, 40 inchangés.", "--replace", "--yes")]
    public async Task An_import_looks_first_then_saves_the_same(string route, string language, string told, params string[] options)
    {
        await using var front = (await ScriptedFront.StartAsync()).On(route, 200, Changes).On(route, 200, Changes);

        var run = await CommandRun.Of(front, ["agent", "import", _file, .. options], language);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.Requests.Select(asked => asked.Query).Should().Equal("?dryRun=true", "");
        front.Requests.Select(asked => asked.Body).Should().AllBe("""{"agents":[{"id":"a1","site":"paris","extension":"0010"}]}""");
        run.Output.Should().Contain(told).And.Contain("a1\tAnne\tparis\t0010").And.Contain("1002 → \"1002<U+00A0>\"").And.Contain("06 → –");
    }

    [Fact]
    public async Task A_dry_run_saves_nothing()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("PUT /api/pbx/agents", 200, Changes);

        var words = await CommandRun.Of(front, ["agent", "import", _file, "--replace", "--dry-run"]);
        var json = await CommandRun.Of(front, ["agent", "import", _file, "--replace", "--dry-run", "--json"]);

        words.ExitCode.Should().Be(ExitCode.Ok, words.Everything);
        words.Output.Should().Contain("Would be saved: 1 added");
        json.Output.TrimEnd().Should().Be(Changes);
        front.Requests.Should().HaveCount(2).And.OnlyContain(asked => asked.Query == "?dryRun=true");
    }

    [Fact]
    public async Task A_replacement_is_confirmed_after_its_preview()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("PUT /api/pbx/agents", 200, Changes);

        var refused = await CommandRun.Of(front, ["agent", "import", _file, "--replace"], answers: ["n"]);
        var unasked = await CommandRun.Of(front, ["agent", "import", _file, "--replace"]);
        front.Requests.Should().OnlyContain(asked => asked.Query == "?dryRun=true");
        var done = await CommandRun.Of(front, ["agent", "import", _file, "--replace"], answers: ["y"]);

        refused.ExitCode.Should().Be(ExitCode.Refused);
        refused.Output.Should().Contain("1 are removed").And.Contain("0010");
        unasked.ExitCode.Should().Be(ExitCode.Usage);
        done.ExitCode.Should().Be(ExitCode.Ok, done.Everything);
        front.Requests.Last().Query.Should().BeEmpty();
    }

    [Fact]
    public async Task On_a_terminal_an_addition_is_confirmed_too()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("PATCH /api/pbx/agents", 200, Changes);

        var refused = await CommandRun.Of(front, ["agent", "import", _file], answers: ["n"]);

        refused.ExitCode.Should().Be(ExitCode.Refused);
        front.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Where_nothing_changes_nothing_is_asked_nor_saved()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("PUT /api/pbx/agents", 200, NoChange);

        var run = await CommandRun.Of(front, ["agent", "import", _file, "--replace"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("Nothing changes: 3");
        front.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task A_bad_line_is_named_and_nothing_is_sent()
    {
        await File.WriteAllTextAsync(_file, "id;site;extension\na1;paris;0010\na2;paris\n", TestContext.Current.CancellationToken);
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["agent", "import", _file]);
        var missing = await CommandRun.Of(front, ["agent", "import", _file + ".none"]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("Line 3").And.Contain("Nothing was saved.");
        missing.ExitCode.Should().Be(ExitCode.Usage);
        front.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_column_nobody_knows_is_told()
    {
        await File.WriteAllTextAsync(_file, "id;site;extension;mobil\na1;paris;0010;06\n", TestContext.Current.CancellationToken);
        await using var front = (await ScriptedFront.StartAsync()).On("PATCH /api/pbx/agents", 200, NoChange);

        var run = await CommandRun.Of(front, ["agent", "import", _file]);

        run.Error.Should().Contain("mobil");
    }
}
