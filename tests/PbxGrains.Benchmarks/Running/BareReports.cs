using PbxGrains.Benchmarks.Figures;
using PbxGrains.Benchmarks.Load;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>A <see cref="BareEndpoint"/> on a database of its own, with whoever reads what it takes.</summary>
internal sealed class BareReports : IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly HostProcess _endpoint;

    private BareReports(PostgresDatabase database, HostProcess endpoint)
    {
        _database = database;
        _endpoint = endpoint;
    }

    /// <summary>Starts it.</summary>
    public static async Task<BareReports> StartAsync()
    {
        var database = await PostgresDatabase.CreateAsync();
        try
        {
            return new BareReports(database, await BareEndpoint.StartAsync(database.ConnectionString));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a report; false when it was refused.</summary>
    public async Task<bool> PostAsync(CallReport report, CancellationToken ct)
    {
        using var body = new ByteArrayContent(report.Body);
        using var answer = await _endpoint.Http.PostAsync(new Uri($"/reports?key={Uri.EscapeDataString(report.Key)}", UriKind.Relative), body, ct);
        return answer.IsSuccessStatusCode;
    }

    /// <inheritdoc cref="BareReader.RunAsync" />
    public Task ReadAsync(Latencies latencies, TaskCompletionSource listening, CancellationToken ct) =>
        BareReader.RunAsync(_database.ConnectionString, latencies, listening, ct);

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        await _database.DisposeAsync();
    }
}
