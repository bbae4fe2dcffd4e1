using System.Diagnostics;
using PbxGrains.Cli.Tests.Cdrs;
using PbxGrains.Cli.Tests.Checklists;
using PbxGrains.Cli.Tests.Events;
using PbxGrains.Testing;

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

    [Fact(SkipUnless = nameof(CanExpect), Skip = "expect is not installed: apt-get install expect")]
    public async Task A_caller_cannot_write_to_a_real_terminal()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/cdrs", 200, CdrSamples.Page(null, CdrSamples.Record(4711, @"Eve\u001b]0;owned\u0007", "answered", "62")));

        var (exitCode, screen) = await Play(front, """expect "1:02" """, "cdr list --lang fr");

        exitCode.Should().Be(0, screen);
        screen.Should().Contain("Eve]0;owned").And.Contain("répondu").And.NotContain("\u001b]0;owned").And.NotContain("\u0007");
    }

    [Fact(SkipUnless = nameof(CanExpect), Skip = "expect is not installed: apt-get install expect")]
    public async Task Ctrl_C_leaves_a_running_import_alone_and_says_so()
    {
        const string Running = """{"importId":"i7","state":"running","progress":0.25,"position":"2026-05-14T00:00:00","rowsRead":120,"rowsNew":7}""";
        await using var front = (await ScriptedFront.StartAsync())
            .On("POST /api/pbx/sites/paris/imports", 202, Running)
            .On("GET /api/pbx/sites/paris/imports/i7", 200, Running);

        var (exitCode, screen) = await Play(front, """
            expect "2026-05-14"
            send "\003"
            expect "the import goes on"
            """, "cdr import --site paris --since 2026-01-01");

        exitCode.Should().Be(130, screen);
        screen.Should().Contain("██████░").And.Contain("the import goes on");
        front.AskedOf("DELETE /api/pbx/sites/paris/imports/i7").Should().BeEmpty();
        (screen.LastIndexOf("\u001b[?25h", StringComparison.Ordinal) >= screen.LastIndexOf("\u001b[?25l", StringComparison.Ordinal)).Should().BeTrue("the cursor is visible again");
    }

    [Fact(SkipUnless = nameof(CanExpect), Skip = "expect is not installed: apt-get install expect")]
    public async Task Ctrl_C_ends_a_tail_and_says_where_to_go_on()
    {
        await using var front = (await ScriptedFront.StartAsync()).On(EventSamples.Route, EventSamples.Open(EventSamples.Mark("1-7-0"), EventSamples.Ringing()));

        var (exitCode, screen) = await Play(front, """
            expect "jana"
            send "\003"
            expect "pbx tail --after 1-7-1"
            """, "tail");

        exitCode.Should().Be(130, screen);
        screen.Should().MatchRegex("\u001b\\[[0-9;]+mcall ringing\u001b\\[0m 0612345678 → 1003").And.Contain("pbx tail --after 1-7-1");
    }

    [Fact(SkipUnless = nameof(CanExpect), Skip = "expect is not installed: apt-get install expect")]
    public async Task A_checklist_shows_each_item_while_the_next_is_still_measured()
    {
        var seen = Path.Combine(Path.GetTempPath(), $"pbx-seen-{Guid.NewGuid():N}");
        await using var front = (await ScriptedFront.StartAsync()).On(ChecklistSamples.Route, async http =>
        {
            http.Response.ContentType = "application/x-ndjson";
            await ChecklistSamples.LineAsync(http, $$"""{"item":{{ChecklistSamples.Items[0]}}}""");
            await Eventually.Holds(() => File.Exists(seen), "the first item is on the screen");
            await ChecklistSamples.LineAsync(http, $$"""{"item":{{ChecklistSamples.Items[1]}}}""");
            await ChecklistSamples.LineAsync(http, $$"""{"run":{{ChecklistSamples.Run("fail")}}}""");
        });

        var (exitCode, screen) = await Play(front, $$"""
            expect "Port 8088 answers"
            exec touch {{seen}}
            expect "The login works"
            """, "site check paris");
        File.Delete(seen);

        exitCode.Should().Be((int)ExitCode.OutOfOrder, screen);
        screen.Should().MatchRegex("\u001b\\[[0-9;]+m✓\u001b\\[0m Port 8088 answers").And.MatchRegex("\u001b\\[[0-9;]+m✗\u001b\\[0m The login works").And.Contain("→ Set the password");
    }

    private static async Task<(int ExitCode, string Screen)> Play(ScriptedFront front, string play, string command = "site add")
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
            spawn -noecho dotnet {{Path.Combine(AppContext.BaseDirectory, "pbx.dll")}} {{command}}
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

        // Not the settings of whoever runs the tests.
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(AppContext.BaseDirectory, "no-settings");

        // Set by who runs the tests without colours.
        _ = start.Environment.Remove("NO_COLOR");

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        var screen = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, screen);
    }
}
