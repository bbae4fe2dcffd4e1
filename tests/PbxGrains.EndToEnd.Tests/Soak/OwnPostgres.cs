using System.Diagnostics;
using System.Globalization;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Soak;

/// <summary>A PostgreSQL server of one's own, which may be stopped in the middle of everything.</summary>
/// <param name="folder">Where its cluster lies.</param>
internal sealed class OwnPostgres(string folder) : IAsyncDisposable
{
    /// <summary>Starts it, on the port it had before, and tells how to connect.</summary>
    public Task<string> StartAsync() => ScriptAsync("start", "--fast");

    /// <summary>Ends all sessions, writes everything down and stops: a fast shutdown.</summary>
    public Task StopAsync() => ScriptAsync("stop");

    /// <summary>Stops at once and leaves the rest to recovery: an immediate shutdown.</summary>
    public async Task CrashAsync()
    {
        var pid = (await File.ReadAllLinesAsync(Path.Combine(folder, "data", "postmaster.pid")))[0].Trim();
        using var server = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
        using (var signal = Process.Start("kill", ["-QUIT", pid]))
        {
            await signal.WaitForExitAsync();
        }

        await server.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync() => _ = await ScriptAsync("stop");

    private async Task<string> ScriptAsync(string command, params string[] options)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Fixtures.RepositoryRoot, "scripts", "postgres.sh"), command, "--data", folder, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var script = Process.Start(start)!;
        var said = script.StandardError.ReadToEndAsync();
        var answer = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();
        return script.ExitCode == 0 ? answer.Trim() : throw new InvalidOperationException($"scripts/postgres.sh {command} failed: {await said}");
    }
}
