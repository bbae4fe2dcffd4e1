using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PbxGrains.Cli.Tests;

/// <summary>
/// A front on a loopback port that answers what a test told it to, in that order per route (the last answer repeats), and
/// remembers what it was asked. What nobody scripted is a 404 with the API's problem details.
/// </summary>
internal sealed class ScriptedFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<Answer>>> _script = new();

    private ScriptedFront(WebApplication app) => _app = app;

    /// <summary>Everything asked so far, in order.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Its address.</summary>
    public string Url => _app.Urls.Single();

    public static async Task<ScriptedFront> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var front = new ScriptedFront(builder.Build());
        front._app.Run(front.Handle);
        await front._app.StartAsync();
        return front;
    }

    /// <summary>Adds an answer to <c>METHOD /path</c>.</summary>
    public ScriptedFront On(string route, int status, string json = "") => On(route, () => new Answer(status, json));

    /// <summary>Adds an answer that is made when it is asked for.</summary>
    public ScriptedFront On(string route, Func<Answer> answer)
    {
        _script.GetOrAdd(route, _ => new()).Enqueue(answer);
        return this;
    }

    /// <summary>Adds an answer that is no JSON text: headers, bytes, or a connection that breaks.</summary>
    public ScriptedFront On(string route, Func<HttpContext, Task> write) => On(route, () => new Answer(200, "", write));

    /// <summary>Adds problem details as an answer.</summary>
    public ScriptedFront Refuse(string route, int status, string code, string detail) =>
        On(route, status, $$"""{"type":"https://pbxgrains.dev/problems/{{code}}","title":"{{code}}","status":{{status}},"detail":"{{detail}}","code":"{{code}}"}""");

    /// <summary>Requests to a route.</summary>
    public IReadOnlyList<Asked> AskedOf(string route) => [.. Requests.Where(asked => asked.Route == route)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Handle(HttpContext http)
    {
        var route = $"{http.Request.Method} {http.Request.Path}";
        using var reader = new StreamReader(http.Request.Body);
        Requests.Enqueue(new Asked(
            route,
            http.Request.QueryString.Value ?? "",
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync()));
        var answer = Next(route);
        if (answer.Write is not null)
        {
            await answer.Write(http);
            return;
        }

        http.Response.StatusCode = answer.Status;
        if (answer.Json.Length > 0)
        {
            http.Response.ContentType = answer.Status < 400 ? "application/json" : "application/problem+json";
            await http.Response.WriteAsync(answer.Json);
        }
    }

    private Answer Next(string route)
    {
        if (!_script.TryGetValue(route, out var answers))
        {
            return new Answer(404, """{"title":"Not found","status":404,"detail":"There is no such thing.","code":"site-unknown"}""");
        }

        return answers.Count > 1 && answers.TryDequeue(out var next) ? next() : answers.TryPeek(out var last) ? last() : new Answer(500, "");
    }
}

/// <summary>An answer of the scripted front.</summary>
internal sealed record Answer(int Status, string Json, Func<HttpContext, Task>? Write = null);

/// <summary>A request it got.</summary>
internal sealed record Asked(string Route, string Query, IReadOnlyDictionary<string, string> Headers, string Body);
