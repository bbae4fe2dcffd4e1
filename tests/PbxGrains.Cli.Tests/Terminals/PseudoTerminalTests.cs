using System.Diagnostics;

namespace PbxGrains.Cli.Tests.Terminals;

/// <summary>The built command at a real terminal, with somebody typing.</summary>
public sealed class PseudoTerminalTests
{
    private const string Expect = "/usr/bin/expect";

    public static bool CanExpect => File.Exists(Expect);

    [Fact(SkipUnless = nameof(CanExpect), Skip = "expect is not installed: apt-get install expect")]
    public async Task A_site_is_registered_and_the_password_never_appears_on_the_screen()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeCertificate)
            .On("POST /api/pbx/sites/probe", 200, Samples.ProbeDone())
            .On("PUT /api/pbx/sites/paris", 201, Samples.Saved)
            .On("GET /api/pbx/sites/paris", 404, """{"code":"site-unknown"}""")
            .On("GET /api/pbx/sites/paris", 200, Samples.Connecting)
            .On("GET /api/pbx/sites/paris", 200, Samples.Online);

        var (exitCode, screen) = await Play(front, $$"""
            answer "Site id" "Paris 9"
            answer "would be one" "paris"
            answer "Name" "Paris"
            answer "Address" "10.1.0.254"
            answer "API user" "api"
            answer "API password" "{{Samples.Password}}"
            answer "Time zone" "Etc/UTC"
            answer "Trust this certificate" "y"
            expect "The site is supervised"
            """);

        exitCode.Should().Be(0, screen);
        screen.Should().Contain(Samples.WebhookUrl).And.NotContain(Samples.Password);
        front.AskedOf("PUT /api/pbx/sites/paris").Should().ContainSingle().Which.Body.Should().Contain(Samples.Password);
    }

    [Fact(SkipUnless = nameof(CanExpect), Skip = "expect is not installed: apt-get install expect")]
    public async Task Ctrl_C_ends_with_130_stores_nothing_and_leaves_the_terminal_usable()
    {
        await using var front = await ScriptedFront.StartAsync();

        var (exitCode, screen) = await Play(front, """
            answer "Site id" "paris"
            expect -re "Name"
            send "\003"
            expect "Nothing was saved."
            """);

        exitCode.Should().Be(130, screen);
        front.AskedOf("PUT /api/pbx/sites/paris").Should().BeEmpty();
        (screen.LastIndexOf("\u001b[?25h", StringComparison.Ordinal) >= screen.LastIndexOf("\u001b[?25l", StringComparison.Ordinal)).Should().BeTrue("the cursor is visible again");
    }

    private static async Task<(int ExitCode, string Screen)> Play(ScriptedFront front, string play)
    {
        var script = $$"""
            set timeout 30
            proc answer {question text} {
                expect {
                    -re $question {}
                    timeout { puts "NOT ASKED: $question"; exit 99 }
                    eof { puts "ENDED BEFORE: $question"; exit 98 }
                }
                send -- "$text\r"
            }
            set stty_init "rows 50 columns 200"
            spawn -noecho dotnet {{Path.Combine(AppContext.BaseDirectory, "pbx.dll")}} site add
            {{play}}
            expect eof
            lassign [wait] pid spawned failed code
            exit $code
            """;
        var start = new ProcessStartInfo(Expect, ["-"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in new Dictionary<string, string> { ["PBX_URL"] = front.Url, ["PBX_API_KEY"] = CommandRun.Key, ["LC_ALL"] = "C.UTF-8", ["TERM"] = "xterm" })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        var screen = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, screen);
    }
}
