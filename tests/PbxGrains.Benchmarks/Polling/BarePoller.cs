using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PbxGrains.Benchmarks.Running;

namespace PbxGrains.Benchmarks.Polling;

/// <summary>
/// The least that asks many PBXs the same things as often: <see cref="HttpClient"/> and source-generated JSON in a web host, one
/// login per PBX, then a list of extensions each period and the two lists of calls with each sixth. It keeps nothing,
/// compares nothing and tells nobody.
/// </summary>
internal static class BarePoller
{
    /// <summary>Runs this program as the poller; then the number of PBXs, their port, and the period in seconds.</summary>
    public const string Option = "--bare-poller";

    private const int AskForCallsEvery = 6;

    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    private static long _polls;

    /// <summary>Starts it.</summary>
    public static PinnedProcess Start(int sites, int port, TimeSpan period, int httpPort, int? core) => PinnedProcess.Start(
        typeof(BarePoller).Assembly.Location,
        core,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{httpPort}" },
        Option,
        sites.ToString(CultureInfo.InvariantCulture),
        port.ToString(CultureInfo.InvariantCulture),
        period.TotalSeconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Polls until it is ended.</summary>
    public static async Task RunAsync(int sites, int port, TimeSpan period)
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        await using var app = builder.Build();
        _ = app.MapGet("/health/ready", () => Results.Ok());
        _ = app.MapGet("/metrics", () => string.Create(CultureInfo.InvariantCulture, $"bare_polls {Interlocked.Read(ref _polls)}\n"));
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.Zero,
        };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        for (var i = 0; i < sites; i++)
        {
            _ = PollAsync(http, SiteFleet.AddressOf(i, port), i, period, app.Lifetime.ApplicationStopping);
        }

        await app.RunAsync();
    }

    private static async Task PollAsync(HttpClient http, Uri pbx, int index, TimeSpan period, CancellationToken ct)
    {
        await Task.Delay(period * Random.Shared.NextDouble(), ct);
        using var answer = await http.PostAsJsonAsync(
            new Uri(pbx, "/api/v2.0.0/login"),
            new BareLogin(SiteFleet.UserName, SiteFleet.PasswordDigest, "8260", "2.0.0"),
            BarePollerJson.Default.BareLogin,
            ct);
        var token = (await answer.Content.ReadFromJsonAsync(BarePollerJson.Default.BareToken, ct))?.Token ?? throw new InvalidOperationException($"PBX {index} gave no token.");
        var list = new Uri(pbx, $"/api/v2.0.0/extension/list?token={token}");
        var calls = new Uri(pbx, $"/api/v2.0.0/call/query?token={token}");
        using var timer = new PeriodicTimer(period);
        for (var round = 0; ; round++)
        {
            var extensions = await AskAsync(http, list, "", ct);
            if (extensions is not { Status: "Success", Extensions.Count: > 0 })
            {
                throw new InvalidOperationException($"PBX {index} gave no list.");
            }

            if (round % AskForCallsEvery == 0)
            {
                _ = await AskAsync(http, calls, """{"type":"inbound"}""", ct);
                _ = await AskAsync(http, calls, """{"type":"outbound"}""", ct);
            }

            _ = Interlocked.Increment(ref _polls);
            _ = await timer.WaitForNextTickAsync(ct);
        }
    }

    private static async Task<BareAnswer?> AskAsync(HttpClient http, Uri address, string body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Headers.ConnectionClose = true;
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, Encoding.UTF8, Json);
        }

        using var answer = await http.SendAsync(request, ct);
        return await answer.Content.ReadFromJsonAsync(BarePollerJson.Default.BareAnswer, ct);
    }
}

/// <summary>A login.</summary>
internal sealed record BareLogin(string Username, string Password, string Port, string Version);

/// <summary>What a login gives.</summary>
internal sealed record BareToken(string? Token);

/// <summary>A list, of extensions or of calls.</summary>
internal sealed record BareAnswer(string? Status, [property: JsonPropertyName("extlist")] IReadOnlyList<BareExtension>? Extensions);

/// <summary>One of the extensions.</summary>
internal sealed record BareExtension(string? Number, string? Status, string? Type, string? Username);

/// <summary>How it is read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BareLogin))]
[JsonSerializable(typeof(BareToken))]
[JsonSerializable(typeof(BareAnswer))]
internal sealed partial class BarePollerJson : JsonSerializerContext;
