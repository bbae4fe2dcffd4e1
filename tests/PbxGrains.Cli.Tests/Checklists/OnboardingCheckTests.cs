using static PbxGrains.Cli.Tests.Checklists.ChecklistSamples;

namespace PbxGrains.Cli.Tests.Checklists;

public sealed class OnboardingCheckTests
{
    private static readonly string[] Add = [.. Samples.AddFlags, "--accept-certificate"];

    [Fact]
    public async Task A_registration_ends_with_the_checklist()
    {
        await using var front = (await RegisteringAsync()).On(Route, Lines("fail", Items));

        var run = await CommandRun.Of(front, Add, stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Ok, "the site is registered whatever the checklist says");
        run.Output.Should().Contain("The site is supervised").And.Contain("✗ The login works").And.Contain("→ Set the password").And.Contain("'pbx site check paris'");
        front.AskedOf(Route).Single().Body.Should().Be("""{"trigger":"onboarding"}""");
    }

    [Theory]
    [InlineData("--no-check")]
    [InlineData("--wait", "0")]
    public async Task It_can_be_left_out(params string[] flags)
    {
        await using var front = (await RegisteringAsync()).On(Route, Lines("pass", Items));

        var run = await CommandRun.Of(front, [.. Add, .. flags], stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.AskedOf(Route).Should().BeEmpty();
    }

    [Theory]
    [InlineData(404, "not-found")]
    [InlineData(405, "method-not-allowed")]
    public async Task A_front_without_checklists_is_left_in_peace(int status, string code)
    {
        await using var front = (await RegisteringAsync()).Refuse(Route, status, code, "Nothing of that name.");

        var run = await CommandRun.Of(front, Add, stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Everything.Should().NotContain("Nothing of that name.").And.NotContain("Checking");
    }

    [Fact]
    public async Task A_checklist_that_cannot_run_is_told_and_the_site_stays()
    {
        await using var front = (await RegisteringAsync()).Refuse(Route, 503, "cluster-busy", "Try again in a moment.");

        var run = await CommandRun.Of(front, Add, stdin: Samples.Password);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Error.Should().Contain("Try again in a moment.");
    }

    private static async Task<ScriptedFront> RegisteringAsync() => (await ScriptedFront.StartAsync())
        .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
        .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
        .On("PUT /api/pbx/sites/paris", 201, Samples.Saved)
        .On("GET /api/pbx/sites/paris", 404, """{"code":"site-unknown","detail":"No such site."}""")
        .On("GET /api/pbx/sites/paris", 200, Samples.Online);
}
