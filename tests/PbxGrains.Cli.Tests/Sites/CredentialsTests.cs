using System.Text.Json;

namespace PbxGrains.Cli.Tests.Sites;

public sealed class CredentialsTests
{
    private const string Route = "PUT /api/pbx/sites/paris/credentials";

    private static readonly string Changed = $$"""{"site":{{Samples.Connecting}},"proof":{{Samples.ProbeDone()}} }""";

    [Fact]
    public async Task New_credentials_are_sent_once_and_the_first_poll_with_them_is_awaited()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris", 200, Samples.Online)
            .On("GET /api/pbx/sites/paris", 200, Samples.Connecting)
            .On("GET /api/pbx/sites/paris", 200, Samples.Online.Replace("10:00:05", "10:00:09", StringComparison.Ordinal))
            .On(Route, 200, Changed);

        var run = await CommandRun.Of(front, ["site", "credentials", "paris", "--user", "api2", "--password-stdin"], stdin: Samples.Password + "\n");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("uses them from now on").And.Contain("The site is supervised");
        using var body = JsonDocument.Parse(front.AskedOf(Route).Single().Body);
        body.RootElement.GetProperty("userName").GetString().Should().Be("api2");
        body.RootElement.GetProperty("password").GetString().Should().Be(Samples.Password);
        run.Everything.Should().NotContain(Samples.Password);
    }

    [Fact]
    public async Task A_person_is_asked_for_the_password_unseen()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites/paris", 200, Samples.Online).On(Route, 200, Changed);

        var run = await CommandRun.Of(front, ["site", "credentials", "paris", "--wait", "0"], answers: [Samples.Password]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("user api").And.NotContain(Samples.Password);
        front.AskedOf(Route).Single().Body.Should().Contain(Samples.Password).And.NotContain("userName");
    }

    [Theory]
    [InlineData("en_US.UTF-8", "User or password is wrong.", "Nothing was changed")]
    [InlineData("fr_FR.UTF-8", "Rien n’a été modifié", "mot de passe")]
    public async Task Wrong_ones_change_nothing_and_that_is_said(string language, string first, string second)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris", 200, Samples.Online)
            .On(Route, 409, """{"code":"credentials-not-proven","detail":"User or password is wrong. Nothing was changed: the stored credentials stay in force.","reached":"login","failure":"wrong-credentials"}""");

        var run = await CommandRun.Of(front, ["site", "credentials", "paris", "--password-stdin"], language, stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Refused, run.Everything);
        run.Error.Should().Contain(first).And.Contain(second);
        front.AskedOf(Route).Should().ContainSingle("a PBX locks out after few failures");
    }

    [Fact]
    public async Task Without_anybody_to_ask_the_password_must_be_given()
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["site", "credentials", "paris"]);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("--password-stdin");
        front.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_site_that_does_not_exist_is_asked_no_password()
    {
        await using var front = (await ScriptedFront.StartAsync()).Refuse("GET /api/pbx/sites/lyon", 404, "site-unknown", "No such site.");

        var run = await CommandRun.Of(front, ["site", "credentials", "lyon"], answers: []);

        run.ExitCode.Should().Be(ExitCode.ExistsOrNotFound, run.Everything);
    }
}
