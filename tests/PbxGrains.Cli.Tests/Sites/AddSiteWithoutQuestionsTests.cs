using System.Text.Json;

namespace PbxGrains.Cli.Tests.Sites;

public sealed class AddSiteWithoutQuestionsTests
{
    private static readonly string[] Accepting = [.. Samples.AddFlags, "--accept-certificate"];

    [Fact]
    public async Task A_site_is_saved_once_certificate_login_and_device_are_known()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved)
            .On("GET /api/pbx/sites/paris", 404, """{"code":"site-unknown","detail":"No such site."}""")
            .On("GET /api/pbx/sites/paris", 200, Samples.Connecting)
            .On("GET /api/pbx/sites/paris", 200, Samples.Online);

        var run = await CommandRun.Of(front, Accepting, stdin: Samples.Password + "\n");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(Samples.WebhookUrl).And.Contain("Settings > PBX > General > API").And.Contain("CN=Yeastar").And.Contain("20 extensions");
        var saved = front.AskedOf("PUT /api/pbx/sites/paris").Should().ContainSingle().Subject;
        saved.Headers["If-None-Match"].Should().Be("*");
        saved.Headers["Authorization"].Should().Be("Bearer " + CommandRun.Key);
        using var body = JsonDocument.Parse(saved.Body);
        body.RootElement.GetProperty("address").GetString().Should().Be("https://10.1.0.254:8088");
        body.RootElement.GetProperty("password").GetString().Should().Be(Samples.Password);
        body.RootElement.GetProperty("certificatePins")[0].GetString().Should().Be(Samples.Pin);
    }

    [Fact]
    public async Task Before_the_certificate_is_known_a_pin_is_demanded_that_no_certificate_has()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved);

        await CommandRun.Of(front, [.. Accepting, "--wait", "0"], stdin: Samples.Password);

        var pins = front.AskedOf("POST /api/pbx/sites/probe").Select(asked => JsonDocument.Parse(asked.Body).RootElement.GetProperty("certificatePins")[0].GetString()).ToList();
        pins.Should().Equal(Convert.ToBase64String(new byte[32]), Samples.Pin);
    }

    [Fact]
    public async Task An_unconfirmed_certificate_is_shown_and_nothing_is_saved()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate);

        var run = await CommandRun.Of(front, Samples.AddFlags, stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Refused);
        run.Error.Should().Contain("--pin " + Samples.Pin).And.Contain("--accept-certificate");
        front.AskedOf("POST /api/pbx/sites/probe").Should().ContainSingle();
        front.AskedOf("PUT /api/pbx/sites/paris").Should().BeEmpty();
    }

    [Fact]
    public async Task Everything_that_is_missing_is_listed_at_once()
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["site", "add", "--non-interactive", "--id", "paris"]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("--name").And.Contain("--address").And.Contain("--user").And.Contain("--time-zone").And.Contain("--password-file").And.NotContain("--id");
        front.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_listed_at_once()
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["site", "add", "--id", "Paris 9", "--address", "10.1.0.2544", "--time-zone", "paris", "--pin", "x", "--country", "FRA"]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("'paris-9' would be one").And.Contain("10.1.0.2544").And.Contain("Did you mean Europe/Paris").And.Contain("FRA").And.Contain("pin");
        front.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_site_that_exists_is_not_touched_without_update()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites/paris", 200, Samples.Online);

        var run = await CommandRun.Of(front, Accepting, stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.ExistsOrNotFound);
        run.Error.Should().Contain("exists already").And.Contain("--update");
        front.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task A_site_made_meanwhile_by_somebody_else_is_not_overwritten()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .Refuse("PUT /api/pbx/sites/paris", 412, "site-exists", "A site 'paris' is registered.");

        var run = await CommandRun.Of(front, Accepting, stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.ExistsOrNotFound);
        run.Error.Should().Contain("A site 'paris' is registered.");
    }

    [Fact]
    public async Task Updating_a_site_that_does_not_exist_is_refused()
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, [.. Accepting, "--update"], stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.ExistsOrNotFound);
        front.AskedOf("PUT /api/pbx/sites/paris").Should().BeEmpty();
    }

    [Fact]
    public async Task Changing_only_the_name_asks_the_PBX_nothing_and_sends_only_the_name()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris", 200, Samples.Online)
            .On("PUT /api/pbx/sites/paris", 200, Samples.SavedUpdate);

        var run = await CommandRun.Of(front, ["site", "update", "paris", "--name", "Paris 9e", "--wait", "0"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.AskedOf("POST /api/pbx/sites/probe").Should().BeEmpty();
        var saved = front.AskedOf("PUT /api/pbx/sites/paris").Single();
        saved.Headers["If-Match"].Should().Be("*");
        saved.Body.Should().Be("""{"name":"Paris 9e"}""");
    }

    [Fact]
    public async Task A_new_address_wants_the_password_again()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites/paris", 200, Samples.Online);

        var run = await CommandRun.Of(front, ["site", "update", "paris", "--address", "10.9.0.254"]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("--password-stdin");
        front.AskedOf("PUT /api/pbx/sites/paris").Should().BeEmpty();
    }

    [Fact]
    public async Task A_new_password_is_tested_against_the_pinned_certificate()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris", 200, Samples.Online)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .On("PUT /api/pbx/sites/paris", 200, Samples.SavedUpdate);

        var run = await CommandRun.Of(front, ["site", "update", "paris", "--password-stdin", "--wait", "0"], stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.AskedOf("POST /api/pbx/sites/probe").Should().ContainSingle().Which.Body.Should().Contain(Samples.Pin).And.Contain("\"siteId\":\"paris\"");
    }

    [Fact]
    public async Task A_refused_login_is_tried_once_and_nothing_is_saved()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("POST /api/pbx/sites/probe", 200, Samples.ProbeWrongLogin);

        var run = await CommandRun.Of(front, [.. Samples.AddFlags, "--pin", Samples.Pin], stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Refused);
        run.Error.Should().Contain("Login: User or password is wrong.");
        front.AskedOf("POST /api/pbx/sites/probe").Should().ContainSingle();
        front.AskedOf("PUT /api/pbx/sites/paris").Should().BeEmpty();
    }

    [Fact]
    public async Task Plain_HTTP_must_be_meant()
    {
        await using var front = await ScriptedFront.StartAsync();
        string[] flags = [.. Samples.AddFlags.Select(flag => flag == "10.1.0.254" ? "http://10.1.0.254:8088" : flag)];

        var run = await CommandRun.Of(front, flags, stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("--plain-http");
    }

    [Fact]
    public async Task A_first_poll_that_never_comes_ends_with_the_reason_and_the_site_stays_saved()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved)
            .On("GET /api/pbx/sites/paris", 404, """{"code":"site-unknown"}""")
            .On("GET /api/pbx/sites/paris", 200, Samples.Rejected);

        var run = await CommandRun.Of(front, [.. Samples.AddFlags, "--pin", Samples.Pin], stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Refused);
        run.Error.Should().Contain("is saved").And.Contain("The PBX rejects user or password.");
    }

    [Fact]
    public async Task With_json_the_output_is_the_APIs_answer_and_nothing_else()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved);

        var run = await CommandRun.Of(front, [.. Samples.AddFlags, "--pin", Samples.Pin, "--wait", "0", "--json"], stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.TrimEnd().Should().Be(Samples.Saved);
    }

    [Fact]
    public async Task The_password_comes_from_a_file_and_is_never_shown()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Samples.Password + "\n", TestContext.Current.CancellationToken);
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeWrongLogin);
        string[] flags = [.. Samples.AddFlags.Where(flag => flag != "--password-stdin"), "--password-file", file, "--pin", Samples.Pin];

        var run = await CommandRun.Of(front, flags);
        File.Delete(file);

        run.ExitCode.Should().Be(ExitCode.Refused);
        front.AskedOf("POST /api/pbx/sites/probe").Single().Body.Should().Contain(Samples.Password);
        run.Everything.Should().NotContain(Samples.Password);
    }

    [Fact]
    public async Task There_is_no_option_for_a_password_on_the_command_line()
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["site", "add", "--password", Samples.Password]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        front.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData(60, 0.4, "UTC+01:00")]
    [InlineData(0, 90, "90 s fast")]
    [InlineData(0, -90, "90 s slow")]
    public async Task A_clock_that_is_wrong_is_mentioned(int offset, double skew, string expected)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone(offset, skew))
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved);

        var run = await CommandRun.Of(front, [.. Samples.AddFlags, "--pin", Samples.Pin, "--wait", "0"], stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Error.Should().Contain(expected);
    }
}
