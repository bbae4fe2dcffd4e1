using Microsoft.AspNetCore.Http;

namespace PbxGrains.Cli.Tests.Events;

/// <summary>A stream as the front writes it.</summary>
internal static class EventSamples
{
    public const string Route = "GET /api/pbx/events";

    public static string Ringing(int number = 1, string caller = "0612345678") => Event(
        number,
        "pbx.call.ringing",
        $$"""{"site":"demo-1","callId":"1.1","extension":"1003","caller":"{{caller}}","callee":"1003","state":"ringing"}""",
        agent: "jana");

    /// <summary>An event, with its empty line.</summary>
    public static string Event(int number, string type, string data, string? agent = null) =>
        $"id: 1-7-{number}\nevent: {type}\ndata: {Json(number, type, data, agent)}\n\n";

    public static string Json(int number, string type, string data, string? agent = null) =>
        $$"""{"specversion":"1.0","id":"e{{number}}","type":"{{type}}","time":"2026-11-22T09:30:05.25Z","site":"demo-1","cursor":"1-7-{{number}}"{{(agent is null ? "" : $",\"agentid\":\"{agent}\"")}},"data":{{data}}}""";

    public static string Mark(string cursor) => $": still here\nid: {cursor}\n\n";

    public static string Gap(string requested, string resumesAt) =>
        $$"""event: gap{{"\n"}}data: {"requested":"{{requested}}","resumesAt":"{{resumesAt}}","message":"Gone."}{{"\n\n"}}""";

    /// <summary>Writes this and holds the stream open until the reader goes.</summary>
    public static Func<HttpContext, Task> Open(params string[] parts) => async http =>
    {
        await WriteAsync(http, parts);
        try
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone.
        }
    };

    /// <summary>Writes this and ends the stream, as a front does that stops.</summary>
    public static Func<HttpContext, Task> Ended(params string[] parts) => http => WriteAsync(http, parts);

    private static async Task WriteAsync(HttpContext http, string[] parts)
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var part in parts)
        {
            await http.Response.WriteAsync(part);
            await http.Response.Body.FlushAsync();
        }
    }
}
