using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PbxGrains.Benchmarks.Load;
using PbxGrains.Benchmarks.Running;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>From the moment a PBX sends a report to the moment its event is delivered to the CRM's own address.</summary>
internal sealed class ReportToWebhook : IFigure
{
    private static readonly Measure P50 = new("p50", "ms", ReportToReader.BaselineTitle);
    private static readonly Measure P99 = new("p99", "ms", ReportToReader.BaselineTitle);
    private static readonly Measure Lost = new("lost", "", Aim: Aim.ValueAtMost(0));

    public string Name => "delivery";

    public string Title => $"Report in → event delivered to a webhook; {ReportToReader.PerSecond}/s, {ReportToReader.Sites} sites, subscriptions: 1";

    public IReadOnlyList<Measure> Measures => [P50, P99, Lost];

    public async IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var product = await ProductUnderTest.StartAsync(ReportToReader.Sites, ct);
        await using var bare = await BareReports.StartAsync();
        await using var sink = await Sink.StartAsync(ct);
        using var subscribed = await product.Http.PostAsJsonAsync(
            new Uri("/api/pbx/subscriptions", UriKind.Relative),
            new { url = sink.Address, types = new[] { "pbx.call.*" }, description = "bench" },
            ct);
        if (!subscribed.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The subscription was refused: {await subscribed.Content.ReadAsStringAsync(ct)}");
        }

        for (var i = 0; i < Math.Min(scale.Rounds, 2); i++)
        {
            var load = ReportToReader.Load(scale, first: i == 0);
            var latencies = sink.Latencies = new Latencies(readers: 1);
            await load.RunAsync(product.PostAsync, latencies, ct);
            var ours = await latencies.EndAsync(ct);
            var theirs = await ReportToReader.BaselineAsync(load, bare, ct);
            yield return ReportToReader.Round(ours, theirs, P50, P99, Lost).Draw(FigurePlots.Latencies, "webhook", Quantiles.Line(ours));
        }
    }

    /// <summary>The CRM's own address.</summary>
    private sealed class Sink : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Sink(WebApplication app) => _app = app;

        /// <summary>Where arrivals are noted.</summary>
        public Latencies? Latencies { get; set; }

        public string Address => _app.Urls.Single() + "/events";

        public static async Task<Sink> StartAsync(CancellationToken ct)
        {
            var builder = WebApplication.CreateSlimBuilder();
            _ = builder.Logging.ClearProviders();
            var sink = new Sink(builder.Build());
            sink._app.Urls.Add("http://127.0.0.1:0");
            _ = sink._app.MapPost("/events", sink.TakeAsync);
            await sink._app.StartAsync(ct);
            return sink;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task<IResult> TakeAsync(HttpRequest request, CancellationToken stop)
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, stop);
            Note(body.GetBuffer().AsSpan(0, (int)body.Length));
            return Results.NoContent();
        }

        private void Note(ReadOnlySpan<byte> json) =>
            Latencies?.Arrived(CallReport.KeyOf(StreamReading.Property(json, "subject"u8), StreamReading.Property(json, "type"u8)));
    }
}
