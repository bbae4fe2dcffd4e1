using System.Diagnostics;

namespace PbxGrains.Testing;

/// <summary>
/// A real PostgreSQL for tests: the one <c>PBXGRAINS_TEST_POSTGRES</c> names (an Npgsql connection string whose role may
/// create databases), else a private cluster in the git-ignored <c>.run/test-postgres</c>, started by the first test
/// program that needs it and stopped by the last one that exits.
/// </summary>
public static class PostgresServer
{
    private static readonly string Data = Path.Combine(Fixtures.RepositoryRoot, ".run", "test-postgres");
    private static readonly Lazy<Task<string>> Connection = new(FindAsync);

    /// <summary>Connection string of a database from which others can be created.</summary>
    /// <exception cref="InvalidOperationException">The private cluster does not start; the message says why.</exception>
    public static Task<string> ConnectionStringAsync() => Connection.Value;

    private static async Task<string> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("PBXGRAINS_TEST_POSTGRES") is { Length: > 0 } configured)
        {
            return configured;
        }

        var claim = await SayThatItIsUsedAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            claim.Dispose();
            RunAsync("stop", "--if-unused").GetAwaiter().GetResult();
        };
        return await RunAsync("start", "--fast");
    }

    /// <summary>Holds a shared lock that keeps other test programs from stopping the cluster.</summary>
    private static async Task<FileStream> SayThatItIsUsedAsync()
    {
        _ = Directory.CreateDirectory(Data);
        FileStream? users = null;
        await Eventually.Holds(
            () =>
            {
                try
                {
                    users = new FileStream(Path.Combine(Data, "users"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
                    return true;
                }
                catch (IOException)
                {
                    // Another test program, the last one until now, is just stopping the cluster.
                    return false;
                }
            },
            "the test cluster to be stopped by another test program");
        return users!;
    }

    private static async Task<string> RunAsync(string command, string option)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Fixtures.RepositoryRoot, "scripts", "postgres.sh"), command, "--data", Data, option])
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
