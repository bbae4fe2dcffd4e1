using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PbxGrains.Benchmarks.Load;
using PbxGrains.Benchmarks.Running;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>From the moment a PBX sends a report to the moment its event is delivered to the CRM's own address.</summary>
internal sealed class ReportToWebhook : IFigure
{
    public string Name => "webhook";

    public string Title => $"report → webhook, {ReportToReader.PerSecond}/s, {ReportToReader.Sites} sites, subscriptions: 1";

    public string Baseline => "insert + NOTIFY → LISTEN + select";

    public async Task<FigureRound> MeasureAsync(CancellationToken ct)
    {
        await using var product = await ProductUnderTest.StartAsync(ReportToReader.Sites, ct);
        var latencies = new Latencies(readers: 1);
        await using var sink = await StartSinkAsync(latencies, ct);
        using var subscribed = await product.Http.PostAsJsonAsync(
            new Uri("/api/pbx/subscriptions", UriKind.Relative),
            new { url = sink.Urls.Single() + "/events", types = new[] { "pbx.call.*" }, description = "bench" },
            ct);
        if (subscribed.StatusCode is HttpStatusCode.NotFound)
        {
            return new FigureRound(Ours: null, Baseline: null, "not available: this front has no subscriptions");
        }

        if (!subscribed.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The subscription was refused: {await subscribed.Content.ReadAsStringAsync(ct)}");
        }

        await new SteadyLoad(ReportToReader.PerSecond, ReportToReader.Sites).RunAsync(product.PostAsync, latencies, ct);
        return new FigureRound(await latencies.EndAsync(ct), await ReportToReader.BaselineAsync(readers: 1, ct));
    }

    private static async Task<WebApplication> StartSinkAsync(Latencies latencies, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        _ = app.MapPost("/events", async (HttpRequest request, CancellationToken stop) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, stop);
            Note(latencies, body.GetBuffer().AsSpan(0, (int)body.Length));
            return Results.NoContent();
        });
        await app.StartAsync(ct);
        return app;
    }

    private static void Note(Latencies latencies, ReadOnlySpan<byte> json) =>
        latencies.Arrived(CallReport.KeyOf(StreamReading.Property(json, "subject"u8), StreamReading.Property(json, "type"u8)));
}
