using System.Globalization;
using PbxGrains.Benchmarks.Load;
using PbxGrains.Benchmarks.Running;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>From the moment a PBX sends a report to the moment its event is at a reader of the stream.</summary>
/// <param name="readers">How many read at the same time.</param>
internal sealed class ReportToReader(int readers) : IFigure
{
    /// <summary>Reports per second, over all sites.</summary>
    public const int PerSecond = 200;

    /// <summary>Sites that send them.</summary>
    public const int Sites = 50;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"stream-{readers}");

    public string Title => string.Create(CultureInfo.InvariantCulture, $"report → stream, {PerSecond}/s, {Sites} sites, readers: {readers}");

    public string Baseline => "insert + NOTIFY → LISTEN + select";

    public async Task<FigureRound> MeasureAsync(CancellationToken ct) => new(await ProductAsync(ct), await BaselineAsync(readers, ct));

    /// <summary>The same reports to a bare endpoint, with readers that listen to its table.</summary>
    public static async Task<LatencySample> BaselineAsync(int readers, CancellationToken ct)
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var endpoint = await BareEndpoint.StartAsync(database.ConnectionString);
        return await MeasureAsync(
            readers,
            (latencies, ready, over) => BareReader.RunAsync(database.ConnectionString, latencies, ready, over),
            async (report, stop) =>
            {
                using var body = new ByteArrayContent(report.Body);
                using var answer = await endpoint.Http.PostAsync(new Uri($"/reports?key={Uri.EscapeDataString(report.Key)}", UriKind.Relative), body, stop);
                return answer.IsSuccessStatusCode;
            },
            ct);
    }

    private async Task<LatencySample> ProductAsync(CancellationToken ct)
    {
        await using var product = await ProductUnderTest.StartAsync(Sites, ct);
        return await MeasureAsync(readers, (latencies, ready, over) => StreamReading.RunAsync(product.Http, latencies, ready, over), product.PostAsync, ct);
    }

    private static async Task<LatencySample> MeasureAsync(
        int readers,
        Func<Latencies, TaskCompletionSource, CancellationToken, Task> read,
        Func<CallReport, CancellationToken, Task<bool>> post,
        CancellationToken ct)
    {
        var latencies = new Latencies(readers);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = new List<Task>();
        for (var i = 0; i < readers; i++)
        {
            var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            reading.Add(read(latencies, ready, over.Token));
            await await Task.WhenAny(ready.Task, reading[^1]);
        }

        await new SteadyLoad(PerSecond, Sites).RunAsync(post, latencies, ct);
        var sample = await latencies.EndAsync(ct);
        await over.CancelAsync();
        await Task.WhenAll(reading).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return sample;
    }
}
