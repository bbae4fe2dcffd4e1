using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests.Deploy;

/// <summary>The examples for nginx and HAProxy: judged by the programs themselves, and run before two fronts.</summary>
public sealed class ProxyExampleTests
{
    [Theory]
    [InlineData(ProxyKind.Nginx)]
    [InlineData(ProxyKind.HAProxy)]
    public async Task The_program_finds_no_fault_with_the_example(ProxyKind kind)
    {
        SkipWithout(kind);
        await using var proxy = new ExampleProxy(kind, (8080, 8260), (8081, 8261));

        var answer = await proxy.CheckAsync();

        answer.ExitCode.Should().Be(0, answer.Errors);
        (answer.Output + answer.Errors).Should().NotContainEquivalentOf("[warn");
    }

    [Theory]
    [InlineData(ProxyKind.Nginx)]
    [InlineData(ProxyKind.HAProxy)]
    public async Task API_stream_and_reports_pass_also_when_a_front_is_killed(ProxyKind kind)
    {
        SkipWithout(kind);
        await using var installation = await Installation.CreateAsync(settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["Front__Proxies__0"] = "127.0.0.1" });
        _ = await installation.StartSiloAsync();
        var first = await installation.StartFrontAsync("client");
        var second = await installation.StartFrontAsync("client");
        await installation.RegisterAsync("paris", installation.Fleet.Pbxs[0]);
        _ = await installation.WaitAsync("/api/pbx/sites/paris", site => site["status"]?["health"]?.GetValue<string>() == "online", "the site is online");
        await using var proxy = new ExampleProxy(kind, (first.Port, installation.ReportPorts[0]), (second.Port, installation.ReportPorts[1]));
        await proxy.StartAsync();
        using var client = proxy.Client(like: first.Http);

        var description = await client.GetFromJsonAsync<JsonNode>(new Uri("/openapi/v1.json", UriKind.Relative));
        description!["servers"]![0]!["url"]!.GetValue<string>().TrimEnd('/').Should().Be($"https://127.0.0.1:{proxy.ApiPort}", "Host and scheme reach the front as they came");
        await EventsComeAtOnceAsync(installation, client);
        await ReportsComeThroughAsync(client, proxy);
        (await ReadyAsync(first.Port)).Should().Be(0);

        await first.KillAsync();
        (await ReadyAsync(first.Port)).Should().NotBe(0);
        (await ReadyAsync(second.Port)).Should().Be(0);
        for (var request = 0; request < 4; request++)
        {
            (await client.GetAsync(new Uri("/api/pbx/sites", UriKind.Relative))).StatusCode.Should().Be(HttpStatusCode.OK, "the other front answers");
        }
    }

    private static void SkipWithout(ProxyKind kind) =>
        Assert.SkipUnless(ExampleProxy.Exists(kind), kind == ProxyKind.Nginx ? "nginx or its stream module is not installed: apt-get install nginx-light libnginx-mod-stream" : "HAProxy is not installed: apt-get install haproxy");

    /// <summary>A single small event arrives while the stream stays open: nothing waits for a buffer to fill.</summary>
    private static async Task EventsComeAtOnceAsync(Installation installation, HttpClient client)
    {
        await using var reading = await EventReading.OpenAsync(client, cursor: null);
        (await reading.NextAsync()).Should().NotBeNull("the stream stands");

        await installation.Fleet.Pbxs[0].SetExtensionStatusAsync("1005", ExtensionStatus.Busy);

        string told;
        do
        {
            told = (await reading.NextAsync())?.Event.ToJsonString() ?? throw new InvalidOperationException("The stream ended.");
        }
        while (!told.Contains("1005", StringComparison.Ordinal) || !told.Contains("busy", StringComparison.Ordinal));
    }

    /// <summary>With the Host line of the official samples (fact sheet S-Series §7.1), which HTTP proxies refuse.</summary>
    private static async Task ReportsComeThroughAsync(HttpClient client, ExampleProxy proxy)
    {
        using var rotated = await client.PostAsync(new Uri("/api/pbx/sites/paris/webhook-secret", UriKind.Relative), content: null);
        var secret = (await rotated.Content.ReadFromJsonAsync<JsonNode>())!["secret"]!.GetValue<string>();

        (await PushAsync(proxy.ReportPort, secret)).Should().StartWith("HTTP/1.1 200");
        (await PushAsync(proxy.ReportPort, "wrong")).Should().NotStartWith("HTTP/1.1 200");
    }

    private static async Task<string> PushAsync(int port, string secret)
    {
        const string Body = "{\"event\":\"BootUp\"}";
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var stream = socket.GetStream();
        var head = string.Create(CultureInfo.InvariantCulture, $"POST /api/pbx/webhook/paris/{secret} HTTP/1.1\r\nHost: 127.0.0.1: {port}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? "";
    }

    /// <summary>What the containers' health check says.</summary>
    private static async Task<int> ReadyAsync(int port) =>
        (await Tool.RunAsync("bash", [Tool.In("containers", "ready.sh"), port.ToString(CultureInfo.InvariantCulture)])).ExitCode;
}
