using System.Text.Json.Nodes;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

public sealed class V1RequestTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly PbxLeg Extension = new() { Kind = PbxLegKind.Extension, Extension = "1000" };
    private static readonly PbxLeg Inbound = new() { Kind = PbxLegKind.Inbound, Handle = "1495698433.203" };
    private static readonly PbxLeg Outbound = new() { Kind = PbxLegKind.Outbound, Handle = "1495698433.204" };

    [Fact]
    public async Task A_login_is_the_sample()
    {
        Pbx.NeedSamples();
        await using var pbx = Pbx.Speaking(PbxDialect.V1, _ => Reply.Json(Pbx.Success));

        using var client = await Pbx.ConnectAsync(pbx, connection => connection with
        {
            KnownDialect = PbxDialect.V1,
            Reports = new ReportTarget("192.0.2.20:8260/report", 8260, Absolute: true),
        });

        IsSample(pbx.Requests.Single(), "login-request.json");
    }

    [Fact]
    public async Task A_login_without_reports_names_the_default_port_and_no_url()
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V1, _ => Reply.Json(Pbx.Success));

        using var client = await Pbx.ConnectAsync(pbx);

        var login = pbx.Requests[^1];
        login["port"].Should().Be("8260");
        login["version"].Should().Be("1.0.2");
        login.Json.Should().NotContainKeys("url", "urltag");
    }

    [Fact]
    public async Task A_relative_report_address_is_marked_as_such()
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V1, _ => Reply.Json(Pbx.Success));

        using var client = await Pbx.ConnectAsync(pbx, connection => connection with { Reports = new ReportTarget("pbx/7", 9000, Absolute: false) });

        var login = pbx.Requests[^1];
        (login["url"], login["urltag"], login["port"]).Should().Be(("pbx/7", "0", "9000"));
    }

    [Fact]
    public async Task A_heartbeat_is_the_sample_with_both_names_of_the_url_kind_and_the_format()
    {
        Pbx.NeedSamples();
        var sample = JsonNode.Parse(Fixtures.Read("s-series-v1/heartbeat-request.json"))!.AsObject();
        sample["urltag"] = "1";
        sample["version"] = "1.0.2";

        var request = await Sent(client => client.HeartbeatAsync(new ReportTarget("192.0.2.20:8260/report", 8260, Absolute: true), Ct));

        request.Path.Should().Be("/api/v1.1.0/heartbeat");
        JsonNode.DeepEquals(request.Json, sample).Should().BeTrue(request.Body);
    }

    [Fact]
    public async Task A_heartbeat_without_an_address_of_its_own_names_ours()
    {
        var request = await Sent(client => client.HeartbeatAsync(reports: null, Ct));

        request.Body.Should().Be("""{"ipaddr":"127.0.0.1","port":"8260","version":"1.0.2"}""");
    }

    [Fact]
    public async Task Dialling_an_extension_is_the_sample()
    {
        Pbx.NeedSamples();

        var request = await Sent(client => client.OriginateAsync(new PbxOriginate("1000", "1002", DestinationIsExtension: true, Permission: null, AutoAnswer: false), Ct));

        request.Path.Should().Be("/api/v1.1.0/extension/dial_extension");
        IsSample(request, "dial-extension-request.json");
    }

    [Fact]
    public async Task Dialling_outside_is_the_sample()
    {
        Pbx.NeedSamples();

        var request = await Sent(client => client.OriginateAsync(new PbxOriginate("1002", "97005550142", DestinationIsExtension: false, Permission: "1002", AutoAnswer: false), Ct));

        request.Path.Should().Be("/api/v1.1.0/extension/dial_outbound");
        IsSample(request, "dial-outbound-request.json");
    }

    [Fact]
    public async Task Transferring_is_the_sample()
    {
        Pbx.NeedSamples();
        var transferor = new PbxLeg { Kind = PbxLegKind.Extension, Extension = "1001" };

        var request = await Sent(client => client.TransferAsync(new PbxTransfer("1550576451.121", transferor, Moved: null, "1003", Permission: null), Ct));

        request.Path.Should().Be("/api/v1.1.0/calltransfer");
        IsSample(request, "calltransfer-request.json");
    }

    [Fact]
    public async Task Hanging_up_an_extension_is_the_sample()
    {
        Pbx.NeedSamples();

        var request = await Sent(client => client.HangUpAsync(Extension, Ct));

        request.Path.Should().Be("/api/v1.1.0/extension/hangup");
        IsSample(request, "hangup-extension-request.json");
    }

    [Fact]
    public async Task Every_command_has_its_own_request()
    {
        (await Line(client => client.HangUpAsync(Inbound, Ct))).Should().Be("""inbound/hangup {"inboundid":"1495698433.203"}""");
        (await Line(client => client.HangUpAsync(Outbound, Ct))).Should().Be("""outbound/hangup {"outboundid":"1495698433.204"}""");
        (await Line(client => client.HoldAsync(Extension, on: true, Ct))).Should().Be("""extension/hold {"extid":"1000"}""");
        (await Line(client => client.HoldAsync(Extension, on: false, Ct))).Should().Be("""extension/unhold {"extid":"1000"}""");
        (await Line(client => client.MuteAsync(Extension, on: true, Ct))).Should().Be("""extension/mute {"extid":"1000"}""");
        (await Line(client => client.MuteAsync(Extension, on: false, Ct))).Should().Be("""extension/unmute {"extid":"1000"}""");
        (await Line(client => client.MonitorAsync(new PbxMonitor("1", "2", PbxMonitorMode.Listen), Ct))).Should().Be("""extension/listen {"listener":"1","listenedext":"2"}""");
        (await Line(client => client.MonitorAsync(new PbxMonitor("1", "2", PbxMonitorMode.Whisper), Ct))).Should().Be("""extension/whisper {"whisperer":"1","whisperedext":"2"}""");
        (await Line(client => client.MonitorAsync(new PbxMonitor("1", "2", PbxMonitorMode.Barge), Ct))).Should().Be("""extension/barge {"bargein":"1","bargedext":"2"}""");
        (await Line(client => client.GetQueueAsync("6700", Ct))).Should().Be("""queuestatus/query {"queueid":"6700"}""");
        (await Line(client => client.GetDeviceInformationAsync(Ct))).Should().Be("deviceinfo/query ");
        (await Line(client => client.ListTrunksAsync(Ct))).Should().Be("trunklist/query ");
        (await Line(client => client.LogoutAsync(Ct))).Should().Be("logout ");
        (await Line(client => client.OriginateAsync(new PbxOriginate("1000", "+33123", DestinationIsExtension: false, Permission: null, AutoAnswer: true), Ct)))
            .Should().Be("""extension/dial_outbound {"extid":"1000","outto":"+33123","autoanswer":"yes"}""");
    }

    [Fact]
    public async Task What_the_dialect_cannot_do_is_not_asked()
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V1, _ => Reply.Json(Pbx.Success));
        using var client = await Pbx.ConnectAsync(pbx);
        var before = pbx.Accepted;

        (await client.FindCallAsync("1495698433.203", Ct)).Failure!.Kind.Should().Be(PbxFailureKind.NotSupported);
        (await client.HoldAsync(Inbound, on: true, Ct)).Failure!.Kind.Should().Be(PbxFailureKind.NotSupported);
        (await client.MuteAsync(Outbound, on: true, Ct)).Failure!.Kind.Should().Be(PbxFailureKind.NotSupported);
        (await client.HangUpAsync(new PbxLeg { Kind = PbxLegKind.Inbound }, Ct)).Failure!.Kind.Should().Be(PbxFailureKind.Refused);

        pbx.Accepted.Should().Be(before);
    }

    private static async Task<ReceivedRequest> Sent<T>(Func<IPbxClient, Task<T>> ask)
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V1, _ => Reply.Json(Pbx.Success));
        using var client = await Pbx.ConnectAsync(pbx);

        _ = await ask(client);

        var request = pbx.Requests[^1];
        request.Query.Should().Be($"token={Pbx.Token}");
        return request;
    }

    private static async Task<string> Line<T>(Func<IPbxClient, Task<T>> ask)
    {
        var request = await Sent(ask);
        return $"{request.Path["/api/v1.1.0/".Length..]} {request.Body}";
    }

    private static void IsSample(ReceivedRequest request, string name) =>
        JsonNode.DeepEquals(request.Json, JsonNode.Parse(Fixtures.Read($"s-series-v1/{name}"))).Should().BeTrue(request.Body);
}
