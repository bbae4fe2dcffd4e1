using System.Diagnostics;
using PbxGrains.Testing;

namespace PbxGrains.Cli.Tests.Packaging;

/// <summary>The command as a .NET tool: packed, installed from a folder and nowhere else, run.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pbx-tool-").FullName;

    public static bool HasSdk => Run("dotnet", ["--list-sdks"], []) is { ExitCode: 0, Output.Length: > 0 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(SkipUnless = nameof(HasSdk), Skip = "Only a .NET runtime is installed, no SDK.")]
    public async Task It_is_packed_installed_offline_and_run()
    {
        var feed = Path.Combine(_folder, "feed");
        var tools = Path.Combine(_folder, "tools");
        var sources = Path.Combine(_folder, "nuget.config");
        await File.WriteAllTextAsync(sources, $"""<configuration><packageSources><clear /><add key="folder" value="{feed}" /></packageSources></configuration>""", TestContext.Current.CancellationToken);

        // What the build of these tests built, so that packing takes seconds.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var packed = Dotnet("pack", Path.Combine(Fixtures.RepositoryRoot, "src", "PbxGrains.Cli"), "--no-build", "-c", configuration, "-o", feed, "-nologo", "-nodeReuse:false");
        packed.ExitCode.Should().Be(0, packed.Output);
        var installed = Dotnet("tool", "install", "PbxGrains.Cli", "--tool-path", tools, "--configfile", sources, "--version", "*-*");
        installed.ExitCode.Should().Be(0, installed.Output);

        var pbx = Path.Combine(tools, OperatingSystem.IsWindows() ? "pbx.exe" : "pbx");
        var version = Run(pbx, ["--version"], Environment());
        var help = Run(pbx, ["--help"], Environment());
        var french = Run(pbx, ["--help", "--lang", "fr"], Environment());

        version.ExitCode.Should().Be(0, version.Output);
        version.Output.Should().MatchRegex("^[0-9]+\\.[0-9]+\\.[0-9]+");
        help.ExitCode.Should().Be(0, help.Output);
        help.Output.Should().Contain("pbx site add").And.Contain("Exit codes:");
        french.Output.Should().Contain("Codes de retour", "the French texts are in the package");
    }

    private (int ExitCode, string Output) Dotnet(params string[] arguments) => Run("dotnet", arguments, Environment());

    // Nothing of it reaches the caches of whoever runs the tests.
    private Dictionary<string, string> Environment() => new()
    {
        ["NUGET_PACKAGES"] = Path.Combine(_folder, "packages"),
        ["DOTNET_CLI_HOME"] = _folder,
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
        ["HOME"] = _folder,
        ["XDG_CONFIG_HOME"] = _folder,
        ["LC_ALL"] = "C.UTF-8",
    };

    private static (int ExitCode, string Output) Run(string file, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }
}
