using System.Diagnostics;
using PbxGrains.Cli.Completion;

namespace PbxGrains.Cli.Tests.Completion;

/// <summary>What shells ask, and a real bash that asks it.</summary>
public sealed class CompletionTests
{
    private const string Bash = "/bin/bash";

    public static bool HasBash => File.Exists(Bash);

    [Theory]
    [InlineData("pbx sit", "site")]
    [InlineData("pbx site web", "webhook-secret")]
    [InlineData("pbx site check paris --ret", "--return-path")]
    [InlineData("pbx completion z", "zsh")]
    [InlineData("pbx config set api-key-", "api-key-file")]
    [InlineData("pbx key create crm --scope op", "operate")]
    [InlineData("pbx help exit", "exit-codes")]
    public async Task Commands_options_and_values_are_completed_without_a_front(string line, string expected)
    {
        var run = await SuggestAsync(null, line);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        Lines(run).Should().Contain(expected).And.NotContain("/?");
    }

    [Theory]
    [InlineData("pbx site show pa")]
    [InlineData("pbx site check ")]
    [InlineData("pbx call list ")]
    [InlineData("pbx cdr list --site pa")]
    [InlineData("pbx tail --site ")]
    public async Task Site_ids_come_from_the_front(string line)
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", 200, """[{"siteId":"paris"},{"siteId":"$(reboot)"}]""");

        var run = await SuggestAsync(front, line);

        Lines(run).Should().Contain("paris");
        run.Output.Should().NotContain("reboot", "a shell would run it");
    }

    [Fact]
    public async Task Keys_that_still_open_something_and_subscriptions_are_completed()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/keys", 200, """[{"keyId":"k1"},{"keyId":"k2","revokedAt":"2026-11-22T10:00:00Z"}]""")
            .On("GET /api/pbx/subscriptions", 200, """[{"id":"0192f0c1","url":"https://crm.example"}]""");

        Lines(await SuggestAsync(front, "pbx key revoke ")).Should().Contain("k1").And.NotContain("k2");
        Lines(await SuggestAsync(front, "pbx subscription show ")).Should().Contain("0192f0c1");
    }

    [Theory]
    [InlineData(401, """{"code":"unauthenticated"}""")]
    [InlineData(200, "<html>")]
    [InlineData(500, "")]
    public async Task What_does_not_work_is_passed_over_in_silence(int status, string body)
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", status, body);

        var run = await SuggestAsync(front, "pbx site show pa");

        run.ExitCode.Should().Be(ExitCode.Ok);
        run.Everything.Trim().Should().BeEmpty();
    }

    [Fact]
    public async Task A_front_that_hangs_keeps_nobody_waiting()
    {
        var hung = new TaskCompletionSource();
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", _ => hung.Task);

        var run = await SuggestAsync(front, "pbx site show pa", patience: "0.2");
        hung.SetResult();

        run.Everything.Trim().Should().BeEmpty();
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task There_is_a_script_for_each_shell(string shell)
    {
        var run = await CommandRun.Of(null, ["completion", shell], environment: new Dictionary<string, string?> { ["PBX_API_KEY"] = null });

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain("[suggest:").And.Contain("pbx completion " + shell).And.NotContain("\r");
    }

    [Fact(SkipUnless = nameof(HasBash), Skip = "There is no bash here.")]
    public async Task A_real_bash_completes_commands_and_site_ids()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites", 200, """[{"siteId":"paris"},{"siteId":"lyon"}]""");

        var completed = await BashAsync(front, """
            complete_line() {
                COMP_LINE=$1 COMP_POINT=${#1}
                read -ra COMP_WORDS <<<"$1"
                if [[ $1 == *' ' ]]; then COMP_WORDS+=(''); fi
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _pbx pbx "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                echo "${COMPREPLY[*]}"
            }
            source <(pbx completion bash)
            complete -p pbx
            complete_line 'pbx site sus'
            complete_line 'pbx site show pa'
            complete_line 'pbx site show nowhere'
            complete_line 'pbx config '
            """);

        completed.Split('\n').Should().Equal("complete -o default -F _pbx pbx", "suspend", "paris", "", "--help --json --key --key-file --lang --url -? -h path set show", "");
    }

    // However slow this machine is: only what shall not wait does not.
    private static Task<CommandRun> SuggestAsync(ScriptedFront? front, string line, string patience = "60")
    {
        var environment = new Dictionary<string, string?> { [IdCompletion.PatienceVariable] = patience };
        if (front is null)
        {
            environment["PBX_API_KEY"] = null;
        }

        return CommandRun.Of(front, [$"[suggest:{line.Length}]", line], environment: environment);
    }

    private static string[] Lines(CommandRun run) => run.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> BashAsync(ScriptedFront front, string script)
    {
        var start = new ProcessStartInfo(Bash, ["--noprofile", "--norc", "-s"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PBX_URL"] = front.Url;
        start.Environment["PBX_API_KEY"] = CommandRun.Key;
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment[IdCompletion.PatienceVariable] = "60";
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(AppContext.BaseDirectory, "no-settings");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync($"pbx() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "pbx.dll")}' \"$@\"; }}\n{script}\n");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        (await error).Should().BeEmpty();
        return output;
    }
}
