using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PbxGrains.Benchmarks.Running;

/// <summary>A call started at the PBX itself, by a client that does nothing else: one request with a token it has already.</summary>
internal sealed class DirectDial : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly List<(Uri Address, string Token)> _sessions = [];

    /// <summary>Logs in to one more PBX.</summary>
    public async Task LogInAsync(Uri address, string password, CancellationToken ct)
    {
        // The PBX wants it so (fact sheet S-Series §3).
#pragma warning disable CA5351
        var hash = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5351
        var answer = await AskAsync(new Uri(address, "/api/v2.0.0/login"), new { username = "api", password = hash, port = "8260", version = "2.0.0" }, ct);
        _sessions.Add((address, answer["token"]!.GetValue<string>()));
    }

    /// <summary>Starts a call.</summary>
    /// <param name="site">Number of the PBX, in the order of logging in.</param>
    /// <param name="caller">The extension that rings.</param>
    /// <param name="callee">Who is dialled.</param>
    /// <param name="ct">Stops waiting.</param>
    public async Task DialAsync(int site, string caller, string callee, CancellationToken ct)
    {
        var (address, token) = _sessions[site];
        var answer = await AskAsync(new Uri(address, $"/api/v2.0.0/call/dial?token={token}"), new { caller, callee }, ct);
        _ = answer["callid"]!.GetValue<string>();
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> AskAsync(Uri address, object body, CancellationToken ct)
    {
        using var response = await _http.PostAsJsonAsync(address, body, ct);
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>(ct);
        return answer?["status"]?.GetValue<string>() == "Success"
            ? answer
            : throw new InvalidOperationException($"The PBX refused: {answer?["errno"]}.");
    }
}
