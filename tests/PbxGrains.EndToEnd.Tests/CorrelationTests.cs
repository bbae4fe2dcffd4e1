using System.Text.Json.Nodes;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests;

/// <summary>One id leads from a request at a front to what an actor in another process says about it.</summary>
public sealed class CorrelationTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_actor_logs_bears_the_trace_of_the_request_it_serves()
    {
        await using var installation = await Installation.CreateAsync(settings: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Logging__Console__FormatterName"] = "json",
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
        });
        var worker = await installation.StartSiloAsync();
        var front = await installation.StartFrontAsync("client");
        await installation.RegisterAsync("paris", installation.Fleet.Pbxs[0]);
        _ = await installation.WaitAsync("/api/pbx/sites/paris", site => site["status"]?["health"]?.GetValue<string>() == "online", "the site is online");

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/pbx/sites/paris/resume", UriKind.Relative));
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-00");
        using var answer = await front.Http.SendAsync(request, Ct);

        answer.IsSuccessStatusCode.Should().BeTrue();
        _ = await Eventually.Holds(() => Said(worker).Any(line => line.Contains("Site paris: Online -> Connecting", StringComparison.Ordinal)), "the actor says that it begins anew");
    }

    /// <summary>What a process logged on behalf of the request.</summary>
    private static IEnumerable<string> Said(HostProcess process) => process.Output.Split('\n')
        .Where(line => line.StartsWith('{'))
        .Select(line => JsonNode.Parse(line)!)
        .Where(entry => entry["Scopes"]?.AsArray().Any(scope => scope?["TraceId"]?.GetValue<string>() == Trace) == true)
        .Select(entry => entry["Message"]!.GetValue<string>());
}
