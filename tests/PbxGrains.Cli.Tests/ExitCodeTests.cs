using PbxGrains.Testing;

namespace PbxGrains.Cli.Tests;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(400, "invalid-request", ExitCode.Usage)]
    [InlineData(401, "unauthenticated", ExitCode.NotAuthorised)]
    [InlineData(403, "forbidden", ExitCode.NotAuthorised)]
    [InlineData(403, "not-permitted", ExitCode.Refused)]
    [InlineData(404, "site-unknown", ExitCode.ExistsOrNotFound)]
    [InlineData(409, "extension-busy", ExitCode.Refused)]
    [InlineData(409, "last-admin-key", ExitCode.Refused)]
    [InlineData(412, "site-exists", ExitCode.ExistsOrNotFound)]
    [InlineData(412, "site-unknown", ExitCode.ExistsOrNotFound)]
    [InlineData(429, "too-many", ExitCode.Refused)]
    [InlineData(500, "internal-error", ExitCode.Refused)]
    [InlineData(503, "pbx-unreachable", ExitCode.Refused)]
    internal async Task A_problem_of_the_API_has_its_exit_code_and_its_sentence_on_standard_error(int status, string code, ExitCode expected)
    {
        await using var front = (await ScriptedFront.StartAsync()).Refuse("POST /api/pbx/sites/paris/calls", status, code, "This is what to do.");

        var run = await CommandRun.Of(front, ["call", "originate", "paris", "1001", "1002"]);

        run.ExitCode.Should().Be(expected);
        run.Error.Should().Contain("This is what to do.");
        run.Output.Should().BeEmpty();
    }

    [Theory]
    [InlineData("GET /api/pbx/cdrs", "cdr", "list")]
    [InlineData("GET /api/pbx/cdrs/4711", "cdr", "show", "4711")]
    [InlineData("GET /api/pbx/missed", "cdr", "missed")]
    [InlineData("GET /api/pbx/cdrs", "cdr", "export", "--format", "csv")]
    [InlineData("POST /api/pbx/sites/paris/imports", "cdr", "import", "--site", "paris", "--since", "2026-01-01")]
    [InlineData("GET /api/pbx/sites/paris/imports", "cdr", "import", "--site", "paris", "--cancel")]
    [InlineData("GET /api/pbx/calls/1", "call", "show", "1")]
    [InlineData("GET /api/pbx/sites/paris/completeness", "site", "completeness", "paris")]
    [InlineData("GET /api/pbx/sites/paris/retention", "site", "retention", "paris", "--records", "10")]
    [InlineData("GET /api/pbx/retention", "site", "retention")]
    [InlineData("GET /api/pbx/recordings/r1/info", "recording", "info", "r1")]
    [InlineData("GET /api/pbx/recordings/r1/info", "recording", "get", "r1", "--out", "/nowhere/r1.wav")]
    public async Task Every_command_of_the_history_tells_why_it_was_refused(string route, params string[] arguments)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .Refuse(route, 403, "forbidden", "This key may not.")
            .Refuse(route, 404, "record-unknown", "There is none.")
            .Refuse(route, 409, "site-suspended", "The site is suspended.")
            .Refuse(route, 503, "database-unavailable", "Try again.");

        var forbidden = await CommandRun.Of(front, arguments);
        var unknown = await CommandRun.Of(front, arguments, "fr_FR.UTF-8");
        var conflict = await CommandRun.Of(front, arguments);
        var away = await CommandRun.Of(front, arguments, "fr_FR.UTF-8");

        forbidden.ExitCode.Should().Be(ExitCode.NotAuthorised, forbidden.Everything);
        forbidden.Error.Should().Contain("This key may not.");
        unknown.ExitCode.Should().Be(ExitCode.ExistsOrNotFound);
        unknown.Error.Should().Contain("Cet enregistrement d'appel n'existe pas");
        conflict.ExitCode.Should().Be(ExitCode.Refused);
        away.ExitCode.Should().Be(ExitCode.Refused);
        away.Error.Should().Contain("La base de données ne répond pas");
        front.AskedOf(route).Should().HaveCount(4);
    }

    [Fact]
    public async Task Fields_that_cannot_be_used_are_named_one_per_line()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/keys", 400, """{"code":"invalid-request","detail":"One field cannot be used.","errors":{"name":["Give 1 to 100 characters."]}}""");

        var run = await CommandRun.Of(front, ["key", "create", "x", "--scope", "read"]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("One field cannot be used.").And.Contain("name: Give 1 to 100 characters.");
    }

    [Theory]
    [InlineData("en_US.UTF-8", "Nobody answers at http://127.0.0.1:")]
    [InlineData("fr_FR.UTF-8", "Personne ne répond à http://127.0.0.1:")]
    public async Task A_front_that_is_not_there_is_named_with_its_address(string language, string expected)
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}";

        var run = await CommandRun.Of(null, ["site", "list", "--url", url], language);

        run.ExitCode.Should().Be(ExitCode.NotReachable);
        run.Error.Should().Contain(expected).And.Contain("scripts/run.sh");
    }

    [Theory]
    [InlineData(200, "<html>hello</html>")]
    [InlineData(302, "")]
    [InlineData(404, "")]
    public async Task Something_else_at_the_address_is_not_mistaken_for_the_front(int status, string body)
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", status, body);

        var run = await CommandRun.Of(front, ["site", "list"]);

        run.ExitCode.Should().Be(ExitCode.NotReachable);
        run.Error.Should().Contain("but not the API of PbxGrains");
    }

    [Fact]
    public async Task Without_a_key_nothing_is_asked()
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["site", "list"], environment: new Dictionary<string, string?> { ["PBX_API_KEY"] = null });

        run.ExitCode.Should().Be(ExitCode.NotAuthorised);
        run.Error.Should().Contain("PBX_API_KEY");
        front.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("--key", "pbx_option_1", "pbx_option_1")]
    [InlineData("--key-file", null, "pbx_file_1")]
    [InlineData(null, null, CommandRun.Key)]
    public async Task The_key_comes_from_option_file_or_environment(string? option, string? value, string expected)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "pbx_file_1\n", TestContext.Current.CancellationToken);
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", 200, "[]");
        string[] arguments = option is null ? ["site", "list"] : ["site", "list", option, value ?? file];

        var run = await CommandRun.Of(front, arguments);
        File.Delete(file);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.Requests.Single().Headers["Authorization"].Should().Be("Bearer " + expected);
    }

    [Fact]
    public async Task A_key_file_that_is_not_there_is_named()
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["site", "list", "--key-file", "/nowhere/admin.key"]);

        run.ExitCode.Should().Be(ExitCode.NotAuthorised);
        run.Error.Should().Contain("/nowhere/admin.key");
    }

    [Theory]
    [InlineData("site")]
    [InlineData("site", "lst")]
    [InlineData("site", "show")]
    [InlineData("site", "list", "--lang", "de")]
    [InlineData("site", "list", "--url", "front")]
    [InlineData("key", "create", "crm", "--scope", "root")]
    [InlineData("site", "remove", "paris")]
    [InlineData("agent", "import", "/nowhere/agents.csv")]
    public async Task A_wrong_command_line_is_told_on_standard_error(params string[] arguments)
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, arguments);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().NotBeEmpty();
        run.Output.Should().BeEmpty();
        front.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_call_whose_start_is_unknown_is_no_success()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/paris/calls", 202, """{"originateId":"7b0c","state":"unknown","message":"The answer was lost."}""");

        var run = await CommandRun.Of(front, ["call", "originate", "paris", "1001", "1002"]);

        run.ExitCode.Should().Be(ExitCode.Refused);
        run.Error.Should().Contain("7b0c").And.Contain("not dialled again");
    }

    [Fact]
    public async Task An_interruption_has_its_own_code()
    {
        using var interrupt = new CancellationTokenSource();
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", () =>
        {
            interrupt.Cancel();
            return new Answer(200, "[]");
        });

        var run = await CommandRun.Of(front, ["site", "list"], interrupt: interrupt);

        run.ExitCode.Should().Be(ExitCode.Interrupted);
    }
}
