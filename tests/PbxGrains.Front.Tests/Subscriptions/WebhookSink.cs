using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Subscriptions;

/// <summary>A CRM on a loopback port: keeps what it gets and answers what a test told it to.</summary>
public sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookSink(WebApplication app) => _app = app;

    /// <summary>Everything it got, in order.</summary>
    public ConcurrentQueue<Webhook> Got { get; } = new();

    /// <summary>What it answers; 204 unless told otherwise.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = http => Status(http, HttpStatusCode.NoContent);

    public Uri Url => new(_app.Urls.Single() + "/hooks");

    public int Port => Url.Port;

    public static async Task<WebhookSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new WebhookSink(builder.Build());
        sink._app.Run(sink.HandleAsync);
        await sink._app.StartAsync();
        return sink;
    }

    public static Task Status(HttpContext http, HttpStatusCode status)
    {
        http.Response.StatusCode = (int)status;
        return Task.CompletedTask;
    }

    /// <summary>Waits until it got so many.</summary>
    public async Task<IReadOnlyList<Webhook>> ReceivesAsync(int count)
    {
        await Eventually.Holds(() => Got.Count >= count, $"{count} webhooks to arrive", TimeSpan.FromSeconds(60));
        return [.. Got];
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Got.Enqueue(new Webhook(
            http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal),
            body.ToArray(),
            http.Request.Path));
        await Answer(http);
    }
}

/// <summary>A webhook that arrived.</summary>
/// <param name="Headers">Its headers, names in lower case.</param>
/// <param name="Body">Its body.</param>
/// <param name="Path">The address it came to.</param>
public sealed record Webhook(IReadOnlyDictionary<string, string> Headers, byte[] Body, string Path)
{
    public string Id => Headers["webhook-id"];

    public IReadOnlyList<string> Signatures => Headers["webhook-signature"].Split(' ');

    public JsonElement Json => JsonElement.Parse(Body);

    public string Text => Encoding.UTF8.GetString(Body);
}
