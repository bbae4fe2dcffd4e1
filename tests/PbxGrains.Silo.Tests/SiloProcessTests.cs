using System.Diagnostics;
using System.Globalization;
using PbxGrains.Testing;

namespace PbxGrains.Silo.Tests;

/// <summary>The worker silo as operators meet it: a process with an environment, two health addresses and an exit code.</summary>
public sealed class SiloProcessTests
{
    [Fact]
    public async Task It_becomes_ready_and_ends_cleanly_on_SIGTERM()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        var keys = Directory.CreateTempSubdirectory("pbxgrains-keys-");
        var port = FreePort.Next();
        using var silo = Start(new Dictionary<string, string>
        {
            ["ConnectionStrings__Pbx"] = database.ConnectionString,
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Cluster__SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["Cluster__GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["DataProtection__Folder"] = keys.FullName,
            ["Recordings__Folder"] = Path.Combine(keys.FullName, "recordings"),
        });
        var errors = silo.StandardError.ReadToEndAsync();
        var output = silo.StandardOutput.ReadToEndAsync();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            _ = await Eventually.Holds(() => AnswersAsync(http, "/health/ready"), "the silo is ready", TimeSpan.FromSeconds(60));
            (await AnswersAsync(http, "/health/live")).Should().BeTrue();

            using var terminate = Process.Start("kill", ["-TERM", silo.Id.ToString(CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await silo.WaitForExitAsync(patience.Token);

            silo.ExitCode.Should().Be(0, await errors);
            (await output).Should().NotContain("info: Orleans", "the platform's chatter is not what an operator reads");
        }
        finally
        {
            if (!silo.HasExited)
            {
                silo.Kill();
            }

            keys.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Without_a_database_it_says_what_to_set_and_ends()
    {
        using var silo = Start(new Dictionary<string, string> { ["ConnectionStrings__Pbx"] = "" });
        var errors = await silo.StandardError.ReadToEndAsync();
        await silo.WaitForExitAsync();

        silo.ExitCode.Should().NotBe(0);
        errors.Should().StartWith("No database: set ConnectionStrings__Pbx").And.NotContain("   at ");
    }

    private static Process Start(IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "PbxGrains.Silo.dll"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
