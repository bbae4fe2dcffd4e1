using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace PbxGrains.Simulator.Tests;

/// <summary>One simulated PBX on a clock the test drives, a client that talks to it, and a receiver of its reports.</summary>
internal sealed class Site : IAsyncDisposable
{
    public const string Old = "30.11.0.7";
    public const string New = "30.13.0.30";

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    private Site(SimulatedFleet fleet, FakeTimeProvider time)
    {
        Fleet = fleet;
        Time = time;
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public SimulatedFleet Fleet { get; }

    public FakeTimeProvider Time { get; }

    public ReportReceiver Receiver { get; } = new();

    public SimulatedPbx Pbx => Fleet.Pbxs[0];

    public static async Task<Site> StartAsync(string firmware = New, Func<FleetOptions, FleetOptions>? change = null)
    {
        var options = new FleetOptions { Sites = 1, Https = false, Port = 0, Firmware = firmware };
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero));
        return new Site(await SimulatedFleet.StartAsync(change?.Invoke(options) ?? options, time, Ct), time);
    }

    [SuppressMessage("Security", "CA5351", Justification = "MD5 is what the PBX's login wants.")]
    public static string Hash(string password) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password)));

    public async Task<string> PostTextAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri(Pbx.Address, "/api/" + path), content, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync(Ct);
    }

    public async Task<JsonElement> PostAsync(string path, object? body = null)
    {
        var text = await PostTextAsync(path, body is null ? "" : JsonSerializer.Serialize(body));
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public async Task<HttpResponseMessage> GetAsync(string path) => await _client.GetAsync(new Uri(Pbx.Address, "/api/" + path), Ct);

    public Task<JsonElement> TryLogInAsync(string password = "Password1", string path = "v1.1.0") =>
        PostAsync(path + "/login", new { username = "api", password = Hash(password), port = "8260" });

    /// <summary>Logs in with the receiver's address; the token.</summary>
    public async Task<string> LogInAsync(string path = "v1.1.0", string? version = null)
    {
        var url = $"127.0.0.1:{Receiver.Port}/report";
        var answer = await PostAsync(path + "/login", version is null
            ? new { username = "api", password = Hash("Password1"), port = "8260", url, urltag = "1" }
            : new { username = "api", password = Hash("Password1"), port = "8260", url, urltag = "1", version });
        return answer.GetProperty("token").GetString()!;
    }

    /// <summary>Lets time pass in steps, as a clock does.</summary>
    public void Pass(double seconds, double step = 1)
    {
        for (var passed = 0.0; passed < seconds; passed += step)
        {
            Time.Advance(TimeSpan.FromSeconds(Math.Min(step, seconds - passed)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Fleet.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}

internal static class Answers
{
    public static string? Errno(this JsonElement answer) => answer.TryGetProperty("errno", out var errno) ? errno.GetString() : null;

    public static string? Text(this JsonElement answer, string name) => answer.TryGetProperty(name, out var value) ? value.GetString() : null;
}
