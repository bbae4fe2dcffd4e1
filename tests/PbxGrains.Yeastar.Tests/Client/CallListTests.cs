using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

public sealed class CallListTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_inbound_call_of_dialect_1_is_named_by_its_leg()
    {
        var inbound = Pbx.Sample("s-series-v1/inbound-query-response.json");

        var calls = await CallsV1(inbound, Reply.Json(Pbx.Success));

        var call = calls.Value!.Single();
        call.CallId.Should().Be("1495698433.203");
        call.Legs.Should().Equal(
            new PbxLeg { Kind = PbxLegKind.Inbound, From = "7005550142", To = "1002", Trunk = "SIP-142", Handle = "1495698433.203", Status = PbxLegStatus.Answered },
            new PbxLeg { Kind = PbxLegKind.Extension, Extension = "1002" });
    }

    [Fact]
    public async Task An_outbound_call_of_dialect_1_has_no_call_id()
    {
        var outbound = Reply.Json("""{"status":"Success","outbound":[{"outboundid":"1.8","from":"1000","to":"97005550142","trunk":"SIP-142","status":"Progress"}]}""");

        var calls = await CallsV1(Reply.Json(Pbx.Success), outbound);

        var call = calls.Value!.Single();
        call.CallId.Should().BeNull();
        call.Legs.Should().Equal(
            new PbxLeg { Kind = PbxLegKind.Outbound, From = "1000", To = "97005550142", Trunk = "SIP-142", Handle = "1.8", Status = PbxLegStatus.Ring });
    }

    [Fact]
    public async Task A_call_of_dialect_1_from_outside_to_outside_is_one_call()
    {
        var inbound = Reply.Json("""{"status":"Success","inbound":[{"inboundid":"1.7","from":"7","to":"6500","trunk":"A","status":"Wait","callee":[{"ivrid":"6500"},{"outboundid":"1.8"}]}]}""");
        var outbound = Reply.Json("""{"status":"Success","outbound":[{"outboundid":"1.8","from":"7","to":"8","trunk":"B","status":"Talking"}]}""");

        var calls = await CallsV1(inbound, outbound);

        calls.Value!.Single().Legs.Should().Equal(
            new PbxLeg { Kind = PbxLegKind.Inbound, From = "7", To = "6500", Trunk = "A", Handle = "1.7", Via = "6500" },
            new PbxLeg { Kind = PbxLegKind.Outbound, From = "7", To = "8", Trunk = "B", Handle = "1.8", Status = PbxLegStatus.Answer });
    }

    [Fact]
    public async Task No_call_in_dialect_1_is_an_empty_list()
    {
        var calls = await CallsV1(Reply.Error("10007"), Reply.Error("10007"));

        calls.Value.Should().BeEmpty();
    }

    [Fact]
    public async Task A_list_that_fails_halfway_is_no_list()
    {
        (await CallsV1(Reply.Error("20006"), Reply.Json(Pbx.Success))).Failure!.Kind.Should().Be(PbxFailureKind.SessionEnded);
        (await CallsV1(Reply.Json(Pbx.Success), Reply.Error("20006"))).Failure!.Kind.Should().Be(PbxFailureKind.SessionEnded);
        (await CallsV2(Reply.Json(Pbx.Success), Reply.Error("20006"))).Failure!.Kind.Should().Be(PbxFailureKind.SessionEnded);
    }

    [Fact]
    public async Task Calls_of_dialect_2_carry_the_channel_of_every_leg()
    {
        var sample = Pbx.Sample("s-series-v2/call-query-response.json");

        var calls = await CallsV2(sample, sample);

        var call = calls.Value!.Single();
        call.CallId.Should().Be("1571646222.312");
        call.Legs.Should().Equal(
            new PbxLeg
            {
                Kind = PbxLegKind.Inbound,
                From = "7005550142",
                To = "1023",
                Trunk = "siptrunk",
                Handle = "PJSIP/trunk-siptrunk-endpoint-0000001c",
                Status = PbxLegStatus.Answered,
            },
            new PbxLeg { Kind = PbxLegKind.Extension, Extension = "1023", Handle = "PJSIP/1023-000000c0", Status = PbxLegStatus.Answer });
    }

    [Fact]
    public async Task No_call_in_dialect_2_is_an_empty_list() => (await CallsV2(Reply.Error("10005"), Reply.Error("10007"))).Value.Should().BeEmpty();

    [Fact]
    public async Task A_running_call_of_dialect_2_is_found()
    {
        var call = await Find(Pbx.Sample("s-series-v2/call-query-response.json"), "1571646222.312");

        call.Value!.Legs.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_call_of_dialect_2_that_ended_is_not_known()
    {
        (await Find(Pbx.Sample("s-series-v2/call-query-response-ended.json"), "1.1")).Failure
            .Should().BeEquivalentTo(new { Kind = PbxFailureKind.Refused, Code = PbxErrorCode.CallIdNotFound, RawCode = "10005" });
        (await Find(Reply.Json("""{"status":"Success","calls":[]}"""), "1.1")).Failure!.Code.Should().Be(PbxErrorCode.CallIdNotFound);
        (await Find(Pbx.Sample("s-series-v2/call-query-response.json"), "1.1")).Failure!.Code.Should().Be(PbxErrorCode.CallIdNotFound);
    }

    [Fact]
    public async Task A_queue_passed_is_told_by_the_call()
    {
        var call = await Find(
            Reply.Json("""{"status":"Success","calls":[{"callid":"1.1","callpath":6700,"members":[{"ext":{"number":"1000","channelid":"c","memberstatus":"hold"}},{"ext":"?"}]}]}"""), "1.1");

        call.Value!.Legs.Should().Equal(new PbxLeg { Kind = PbxLegKind.Extension, Extension = "1000", Handle = "c", Status = PbxLegStatus.Hold, Via = "6700" });
    }

    private static async Task<PbxResult<IReadOnlyList<PbxCall>>> CallsV1(Reply inbound, Reply outbound)
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V1, request => request.Path == "/api/v1.1.0/inbound/query" ? inbound : outbound);
        using var client = await Pbx.ConnectAsync(pbx);
        return await client.ListCallsAsync(Ct);
    }

    private static async Task<PbxResult<IReadOnlyList<PbxCall>>> CallsV2(Reply inbound, Reply outbound)
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, request => request["type"] == "inbound" ? inbound : outbound);
        using var client = await Pbx.ConnectAsync(pbx);
        return await client.ListCallsAsync(Ct);
    }

    private static async Task<PbxResult<PbxCall>> Find(Reply answer, string callId)
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => answer);
        using var client = await Pbx.ConnectAsync(pbx);
        return await client.FindCallAsync(callId, Ct);
    }
}
