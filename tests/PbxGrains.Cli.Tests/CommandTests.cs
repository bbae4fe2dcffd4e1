using System.Text.Json;

namespace PbxGrains.Cli.Tests;

public sealed class CommandTests
{
    [Theory]
    [InlineData("en_US.UTF-8", "online", "The PBX answers and is polled.", "idle 18, busy 2")]
    [InlineData("fr_FR.UTF-8", "en ligne", "Tout va bien.", "libre 18, occupé 2")]
    public async Task Sites_are_listed_in_the_readers_language(string language, string health, string reason, string extensions)
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", 200, $"[{Samples.Online}]");

        var run = await CommandRun.Of(front, ["site", "list"], language);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        var cells = run.Output.Split('\n')[1].Split('\t');
        cells[..4].Should().Equal("paris", "Paris", health, reason);
        cells[4].Should().Be("2.0.0 / 30.13.0.30");
        cells[5].Should().Be(extensions);
        cells[8].Should().Be("serial-number-contradicts");
    }

    [Fact]
    public async Task On_a_terminal_a_list_is_a_table()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", 200, $"[{Samples.Online}]");

        var run = await CommandRun.Of(front, ["site", "list"], answers: []);

        run.Output.Should().Contain("│").And.Contain("paris").And.NotContain("\t");
    }

    [Fact]
    public async Task The_language_option_wins_over_the_environment()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", 200, "[]");

        var run = await CommandRun.Of(front, ["site", "list", "--lang", "fr"]);

        run.Output.Should().StartWith("Aucun site encore");
    }

    [Theory]
    [InlineData("GET /api/pbx/sites", "site", "list")]
    [InlineData("GET /api/pbx/sites/paris/extensions", "extension", "list", "paris")]
    [InlineData("GET /api/pbx/sites/paris/calls", "call", "list", "paris")]
    [InlineData("GET /api/pbx/keys", "key", "list")]
    [InlineData("GET /api/pbx/agents", "agent", "list")]
    public async Task With_json_the_APIs_text_is_printed_as_it_came(string route, params string[] arguments)
    {
        const string Json = """[{"name":"é", "new":1 }]""";
        await using var front = (await ScriptedFront.StartAsync()).On(route, 200, Json);

        var run = await CommandRun.Of(front, [.. arguments, "--json"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.TrimEnd().Should().Be(Json);
    }

    [Fact]
    public async Task A_site_whose_actor_cannot_be_asked_is_shown_all_the_same()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris", 200, """{"siteId":"paris","name":"Paris","address":"https://10.1.0.254:8088","status":null}""");

        var run = await CommandRun.Of(front, ["site", "show", "paris"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("unknown").And.Contain("https://10.1.0.254:8088");
    }

    [Fact]
    public async Task Warnings_of_a_site_are_shown()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites/paris", 200, Samples.Online);

        var run = await CommandRun.Of(front, ["site", "show", "paris"]);

        run.Output.Should().Contain("A report carried another serial number.");
    }

    [Fact]
    public async Task Removing_a_site_asks_first()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("DELETE /api/pbx/sites/paris", 204);

        var refused = await CommandRun.Of(front, ["site", "remove", "paris"], answers: ["n"]);
        front.Requests.Should().BeEmpty();
        var done = await CommandRun.Of(front, ["site", "remove", "paris"], answers: ["y"]);

        refused.ExitCode.Should().Be(ExitCode.Refused);
        done.ExitCode.Should().Be(ExitCode.Ok, done.Everything);
        front.AskedOf("DELETE /api/pbx/sites/paris").Should().ContainSingle();
    }

    [Fact]
    public async Task Suspending_passes_the_reason_on()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/paris/suspend", 200, Samples.Online)
            .On("POST /api/pbx/sites/paris/resume", 200, Samples.Online);

        var suspended = await CommandRun.Of(front, ["site", "suspend", "paris", "--reason", "Firmware"]);
        var resumed = await CommandRun.Of(front, ["site", "resume", "paris"]);

        suspended.ExitCode.Should().Be(ExitCode.Ok, suspended.Everything);
        resumed.ExitCode.Should().Be(ExitCode.Ok, resumed.Everything);
        front.AskedOf("POST /api/pbx/sites/paris/suspend").Single().Body.Should().Be("""{"reason":"Firmware"}""");
    }

    [Fact]
    public async Task A_new_webhook_secret_comes_with_the_end_of_the_old_one()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/paris/webhook-secret", 200, $$"""{"url":"{{Samples.WebhookUrl}}","secret":"s3cr3t-s3cr3t-s3cr3t-s3cr3t","previousValidUntil":"2026-11-23T10:00:00Z"}""");

        var run = await CommandRun.Of(front, ["site", "webhook-secret", "paris", "--overlap-hours", "48"]);

        run.Output.Should().Contain(Samples.WebhookUrl).And.Contain("11/23/2026");
        front.Requests.Single().Body.Should().Be("""{"overlapHours":48}""");
    }

    [Fact]
    public async Task An_originate_carries_a_key_of_its_own_each_time()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/paris/calls", 201, """{"originateId":"7b0c","state":"accepted","callId":"1544613634.107","replayed":false}""");

        var run = await CommandRun.Of(front, ["call", "originate", "paris", "1001", "0612345678", "--auto-answer"]);
        await CommandRun.Of(front, ["call", "originate", "paris", "1001", "0612345678"]);
        await CommandRun.Of(front, ["call", "originate", "paris", "1001", "0612345678", "--idempotency-key", "mine"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("1544613634.107");
        var asked = front.Requests.ToList();
        asked[0].Body.Should().Be("""{"extension":"1001","destination":"0612345678","autoAnswer":true}""");
        asked.Select(one => one.Headers["Idempotency-Key"]).Should().OnlyHaveUniqueItems().And.EndWith("mine");
    }

    [Fact]
    public async Task A_call_is_hung_up_by_its_id()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("DELETE /api/pbx/sites/paris/calls/1544613634.107", 204);

        var run = await CommandRun.Of(front, ["call", "hangup", "paris", "1544613634.107", "--extension", "1001"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.Requests.Single().Query.Should().Be("?extension=1001");
    }

    [Fact]
    public async Task A_stale_extension_shows_what_it_was()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris/extensions", 200, """[{"number":"0010","name":"Anne","status":"unknown","stale":true,"lastKnownStatus":"idle","source":"poll","ageSeconds":75}]""");

        var run = await CommandRun.Of(front, ["extension", "list", "paris"]);

        run.Output.Should().Contain("0010\tAnne\tunknown (was idle)").And.Contain("75 s ago");
    }

    [Fact]
    public async Task A_new_key_is_shown_alone_on_a_line()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/keys", 201, """{"keyId":"k7f3","name":"crm","scope":"operate","key":"pbx_k7f3_secret"}""");

        var run = await CommandRun.Of(front, ["key", "create", "crm", "--scope", "operate"]);

        run.Output.Split('\n').Should().Contain("pbx_k7f3_secret");
        using var body = JsonDocument.Parse(front.Requests.Single().Body);
        body.RootElement.GetProperty("scope").GetString().Should().Be("operate");
    }
}
