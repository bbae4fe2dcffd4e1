using System.Diagnostics;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Running;

/// <summary>An administrator at a terminal of 80 columns, running <c>scripts/addPbxSite.sh</c> and typing answers.</summary>
/// <param name="installation">The installation that is administered.</param>
/// <param name="locale">The terminal's <c>LANG</c>.</param>
internal sealed class AdministratorTerminal(Installation installation, string locale)
{
    private const string Expect = "/usr/bin/expect";

    private static readonly string Script = Path.Combine(Fixtures.RepositoryRoot, "scripts", "addPbxSite.sh");

    /// <summary>True when this machine can play somebody at a terminal.</summary>
    public static bool Exists => File.Exists(Expect);

    /// <summary>Builds the command line, as its first use does.</summary>
    public Task<(int ExitCode, string Screen)> PrepareAsync() => RunAsync(["--help"]);

    /// <summary>Runs the script with nobody at the keyboard.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="stdin">Its standard input.</param>
    /// <returns>Exit code, and both outputs.</returns>
    public Task<(int ExitCode, string Screen)> RunAsync(IEnumerable<string> arguments, string stdin = "") =>
        RunAsync("bash", [Script, .. arguments], stdin);

    /// <summary>Runs <c>pbx</c> with nobody at the keyboard.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="stdin">Its standard input.</param>
    /// <returns>Exit code, and both outputs.</returns>
    public Task<(int ExitCode, string Screen)> PbxAsync(IEnumerable<string> arguments, string stdin = "") =>
        RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "pbx.dll"), .. arguments], stdin);

    /// <summary>Runs the script on a pseudo-terminal.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="play">
    /// What happens at the terminal, in the language of expect: <c>answer question text</c> waits for a question and types
    /// an answer to it, <c>see text</c> waits for something to be shown, over one line or several.
    /// </param>
    /// <returns>Exit code, and all that was on the screen.</returns>
    public Task<(int ExitCode, string Screen)> PlayAsync(string arguments, string play) => PlayCommandAsync($"bash {Script} {arguments}", play);

    /// <summary>Runs <c>pbx</c> on a pseudo-terminal, and waits for its end.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Exit code, and all that was on the screen.</returns>
    public Task<(int ExitCode, string Screen)> PlayPbxAsync(string arguments) =>
        PlayCommandAsync($"dotnet {Path.Combine(AppContext.BaseDirectory, "pbx.dll")} {arguments}", "set timeout 180");

    private Task<(int ExitCode, string Screen)> PlayCommandAsync(string command, string play) => RunAsync(Expect, ["-"], $$"""
        set timeout 60
        proc see {text} {
            set pattern [regsub -all { +} [regsub -all {[][*+?(){}.\\^$|]} $text {\\&}] {\s+}]
            expect {
                -re $pattern {}
                timeout { puts "NOT SEEN: $text"; exit 99 }
                eof { puts "ENDED BEFORE: $text"; exit 98 }
            }
        }
        proc answer {question text} {
            see $question
            send -- "$text\r"
        }
        set stty_init "rows 24 columns 80"
        spawn -noecho {{command}}
        {{play}}
        expect eof
        lassign [wait] pid spawned failed code
        exit $code
        """);

    private async Task<(int ExitCode, string Screen)> RunAsync(string program, IEnumerable<string> arguments, string stdin)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PBX_URL"] = $"http://127.0.0.1:{installation.Front.Port}";
        start.Environment["PBX_API_KEY_FILE"] = installation.AdminKeyFile;
        start.Environment["LANG"] = locale;

        // Not the settings of whoever runs the tests.
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(AppContext.BaseDirectory, "no-settings");
        start.Environment["TERM"] = "xterm-256color";
        _ = start.Environment.Remove("LC_ALL");
        _ = start.Environment.Remove("LC_MESSAGES");
        _ = start.Environment.Remove("PBX_API_KEY");

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(stdin);
        process.StandardInput.Close();
        var screen = await output + await error;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, screen);
    }
}
