using System.Diagnostics;
using System.Globalization;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>A PostgreSQL server of one's own, which may be stopped in the middle of everything.</summary>
/// <param name="folder">Where its cluster lies.</param>
internal sealed class OwnPostgres(string folder) : IAsyncDisposable
{
    /// <summary>Starts it, on the port it had before, and tells how to connect.</summary>
    public Task<string> StartAsync() => ScriptAsync("start");

    /// <summary>Ends all sessions, writes everything down and stops: a fast shutdown.</summary>
    public Task StopAsync() => ScriptAsync("stop");

    /// <summary>Stops at once and leaves the rest to recovery: an immediate shutdown.</summary>
    public async Task CrashAsync()
    {
        var pid = Pid();
        using var server = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
        Signal("QUIT", pid);
        await server.WaitForExitAsync();
    }

    /// <summary>Adds to its settings while it runs; they hold after a restart, too.</summary>
    public void Configure(string settings)
    {
        File.AppendAllText(Path.Combine(folder, "data", "postgresql.conf"), settings);
        try
        {
            Signal("HUP", Pid());
        }
        catch (IOException)
        {
            // It does not run: it reads them when it starts.
        }
    }

    public async ValueTask DisposeAsync() => _ = await ScriptAsync("stop");

    private string Pid() => File.ReadAllLines(Path.Combine(folder, "data", "postmaster.pid"))[0].Trim();

    private static void Signal(string name, string pid)
    {
        using var signal = Process.Start("kill", ["-" + name, pid]);
        signal.WaitForExit();
    }

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
