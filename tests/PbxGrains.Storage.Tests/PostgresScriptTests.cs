using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.Storage.Tests;

/// <summary><c>scripts/postgres.sh</c>, which gives a newcomer a database without asking for anything.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresScriptTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("pbxgrains-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(
            Directory.Exists("/usr/lib/postgresql") || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "initdb"))),
            "PostgreSQL's server programs are not installed here.");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _ = await RunAsync("stop");
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task A_cluster_starts_once_survives_a_hard_kill_and_stops()
    {
        var first = await RunAsync("start", "--fast");
        await ExecuteAsync(first.Answer, "CREATE TABLE kept AS SELECT 1 AS one");

        var again = await RunAsync("start", "--fast");
        again.Should().Be(first);
        (await RunAsync("url")).Should().Be(first);

        using (var server = Process.GetProcessById(int.Parse((await File.ReadAllLinesAsync(Path.Combine(_data, "data", "postmaster.pid"), Ct))[0], CultureInfo.InvariantCulture)))
        {
            server.Kill();
            await Eventually.Holds(async () => (await RunAsync("status")).ExitCode == 3, "the killed server to be seen as such");
        }

        var afterwards = await RunAsync("start", "--fast");
        afterwards.Should().Be(first, "port and password are kept");
        (await ExecuteAsync(afterwards.Answer, "SELECT one FROM kept")).Should().Be(1);

        (await RunAsync("stop")).ExitCode.Should().Be(0);
        (await RunAsync("status")).Should().Be((3, "stopped"));
        (await RunAsync("url")).Should().Be((3, ""));
    }

    [Fact]
    public async Task Only_its_own_role_gets_in_by_password_and_is_no_superuser()
    {
        var (_, url) = await RunAsync("start", "--fast");

        var noPassword = new NpgsqlConnectionStringBuilder(url) { Password = "guessed" };
        var owner = new NpgsqlConnectionStringBuilder(url) { Username = "pbxgrains_owner" };

        await ExecutingAsync(noPassword).Should().ThrowAsync<PostgresException>();
        await ExecutingAsync(owner).Should().ThrowAsync<PostgresException>();
        (await ExecuteAsync(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).Should().Be(false);
        File.GetUnixFileMode(Path.Combine(_data, "password")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_cluster_that_is_in_use_is_not_stopped_by_those_who_only_tidy_up()
    {
        _ = await RunAsync("start", "--fast");
        await using (new FileStream(Path.Combine(_data, "users"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read))
        {
            _ = await RunAsync("stop", "--if-unused");
            (await RunAsync("status")).ExitCode.Should().Be(0);
        }

        _ = await RunAsync("stop", "--if-unused");
        (await RunAsync("status")).ExitCode.Should().Be(3);
    }

    private static Func<Task> ExecutingAsync(NpgsqlConnectionStringBuilder url) => () => ExecuteAsync(url.ConnectionString, "SELECT 1");

    private static async Task<object?> ExecuteAsync(string url, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(url) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    private async Task<(int ExitCode, string Answer)> RunAsync(string command, params string[] options)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Fixtures.RepositoryRoot, "scripts", "postgres.sh"), command, "--data", _data, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var script = Process.Start(start)!;
        var said = script.StandardError.ReadToEndAsync(Ct);
        var answer = await script.StandardOutput.ReadToEndAsync(Ct);
        await script.WaitForExitAsync(Ct);
        _ = await said;
        return (script.ExitCode, answer.Trim());
    }
}
