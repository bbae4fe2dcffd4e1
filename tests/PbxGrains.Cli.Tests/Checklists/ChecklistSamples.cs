using System.Text;
using Microsoft.AspNetCore.Http;

namespace PbxGrains.Cli.Tests.Checklists;

/// <summary>Runs of a checklist as the contract describes them.</summary>
internal static class ChecklistSamples
{
    public const string Route = "POST /api/pbx/sites/paris/checklist";

    public const string RunId = "0192f0c1-7a3b-7c00-8000-000000000001";

    public static string Item(string id, string section, string verdict, string title, string evidence, string? remedy = null) => $$"""
        {"id":"{{id}}","section":"{{section}}","verdict":"{{verdict}}","title":"{{title}}","evidence":"{{evidence}}","remedy":{{(remedy is null ? "null" : $"\"{remedy}\"")}},"finding":"x","facts":{"rttMs":"0.4"},"measuredAt":"2026-11-22T10:00:00Z","tookMs":4}
        """;

    public static string Run(string verdict, params string[] items) => $$"""
        {"runId":"{{RunId}}","siteId":"paris","startedAt":"2026-11-22T10:00:00Z","finishedAt":"2026-11-22T10:00:05Z","trigger":"manual","verdict":"{{verdict}}","counts":{"pass":2,"warn":0,"fail":1,"skipped":1,"notice":1},"items":[{{string.Join(',', items)}}]}
        """;

    public static readonly string[] Items =
    [
        Item("network.tcp", "network", "pass", "Port 8088 answers", "Connected in 0.4 ms."),
        Item("api.login", "api", "fail", "The login works", "The PBX refuses user or password.", "Set the password in Settings › PBX › General › API."),
        Item("api.clock", "api", "skipped", "The clock is right", "The login failed."),
        Item("addresses.acl", "addresses", "notice", "The list of permitted addresses", "It cannot be seen from here."),
    ];

    /// <summary>Tells items line by line, and the run at the end.</summary>
    public static Func<HttpContext, Task> Lines(string verdict, params string[] items) => async http =>
    {
        http.Response.ContentType = "application/x-ndjson";
        foreach (var item in items)
        {
            await LineAsync(http, $$"""{"item":{{item}}}""");
        }

        await LineAsync(http, $$"""{"run":{{Run(verdict, items)}}}""");
    };

    public static async Task LineAsync(HttpContext http, string line)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await http.Response.Body.FlushAsync();
    }
}
