using System.Text.Json;

namespace PbxGrains.Cli.Tests.Sites;

public sealed class AddSiteWithQuestionsTests
{
    private static readonly string[] Add = ["site", "add", "--wait", "0"];

    [Fact]
    public async Task Answers_lead_to_a_site_and_the_password_is_not_shown()
    {
        await using var front = Working(await ScriptedFront.StartAsync());

        var run = await CommandRun.Of(front, Add, answers: ["paris", "Paris", "10.1.0.254", "api", Samples.Password, "Etc/UTC", "y"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(Samples.WebhookUrl);
        run.Everything.Should().NotContain(Samples.Password);
        Saved(front).GetProperty("certificatePins")[0].GetString().Should().Be(Samples.Pin);
    }

    [Fact]
    public async Task French_is_spoken_where_the_machine_speaks_it()
    {
        await using var front = Working(await ScriptedFront.StartAsync());

        var run = await CommandRun.Of(front, Add, language: "fr_FR.UTF-8", answers: ["paris", "Paris", "10.1.0.254", "api", Samples.Password, "Etc/UTC", "o"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("Identifiant du site").And.Contain("Faire confiance à ce certificat").And.Contain("Le site paris est enregistré.").And.NotContain("Site id");
    }

    [Fact]
    public async Task A_wrong_answer_is_told_at_once_and_asked_again()
    {
        await using var front = Working(await ScriptedFront.StartAsync());

        var run = await CommandRun.Of(
            front,
            Add,
            answers: ["Paris 9", "paris", "", "https://10.1.0.254:8088/webapi", "10.1.0.254", "api", "", Samples.Password, "Mars/Olympus", "Etc/UTC", "y"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Error.Should().Contain("'paris-9' would be one").And.Contain("https://10.1.0.254:8088 is enough").And.Contain("A password is needed").And.Contain("Mars/Olympus");
        Saved(front).GetProperty("name").GetString().Should().Be("paris");
    }

    [Fact]
    public async Task An_id_that_is_taken_is_told_at_once()
    {
        await using var front = Working(await ScriptedFront.StartAsync()).On("GET /api/pbx/sites/lyon", 200, Samples.Online);

        var run = await CommandRun.Of(front, Add, answers: ["lyon", "paris", "Paris", "10.1.0.254", "api", Samples.Password, "Etc/UTC", "y"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Error.Should().Contain("Site lyon exists already");
    }

    [Fact]
    public async Task An_address_where_nobody_answers_can_be_corrected()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeNoConnection)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved);

        var run = await CommandRun.Of(front, Add, answers: ["paris", "Paris", "10.1.0.254", "api", Samples.Password, "Etc/UTC", "10.2.0.254", "y"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Error.Should().Contain("Connection: Nobody answers at 10.1.0.254 port 8088.");
        Saved(front).GetProperty("address").GetString().Should().Be("https://10.2.0.254:8088");
    }

    [Fact]
    public async Task A_refused_login_is_tried_again_only_with_a_password_typed_again()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeWrongLogin)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved);

        var run = await CommandRun.Of(front, Add, answers: ["paris", "Paris", "10.1.0.254", "api", "wrong-one", "Etc/UTC", "y", "", Samples.Password]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("Refused logins so far: 1.");
        front.AskedOf("POST /api/pbx/sites/probe").Count(asked => asked.Body.Contains("wrong-one", StringComparison.Ordinal) && asked.Body.Contains(Samples.Pin, StringComparison.Ordinal)).Should().Be(1);
        Saved(front).GetProperty("password").GetString().Should().Be(Samples.Password);
    }

    [Theory]
    [InlineData("address-locked")]
    [InlineData("login-budget-spent")]
    public async Task Where_another_login_would_do_harm_none_is_offered(string failure)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
            .On("POST /api/pbx/sites/probe", 200, $$"""{"reached":"login","failure":"{{failure}}","message":"Wait ten minutes.","certificatePin":"{{Samples.Pin}}"}""");

        var run = await CommandRun.Of(front, Add, answers: ["paris", "Paris", "10.1.0.254", "api", Samples.Password, "Etc/UTC", "y"]);

        run.ExitCode.Should().Be(ExitCode.Refused, run.Everything);
        run.Error.Should().Contain("Wait ten minutes.");
        front.AskedOf("PUT /api/pbx/sites/paris").Should().BeEmpty();
    }

    [Fact]
    public async Task A_time_zone_the_PBX_contradicts_can_be_corrected()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone(utcOffsetMinutes: 330))
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved);

        var run = await CommandRun.Of(front, Add, answers: ["paris", "Paris", "10.1.0.254", "api", Samples.Password, "Etc/UTC", "y", "Asia/Kolkata"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Error.Should().Contain("UTC+05:30");
        Saved(front).GetProperty("timeZone").GetString().Should().Be("Asia/Kolkata");
    }

    [Fact]
    public async Task Another_wrong_time_zone_is_told_too_and_one_that_is_insisted_on_is_taken()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone(utcOffsetMinutes: 330))
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved);

        var run = await CommandRun.Of(front, Add, answers: ["paris", "Paris", "10.1.0.254", "api", Samples.Password, "Etc/UTC", "y", "Asia/Tokyo", ""]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Error.Should().Contain("Etc/UTC is at UTC+00:00").And.Contain("Asia/Tokyo is at UTC+09:00");
        run.Output.Should().NotContain("clock agrees");
        Saved(front).GetProperty("timeZone").GetString().Should().Be("Asia/Tokyo");
    }

    [Theory]
    [InlineData("en_US.UTF-8", "YES", "[Y/n]")]
    [InlineData("en_US.UTF-8", "", "[Y/n]")]
    [InlineData("fr_FR.UTF-8", "oui", "[O/n]")]
    [InlineData("fr_FR.UTF-8", "O", "[O/n]")]
    public async Task Yes_may_be_written_out(string language, string yes, string choice)
    {
        await using var front = Working(await ScriptedFront.StartAsync());

        var run = await CommandRun.Of(front, Add, language, answers: ["paris", "Paris", "10.1.0.254", "api", Samples.Password, "Etc/UTC", "what?", yes]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(choice);
        run.Error.Should().ContainAny("Answer y or n.", "Répondez o ou n.");
        Saved(front).GetProperty("certificatePins")[0].GetString().Should().Be(Samples.Pin);
    }

    [Theory]
    [InlineData("en_US.UTF-8", "Name (paris):")]
    [InlineData("fr_FR.UTF-8", "Nom (paris)\u00A0:")]
    public async Task A_suggestion_stands_before_the_colon_and_Enter_takes_it(string language, string question)
    {
        await using var front = Working(await ScriptedFront.StartAsync());

        var run = await CommandRun.Of(front, Add, language, answers: ["paris", "", "10.1.0.254", "api", Samples.Password, "Etc/UTC", ""]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(question);
        Saved(front).GetProperty("name").GetString().Should().Be("paris");
    }

    [Fact]
    public async Task Plain_HTTP_is_used_only_after_a_yes()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved);

        var run = await CommandRun.Of(front, Add, answers: ["paris", "Paris", "http://10.1.0.254:8088", "n", "http://10.1.0.254:8088", "y", "api", Samples.Password, "Etc/UTC"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        Saved(front).GetProperty("allowPlainHttp").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Enter_keeps_every_stored_value_on_an_update()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris", 200, Samples.Online)
            .On("PUT /api/pbx/sites/paris", 200, Samples.SavedUpdate);

        var run = await CommandRun.Of(front, [.. Add, "--update", "--id", "paris"], answers: ["", "", "", "", ""]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.AskedOf("POST /api/pbx/sites/probe").Should().BeEmpty();
        Saved(front).TryGetProperty("password", out _).Should().BeFalse();
        Saved(front).GetProperty("name").GetString().Should().Be("Paris");
    }

    [Fact]
    public async Task An_interruption_before_saving_stores_nothing()
    {
        await using var front = Working(await ScriptedFront.StartAsync());
        using var interrupt = new CancellationTokenSource();
        front.On("GET /api/pbx/sites/paris", () =>
        {
            interrupt.Cancel();
            return new Answer(404, """{"code":"site-unknown"}""");
        });

        var run = await CommandRun.Of(front, Add, answers: ["paris"], interrupt: interrupt);

        run.ExitCode.Should().Be(ExitCode.Interrupted);
        run.Error.Should().Contain("Nothing was saved.");
        front.AskedOf("PUT /api/pbx/sites/paris").Should().BeEmpty();
    }

    [Fact]
    public async Task An_interruption_while_waiting_says_that_the_site_is_saved()
    {
        using var interrupt = new CancellationTokenSource();
        await using var front = Working(await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris", 404, """{"code":"site-unknown"}""")
            .On("GET /api/pbx/sites/paris", () =>
            {
                interrupt.Cancel();
                return new Answer(200, Samples.Connecting);
            });

        var run = await CommandRun.Of(front, ["site", "add"], answers: ["paris", "Paris", "10.1.0.254", "api", Samples.Password, "Etc/UTC", "y"], interrupt: interrupt);

        run.ExitCode.Should().Be(ExitCode.Interrupted);
        run.Error.Should().Contain("The site is saved");
        front.AskedOf("PUT /api/pbx/sites/paris").Should().ContainSingle();
    }

    private static ScriptedFront Working(ScriptedFront front) => front
        .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
        .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
        .On("PUT /api/pbx/sites/paris", 201, Samples.Saved);

    private static JsonElement Saved(ScriptedFront front) =>
        JsonDocument.Parse(front.AskedOf("PUT /api/pbx/sites/paris").Should().ContainSingle().Subject.Body).RootElement;
}
