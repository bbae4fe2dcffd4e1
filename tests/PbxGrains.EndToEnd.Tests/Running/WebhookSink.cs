using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PbxGrains.EndToEnd.Tests.Running;

/// <summary>A CRM that takes everything and remembers the ids.</summary>
internal sealed class WebhookSink(WebApplication app) : IAsyncDisposable
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<string> Got { get; } = new();

    public string Url => app.Urls.Single() + "/hooks";

    public static async Task<WebhookSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var sink = new WebhookSink(app);
        app.Run(sink.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return sink;
    }

    public Task NextAsync()
    {
        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _next.Task;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        Got.Enqueue(http.Request.Headers["webhook-id"].ToString());
        _ = _next.TrySetResult();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
