using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>The least of a front: hands reports to their site's actor.</summary>
internal sealed class ReportReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReportReceiver(WebApplication app) => _app = app;

    /// <summary>Host and port it listens on.</summary>
    public string Address => new Uri(_app.Urls.First()).Authority;

    public IGrainFactory? Grains { get; set; }

    public static async Task<ReportReceiver> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new ReportReceiver(app);
        app.Run(context => receiver.TakeAsync(context, time));
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context, TimeProvider time)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var site = SiteId.Parse(context.Request.Path.Value!.Split('/')[4]);
        var report = new IncomingReport(ImmutableArray.Create(body.ToArray()), time.GetUtcNow(), "127.0.0.1", ReportProof.Secret);
        var receipt = await Grains!.GetGrain<ISiteGrain>(site.GrainKey).TakeReport(report);
        context.Response.StatusCode = receipt is ReportReceipt.Taken or ReportReceipt.Unreadable ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
    }
}
