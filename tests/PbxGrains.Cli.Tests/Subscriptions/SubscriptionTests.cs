namespace PbxGrains.Cli.Tests.Subscriptions;

public sealed class SubscriptionTests
{
    private const string Id = "0192f0c1-7a3b-7c00-8000-000000000001";
    private const string Route = "/api/pbx/subscriptions";
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private const string One = $$"""
        {"id":"{{Id}}","url":"https://crm.example/hooks","types":["pbx.call.*"],"sites":[],"description":"CRM","enabled":true,"disabledReason":null,
         "failingSince":null,"createdAt":"2026-11-22T10:00:00Z","cursor":"1-48213-907","missed":null}
        """;

    private const string Off = $$"""
        {"id":"{{Id}}","url":"https://crm.example/hooks","types":[],"sites":["paris","lyon"],"enabled":false,"disabledReason":"failing","cursor":"1-1-1",
         "missed":{"from":"1-1-1","until":"1-9-9","noticedAt":"2026-11-22T10:00:00Z"} }
        """;

    [Theory]
    [InlineData("en_US.UTF-8", "on\tpbx.call.*\tall\tCRM", "off: nothing succeeded for days\tall\tparis, lyon")]
    [InlineData("fr_FR.UTF-8", "allumé\tpbx.call.*\ttous\tCRM", "éteint : rien n'a réussi pendant des jours\ttous\tparis, lyon")]
    public async Task Subscriptions_are_listed_in_the_readers_language(string language, string on, string off)
    {
        await using var front = (await ScriptedFront.StartAsync()).On($"GET {Route}", 200, $"[{One},{Off}]");

        var run = await CommandRun.Of(front, ["subscription", "list"], language);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(on).And.Contain(off);
    }

    [Fact]
    public async Task A_new_secret_is_shown_alone_on_a_line()
    {
        await using var front = (await ScriptedFront.StartAsync()).On($"POST {Route}", 201, $$"""{"subscription":{{One}},"secret":"{{Secret}}"}""");

        var run = await CommandRun.Of(front, ["subscription", "add", "https://crm.example/hooks", "--type", "pbx.call.*", "--description", "CRM"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Split('\n').Should().Contain(Secret);
        front.Requests.Single().Body.Should().Be("""{"url":"https://crm.example/hooks","types":["pbx.call.*"],"sites":[],"description":"CRM"}""");
    }

    [Fact]
    public async Task A_secret_of_ones_own_comes_from_standard_input()
    {
        await using var front = (await ScriptedFront.StartAsync()).On($"POST {Route}/{Id}/secret", 200, $$"""{"secret":"{{Secret}}","previousValidUntil":"2026-11-23T10:00:00Z"}""");

        var run = await CommandRun.Of(front, ["subscription", "rotate", Id, "--overlap-hours", "48", "--secret-stdin"], stdin: Secret + "\n");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("2026-11-23");
        front.Requests.Single().Body.Should().Be($$"""{"secret":"{{Secret}}","overlapHours":48}""");
    }

    [Theory]
    [InlineData("""{"enabled":true}""", "--enable")]
    [InlineData("""{"types":[],"sites":["paris","lyon"],"enabled":false}""", "--type", "all", "--site", "paris", "--site", "lyon", "--disable")]
    [InlineData("""{"url":"https://crm.example/new","description":""}""", "--target", "https://crm.example/new", "--description", "")]
    public async Task What_is_not_given_stays(string body, params string[] options)
    {
        await using var front = (await ScriptedFront.StartAsync()).On($"PATCH {Route}/{Id}", 200, Off);

        var run = await CommandRun.Of(front, ["subscription", "update", Id, .. options]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.Requests.Single().Body.Should().Be(body);
        run.Error.Should().Contain("1-9-9", "what was missed deserves a look");
    }

    [Theory]
    [InlineData("subscription", "update", Id)]
    [InlineData("subscription", "update", Id, "--enable", "--disable")]
    [InlineData("subscription", "replay", Id)]
    [InlineData("subscription", "replay", Id, "--from", "2h", "--after", "1-1-1")]
    [InlineData("subscription", "replay", Id, "--from", "soon")]
    [InlineData("subscription", "remove", Id)]
    public async Task What_makes_no_sense_is_refused_before_anything_is_asked(params string[] arguments)
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, arguments);

        run.ExitCode.Should().Be(ExitCode.Usage, run.Everything);
        run.Error.Should().NotBeEmpty();
        front.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_test_waits_for_what_comes_of_it()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On($"POST {Route}/{Id}/test", 202, """{"id":7,"state":"pending","attempts":[]}""")
            .On($"GET {Route}/{Id}/deliveries/7", 200, """{"id":7,"state":"sending","attempts":[]}""")
            .On($"GET {Route}/{Id}/deliveries/7", 200, """{"id":7,"state":"delivered","attempts":[{"at":"2026-11-22T10:00:00Z","milliseconds":12,"status":204}]}""");

        var run = await CommandRun.Of(front, ["subscription", "test", Id]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("status 204 after 12 ms");
    }

    [Fact]
    public async Task A_test_that_fails_says_why()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On($"POST {Route}/{Id}/test", 202, """{"id":7,"state":"pending","attempts":[]}""")
            .On($"GET {Route}/{Id}/deliveries/7", 200, """{"id":7,"state":"failed","attempts":[{"milliseconds":3,"status":500,"error":"The target answered 500."}]}""");

        var run = await CommandRun.Of(front, ["subscription", "test", Id]);

        run.ExitCode.Should().Be(ExitCode.Refused);
        run.Error.Should().Contain("The target answered 500.");
    }

    [Fact]
    public async Task Deliveries_are_listed_with_their_last_attempt()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(
            $"GET {Route}/{Id}/deliveries",
            200,
            """
            {"items":[{"id":9,"eventId":"e","type":"pbx.call.ended","state":"pending","tries":2,"nextTryAt":"2026-11-22T10:05:00Z","createdAt":"2026-11-22T10:00:00Z",
             "attempts":[{"milliseconds":3,"status":null,"error":"No answer."},{"milliseconds":4,"status":503,"error":"The target answered 503."}]}],"next":"9"}
            """);

        var run = await CommandRun.Of(front, ["subscription", "deliveries", Id, "--state", "pending", "--limit", "1"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("pbx.call.ended\twaiting\t2\t503, 4 ms: The target answered 503.");
        run.Error.Should().Contain("--after 9");
        front.Requests.Single().Query.Should().Be("?state=pending&limit=1");
    }

    [Fact]
    public async Task A_delivery_is_sent_again_and_a_subscription_removed()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On($"POST {Route}/{Id}/deliveries/4711/resend", 202, """{"id":4711,"eventId":"0192f0c1","state":"pending"}""")
            .On($"DELETE {Route}/{Id}", 204);

        var resent = await CommandRun.Of(front, ["subscription", "resend", Id, "4711"]);
        var removed = await CommandRun.Of(front, ["subscription", "remove", Id, "--yes"]);

        resent.ExitCode.Should().Be(ExitCode.Ok, resent.Everything);
        resent.Output.Should().Contain("4711").And.Contain("0192f0c1");
        removed.ExitCode.Should().Be(ExitCode.Ok, removed.Everything);
    }

    [Fact]
    public async Task A_replay_is_asked_for_by_time_or_by_cursor()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(
            $"POST {Route}/{Id}/replay", 202, """{"replay":3,"missed":{"from":"1-1-1","until":"1-9-9","noticedAt":"2026-11-22T10:00:00Z"} }""");

        var byTime = await CommandRun.Of(front, ["subscription", "replay", Id, "--from", "2026-11-22T08:00Z", "--to", "2026-11-22T09:00Z"]);
        var byCursor = await CommandRun.Of(front, ["subscription", "replay", Id, "--after", "1-1-1"]);

        byTime.ExitCode.Should().Be(ExitCode.Ok, byTime.Everything);
        byTime.Error.Should().Contain("1-9-9");
        byCursor.Output.Should().Contain("Replay 3");
        front.Requests.Select(asked => asked.Body).Should().Equal("""{"from":"2026-11-22T08:00:00Z","to":"2026-11-22T09:00:00Z"}""", """{"after":"1-1-1"}""");
    }

    [Fact]
    public async Task What_is_switched_off_is_told_in_the_readers_language()
    {
        await using var front = (await ScriptedFront.StartAsync()).Refuse($"POST {Route}/{Id}/test", 409, "subscription-disabled", "The subscription is switched off.");

        var run = await CommandRun.Of(front, ["subscription", "test", Id], "fr_FR.UTF-8");

        run.ExitCode.Should().Be(ExitCode.Refused);
        run.Error.Should().Contain("éteint");
    }
}
