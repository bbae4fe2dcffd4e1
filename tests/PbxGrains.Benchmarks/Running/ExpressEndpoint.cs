using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>What CRMs do: Node with Express and <c>pg</c>, one insert a request (Baselines/express).</summary>
internal sealed class ExpressEndpoint : IAsyncDisposable
{
    private readonly Process _process;

    private ExpressEndpoint(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Why it cannot be measured here; null when it can. scripts/bench.sh installs it where there is Node.</summary>
    public static string? Missing => File.Exists(Program) && Directory.Exists(Path.Combine(Folder, "node_modules"))
        ? null
        : "not measured: no Node 20, or its packages could not be installed";

    private static string Folder => Path.Combine(Fixtures.RepositoryRoot, ".run", "bench", "express");

    private static string Program => Path.Combine(Folder, "server.js");

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<ExpressEndpoint> StartAsync(string connectionString, CancellationToken ct)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var port = FreePort.Next();
        var start = new ProcessStartInfo("node", [Program]) { UseShellExecute = false, WorkingDirectory = Folder };
        start.Environment["PGHOST"] = database.Host;
        start.Environment["PGPORT"] = database.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = database.Username;
        start.Environment["PGPASSWORD"] = database.Password;
        start.Environment["PGDATABASE"] = database.Database;
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["NODE_ENV"] = "production";
        var endpoint = new ExpressEndpoint(Process.Start(start)!, port);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            _ = await Eventually.Holds(() => endpoint.IsReadyAsync(http, ct), "Express is ready", TimeSpan.FromSeconds(60));
            return endpoint;
        }
        catch
        {
            await endpoint.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(HttpClient http, CancellationToken ct)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"Express ended with code {_process.ExitCode}; it says why above.");
        }

        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
