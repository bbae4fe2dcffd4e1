using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests;

/// <summary>What a monitoring system reads of a running installation.</summary>
public sealed partial class MetricsTests(ITestOutputHelper output)
{
    private static readonly TimeSpanRange OneSecond = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_the_dashboard_shows_is_measured_and_nothing_secret_with_it()
    {
        await using var sink = await WebhookSink.StartAsync();
        await using var installation = await Installation.CreateAsync(
            new FleetOptions { Sites = 1, Extensions = 5, Firmware = FleetOptions.NewFirmware, RingTime = OneSecond, TalkTime = OneSecond },
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Subscriptions__AllowedTargets__0"] = "127.0.0.0/8", ["Pbx__CatchUp"] = "00:00:03" });
        var front = await installation.StartFrontAsync("silo");
        var pbx = installation.Fleet.Pbxs[0];
        await installation.RegisterAsync("paris", pbx);
        _ = await installation.WaitAsync("/api/pbx/sites/paris", s => s["status"]?["health"]?.GetValue<string>() == "online", "the site is online");
        using var subscription = await front.Http.PostAsJsonAsync(new Uri("/api/pbx/subscriptions", UriKind.Relative), new { url = sink.Url, types = new[] { "pbx.extension.status" } }, Ct);
        subscription.StatusCode.Should().Be(HttpStatusCode.Created);
        using var reader = await front.Http.GetStreamAsync(new Uri("/api/pbx/events", UriKind.Relative), Ct);
        await pbx.SetExtensionStatusAsync("1005", ExtensionStatus.Busy);
        using var call = await front.Http.PostAsJsonAsync(new Uri("/api/pbx/sites/paris/calls", UriKind.Relative), new { extension = "1001", destination = "1002" }, Ct);
        call.IsSuccessStatusCode.Should().BeTrue();
        var callId = (await call.Content.ReadFromJsonAsync<JsonNode>(Ct))!["callId"]!.GetValue<string>();
        _ = await installation.WaitAsync($"/api/pbx/cdrs?callId={callId}", page => page["items"]!.AsArray().Count > 0, "the record of the call is pushed");
        pbx.Faults.DropReports = true;
        _ = await pbx.PlaceCallAsync("1003", "1004");

        var wanted = ShownNames();
        var text = "";
        wanted.Should().HaveCountGreaterThan(25, "the dashboard was read");
        _ = await Eventually.Holds(
            async () =>
            {
                text = await front.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Ct);
                var measured = Names(text);
                var missing = wanted.Where(name => !measured.Contains(name) && !measured.Contains(HistogramPart().Replace(name, ""))).ToList();
                output.WriteLine($"Not measured yet: {string.Join(' ', missing.Order())}");
                return missing.Count == 0;
            },
            "everything the dashboard shows is measured",
            TimeSpan.FromMinutes(2));

        output.WriteLine(string.Join('\n', Names(text).Order()));
        text.Should().Contain("pbx_sites{otel_scope_name=\"PbxGrains.Sites\",health=\"online\"} 1");
        text.Should().NotContain(pbx.Password).And.NotContain("token=").And.NotContain("\"paris\"");
        using var anonymous = new HttpClient { BaseAddress = front.Http.BaseAddress };
        (await anonymous.GetAsync(new Uri("/metrics", UriKind.Relative), Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await anonymous.GetAsync(new Uri("/orleans/", UriKind.Relative), Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await front.Http.GetAsync(new Uri("/orleans/", UriKind.Relative), Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    /// <summary>Names that the dashboard and the alerts in <c>deploy</c> use.</summary>
    private static HashSet<string> ShownNames()
    {
        var deploy = Path.Combine(Fixtures.RepositoryRoot, "deploy");
        var dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(deploy, "grafana", "pbxgrains.json")))!["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]?.AsArray() ?? []).Select(target => target!["expr"]!.GetValue<string>());
        var alerts = File.ReadLines(Path.Combine(deploy, "prometheus", "alerts.yaml")).Where(line => line.TrimStart().StartsWith("expr:", StringComparison.Ordinal));
        return [.. dashboard.Concat(alerts).SelectMany(expression => MetricName().Matches(expression)).Select(name => name.Value)];
    }

    private static HashSet<string> Names(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];

    [GeneratedRegex("(pbx|orleans|dotnet|db_client|http_server)_[a-z0-9_]+(?=[{)\\[ ]|_bucket|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex("_(bucket|count|sum)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HistogramPart();
}
