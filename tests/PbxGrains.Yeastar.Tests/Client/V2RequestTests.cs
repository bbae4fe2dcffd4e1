using System.Text.Json.Nodes;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

public sealed class V2RequestTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_is_the_sample()
    {
        Pbx.NeedSamples();
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Json(Pbx.Success));

        using var client = await Pbx.ConnectAsync(pbx);

        IsSample(pbx.Requests.Single(), "login-request.json");
    }

    [Fact]
    public async Task A_heartbeat_is_the_sample_from_our_address()
    {
        Pbx.NeedSamples();
        var sample = JsonNode.Parse(Fixtures.Read("s-series-v2/heartbeat-request.json"))!.AsObject();
        sample["ipaddr"] = "127.0.0.1";

        var request = await Sent(client => client.HeartbeatAsync(reports: null, Ct));

        JsonNode.DeepEquals(request.Json, sample).Should().BeTrue(request.Body);
    }

    [Fact]
    public async Task A_heartbeat_repeats_the_report_address()
    {
        var request = await Sent(client => client.HeartbeatAsync(new ReportTarget("192.0.2.20:8261/x", 8261, Absolute: true), Ct));

        request.Body.Should().Be("""{"ipaddr":"192.0.2.20","port":8261,"url":"192.0.2.20:8261/x","urltag":"1","version":"2.0.0"}""");
    }

    [Fact]
    public async Task Dialling_is_the_sample()
    {
        Pbx.NeedSamples();

        var inside = await Sent(client => client.OriginateAsync(new PbxOriginate("1023", "2000", DestinationIsExtension: true, Permission: null, AutoAnswer: false), Ct));
        var outside = await Sent(client => client.OriginateAsync(new PbxOriginate("1023", "97005550142", DestinationIsExtension: false, Permission: "1023", AutoAnswer: true), Ct));

        inside.Path.Should().Be("/api/v2.0.0/call/dial");
        IsSample(inside, "call-dial-request.json");
        IsSample(outside, "call-dial-external-request.json");
    }

    [Fact]
    public async Task Commands_on_a_leg_are_the_samples()
    {
        Pbx.NeedSamples();

        IsSample(await Sent(client => client.HangUpAsync(Channel("PJSIP/1023-000000c0"), Ct)), "call-hangup-request.json");
        IsSample(await Sent(client => client.MuteAsync(Channel("PJSIP/1023-000000a9"), on: true, Ct)), "call-mute-request.json");
        IsSample(
            await Sent(client => client.TransferAsync(new PbxTransfer("1.2", Channel("PJSIP/1023-000000b7"), Moved: null, "2023", Permission: null), Ct)),
            "call-transfer-blind-request.json");
        IsSample(await Sent(client => client.MonitorAsync(new PbxMonitor("2023", "1023", PbxMonitorMode.Listen), Ct)), "call-listen-request.json");
        IsSample(await Sent(client => client.FindCallAsync("1571646222.312", Ct)), "call-query-request.json");
    }

    [Fact]
    public async Task Every_command_has_its_own_request()
    {
        var leg = Channel("PJSIP/1-1");

        (await Line(client => client.HangUpAsync(leg, Ct))).Should().Be("""call/hangup {"channelid":"PJSIP/1-1"}""");
        (await Line(client => client.HoldAsync(leg, on: true, Ct))).Should().Be("""call/hold {"channelid":"PJSIP/1-1"}""");
        (await Line(client => client.HoldAsync(leg, on: false, Ct))).Should().Be("""call/unhold {"channelid":"PJSIP/1-1"}""");
        (await Line(client => client.MuteAsync(leg, on: true, Ct))).Should().Be("""call/mute {"channelid":"PJSIP/1-1"}""");
        (await Line(client => client.MuteAsync(leg, on: false, Ct))).Should().Be("""call/unmute {"channelid":"PJSIP/1-1"}""");
        (await Line(client => client.TransferAsync(new PbxTransfer("1.2", leg, Moved: null, "+33123", "1000"), Ct)))
            .Should().Be("""call/transfer {"channelid":"PJSIP/1-1","number":"+33123","dialpermission":"1000"}""");
        (await Line(client => client.MonitorAsync(new PbxMonitor("1", "2", PbxMonitorMode.Whisper), Ct))).Should().Be("""call/listen {"monitor":"1","extension":"2","type":"whisper"}""");
        (await Line(client => client.MonitorAsync(new PbxMonitor("1", "2", PbxMonitorMode.Barge), Ct))).Should().Be("""call/listen {"monitor":"1","extension":"2","type":"barge"}""");
        (await Line(client => client.GetQueueAsync("6700", Ct))).Should().Be("""queue/query_status {"number":"6700"}""");
        (await Line(client => client.GetDeviceInformationAsync(Ct))).Should().Be("deviceinfo/query ");
        (await Line(client => client.ListTrunksAsync(Ct))).Should().Be("trunk/list ");
        (await Line(client => client.ListExtensionsAsync(Ct))).Should().Be("extension/list ");
        (await Line(client => client.ListCallsAsync(Ct))).Should().Be("""call/query {"type":"outbound"}""");
        (await Line(client => client.LogoutAsync(Ct))).Should().Be("logout ");
    }

    [Fact]
    public async Task A_leg_without_a_channel_is_not_asked_about()
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Json(Pbx.Success));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.HangUpAsync(new PbxLeg { Kind = PbxLegKind.Extension, Extension = "1000" }, Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.Refused);
        pbx.Accepted.Should().Be(1);
    }

    private static PbxLeg Channel(string id) => new() { Kind = PbxLegKind.Extension, Extension = "1023", Handle = id };

    private static async Task<ReceivedRequest> Sent<T>(Func<IPbxClient, Task<T>> ask)
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Json(Pbx.Success));
        using var client = await Pbx.ConnectAsync(pbx);

        _ = await ask(client);

        var request = pbx.Requests[^1];
        request.Query.Should().Be($"token={Pbx.Token}");
        return request;
    }

    private static async Task<string> Line<T>(Func<IPbxClient, Task<T>> ask)
    {
        var request = await Sent(ask);
        return $"{request.Path["/api/v2.0.0/".Length..]} {request.Body}";
    }

    private static void IsSample(ReceivedRequest request, string name) =>
        JsonNode.DeepEquals(request.Json, JsonNode.Parse(Fixtures.Read($"s-series-v2/{name}"))).Should().BeTrue(request.Body);
}
