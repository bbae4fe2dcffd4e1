using System.Globalization;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>A worker silo of the product, as a process of its own.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(90);

    private Worker(PinnedProcess process, HttpClient http, int siloPort)
    {
        Process = process;
        Http = http;
        SiloPort = siloPort;
    }

    /// <summary>The process.</summary>
    public PinnedProcess Process { get; }

    /// <summary>Talks to it.</summary>
    public HttpClient Http { get; }

    /// <summary>Port it is known by in the cluster.</summary>
    public int SiloPort { get; }

    /// <summary>Starts one; it need not be ready yet.</summary>
    /// <param name="settings">What is to be set beyond addresses and ports.</param>
    /// <param name="core">The core it is held to; null for any.</param>
    public static Worker Start(IReadOnlyDictionary<string, string> settings, int? core)
    {
        var (port, siloPort) = (FreePort.Next(), FreePort.Next());
        var environment = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Cluster__SiloPort"] = siloPort.ToString(CultureInfo.InvariantCulture),
            ["Cluster__GatewayPort"] = "0",
        };
        return new Worker(PinnedProcess.Start(Programs.Silo, core, environment), new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") }, siloPort);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public Task ReadyAsync(CancellationToken ct) => Process.UntilAsync(
        async () =>
        {
            try
            {
                using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        "the worker is ready",
        StartsWithin);

    /// <summary>What it measures itself.</summary>
    public Task<MetricsPage> MetricsAsync(CancellationToken ct) => MetricsPage.ReadAsync(Http, ct);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Process.DisposeAsync();
    }
}
