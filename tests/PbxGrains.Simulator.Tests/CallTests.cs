using System.Text.Json;

namespace PbxGrains.Simulator.Tests;

public sealed class CallTests
{
    private static readonly CallPlan Quick = new() { Ring = TimeSpan.FromSeconds(2), Talk = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task An_originate_rings_the_caller_and_then_the_callee()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync("v2.0.0", "2.0.0");
        var (caller, callee) = (site.Pbx.FindExtension("1001")!, site.Pbx.FindExtension("1002")!);
        site.Pbx.PlanNext(Quick);

        var callId = (await site.PostAsync($"v2.0.0/call/dial?token={token}", new { caller = "1001", callee = "1002", autoanswer = "no" })).Text("callid");

        callId.Should().MatchRegex(@"^\d{10}\.\d+$").And.StartWith($"{site.Time.GetUtcNow().ToUnixTimeSeconds()}.");
        (caller.Status, callee.Status).Should().Be((ExtensionStatus.Ringing, ExtensionStatus.Registered));
        site.Pass(2);
        (caller.Status, callee.Status).Should().Be((ExtensionStatus.Busy, ExtensionStatus.Ringing));
        site.Pass(2);
        (caller.Status, callee.Status).Should().Be((ExtensionStatus.Busy, ExtensionStatus.Busy));
        (await site.PostAsync($"v2.0.0/call/query?token={token}", new { callid = callId })).GetProperty("calls")[0].Text("callid").Should().Be(callId);
        site.Pass(10);
        (caller.Status, callee.Status).Should().Be((ExtensionStatus.Registered, ExtensionStatus.Registered));
        (await site.PostAsync($"v2.0.0/call/query?token={token}", new { callid = callId })).Errno().Should().Be("10005");
        site.Pbx.Cdrs.Should().ContainSingle().Which.Should().BeEquivalentTo(new { CallId = callId, Status = "ANSWERED", Type = "Internal", CallDuration = 14, TalkDuration = 10 });
    }

    [Theory]
    [InlineData(CallOutcome.Answered, "ANSWERED", null)]
    [InlineData(CallOutcome.Busy, "BUSY", "User Busy")]
    [InlineData(CallOutcome.Refused, "FAILED", "603 Declined")]
    [InlineData(CallOutcome.NotFound, "FAILED", "404 NOT found")]
    [InlineData(CallOutcome.NoAnswer, "NO ANSWER", null)]
    [InlineData(CallOutcome.Voicemail, "VOICEMAIL", null)]
    public async Task Every_outcome_has_its_record_and_its_reason(CallOutcome outcome, string status, string? reason)
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync("v2.0.0", "2.0.0");

        await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", Quick with { Outcome = outcome }, Site.Ct);
        site.Pass(60);

        site.Pbx.Cdrs.Should().ContainSingle().Which.Status.Should().Be(status);
        await site.Receiver.WaitForAsync("NewCdr");
        site.Receiver.BodiesWith("CallFailed").Should().HaveCount(reason is null ? 0 : 1);
        site.Receiver.BodiesWith($"\"reason\":\"{reason}\"").Should().HaveCount(reason is null ? 0 : 1);
    }

    [Fact]
    public async Task Originate_refuses_for_each_documented_reason()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync();
        site.Pbx.FindExtension("1003")!.MayDialOut = false;
        await site.Pbx.SetExtensionStatusAsync("1004", ExtensionStatus.Busy, Site.Ct);

        async Task<string?> DialAsync(string caller, string callee) => (await site.PostAsync($"v2.0.0/call/dial?token={token}", new { caller, callee })).Errno();
        (await DialAsync("1999", "1001")).Should().Be("10006");
        (await DialAsync("1004", "1001")).Should().Be("10008");
        (await DialAsync("1001", "1999")).Should().Be("10011");
        (await DialAsync("1003", "97005550142")).Should().Be("10024");
        (await DialAsync("1001", "not-a-number")).Should().Be("10031");
        (await DialAsync("1001", "")).Should().Be("10004");
        (await DialAsync("7005550142", "1001")).Should().Be("10031");
        site.Pbx.Faults.OutboundRevoked = true;
        (await DialAsync("1001", "97005550142")).Should().Be("10024");
        site.Pbx.Counters.Originates.Should().Be(0);
        site.Pbx.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("6200", "6200(1002)")]
    [InlineData("6700", "6700(1005)")]
    [InlineData("6500", "6500(1001)")]
    public async Task Groups_queues_and_menus_file_who_picked_up(string dialled, string callTo)
    {
        await using var site = await Site.StartAsync();

        await site.Pbx.PlaceInboundCallAsync("7005550142", dialled, Quick with { AnsweredBy = callTo[5..9] }, Site.Ct);
        site.Pass(20);

        site.Pbx.Cdrs.Should().ContainSingle().Which.CallTo.Should().Be(callTo);
        site.Pbx.Extensions.Should().OnlyContain(extension => extension.Status == ExtensionStatus.Registered);
    }

    [Fact]
    public async Task A_mobile_twin_that_answers_files_the_incoming_call_as_outbound()
    {
        await using var site = await Site.StartAsync();
        site.Pbx.FindExtension("1001")!.Mobile = "6005550199";

        await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", Quick with { MobileAnswers = true }, Site.Ct);
        site.Pass(20);

        site.Pbx.Cdrs.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Type = "Outbound", SourceTrunk = "siptrunk", Status = "ANSWERED" });
    }

    [Fact]
    public async Task A_blind_transfer_gives_a_second_record_of_the_same_call()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync("v2.0.0", "2.0.0");
        var callId = await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", Quick, Site.Ct);
        site.Pass(5);
        var channel = site.Pbx.Calls[0].Legs.Single(leg => leg.Number == "1001").ChannelId;

        var answer = await site.PostAsync($"v2.0.0/call/transfer?token={token}", new { channelid = channel, number = "1002" });
        site.Pass(30);

        answer.Text("callid").Should().Be(callId);
        site.Pbx.Cdrs.Select(row => (row.CallId, row.CallTo, row.Type)).Should().Equal((callId, "1001", "Inbound"), (callId, "1002", "Transfer"));
    }

    [Fact]
    public async Task Attended_transfer_hold_mute_and_monitoring_work_on_a_running_call()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync("v2.0.0", "2.0.0");
        await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", Quick with { Talk = TimeSpan.FromMinutes(5) }, Site.Ct);
        site.Pass(5);
        var channelid = site.Pbx.Calls[0].Legs.Single(leg => leg.Number == "1001").ChannelId;

        async Task<string?> DoAsync(string path, object body) => (await site.PostAsync($"v2.0.0/call/{path}?token={token}", body)).Errno();
        (await DoAsync("hold", new { channelid })).Should().BeNull();
        site.Pbx.FindExtension("1001")!.Status.Should().Be(ExtensionStatus.Hold);
        (await DoAsync("unhold", new { channelid })).Should().BeNull();
        (await DoAsync("mute", new { channelid })).Should().BeNull();
        site.Pbx.Calls[0].Legs.Single(leg => leg.Number == "1001").IsMuted.Should().BeTrue();
        (await DoAsync("listen", new { monitor = "1010", extension = "1001", type = "whisper" })).Should().BeNull();
        (await DoAsync("listen", new { monitor = "1011", extension = "1012", type = "listen" })).Should().Be("10007");
        site.Pbx.FindExtension("1001")!.MonitorMode = MonitorMode.Disabled;
        (await DoAsync("listen", new { monitor = "1011", extension = "1001", type = "listen" })).Should().Be("10009");
        (await DoAsync("attended_transfer", new { channelid, tonumber = "1003" })).Should().BeNull();
        site.Pass(3);
        (await DoAsync("attended_transfer_operate", new { channelid, operate = "complete" })).Should().BeNull();
        site.Pbx.Calls[0].Legs.Select(leg => leg.Number).Should().Equal("7005550142", "1003");
        (await DoAsync("hangup", new { channelid = site.Pbx.Calls[0].Legs[1].ChannelId })).Should().BeNull();
        site.Pbx.Extensions.Should().OnlyContain(extension => extension.Status == ExtensionStatus.Registered);
        site.Pbx.Cdrs.Select(row => row.Type).Should().Equal("Inbound", "Transfer");
    }

    [Fact]
    public async Task V1_lists_hangs_up_and_transfers_by_its_own_handles()
    {
        await using var site = await Site.StartAsync(Site.Old);
        var token = await site.LogInAsync(version: "1.0.2");
        var callId = await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", Quick, Site.Ct);
        site.Pass(3);

        (await site.PostTextAsync($"v1.1.0/inbound/query?token={token}", "")).Should().Be(
            $$"""{"status":"Success","inbound":[{"inboundid":"{{callId}}","from":"7005550142","to":"1001","trunk":"siptrunk","status":"Talking","callee":[{"extid":"1001"}]}]}""");
        (await site.PostAsync($"v1.1.0/calltransfer?token={token}", new { callid = callId, transferor = "1001", transferto = "1003" })).Errno().Should().BeNull();
        site.Pass(3);
        (await site.PostAsync($"v1.1.0/extension/hangup?token={token}", new { extid = "1003" })).Errno().Should().BeNull();
        (await site.PostAsync($"v1.1.0/extension/hangup?token={token}", new { extid = "1003" })).Errno().Should().Be("10007");
        site.Pbx.Cdrs.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_controlled_trunk_asks_and_waits_ten_seconds()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync("v2.0.0", "2.0.0");
        var plan = Quick with { Control = InboundControl.Answering };

        var first = await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", plan, Site.Ct);
        var channelid = site.Pbx.Calls[0].Legs[0].ChannelId;
        site.Pass(10);
        (await site.PostAsync($"v2.0.0/call/accept_inbound?token={token}", new { channelid })).Errno().Should().Be("10016");
        site.Pbx.FindExtension("1001")!.Status.Should().Be(ExtensionStatus.Ringing);
        _ = await site.Pbx.PlaceInboundCallAsync("7005550143", "1002", plan, Site.Ct);
        (await site.PostAsync($"v2.0.0/call/refuse_inbound?token={token}", new { channelid = site.Pbx.Calls[1].Legs[0].ChannelId })).Errno().Should().BeNull();

        site.Pbx.Calls.Should().ContainSingle().Which.CallId.Should().Be(first);
        (await site.Receiver.WaitForAsync("\"Invite\"", 2))[0].Should().NotContain("memberstatus");
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_records_however_the_clock_moves()
    {
        static FleetOptions Busy(FleetOptions options) => options with { CallsPerMinute = 20, Seed = 7 };
        await using var slow = await Site.StartAsync(change: Busy);
        await using var jump = await Site.StartAsync(change: Busy);
        await using var other = await Site.StartAsync(change: static options => Busy(options) with { Seed = 8 });

        slow.Pass(600, step: 1);
        jump.Time.Advance(TimeSpan.FromSeconds(600));
        other.Time.Advance(TimeSpan.FromSeconds(600));

        slow.Pbx.Cdrs.Count.Should().BeGreaterThan(80);
        jump.Pbx.Cdrs.Should().Equal(slow.Pbx.Cdrs);
        other.Pbx.Cdrs.Should().NotEqual(slow.Pbx.Cdrs);
        slow.Pbx.Cdrs.Select(static row => row.Status).Distinct().Should().Contain(["ANSWERED", "BUSY", "NO ANSWER", "VOICEMAIL", "FAILED"]);
        slow.Pbx.Cdrs.Select(static row => row.Type).Distinct().Should().Contain(["Inbound", "Outbound", "Internal", "Transfer"]);
    }

    [Fact]
    public async Task Queue_and_trunks_look_like_the_samples()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync();

        (await site.PostTextAsync($"v2.0.0/queue/query_status?token={token}", """{"number":"6700"}""")).Should().Be(
            """{"status":"Success","queues":[{"number":"6700","queuestatus":[{"callercount":"0","members":[{"agent":"1004","agentstatus":"1"},{"agent":"1005","agentstatus":"1"},{"agent":"1006","agentstatus":"1"}]}]}]}""");
        (await site.PostAsync($"v2.0.0/queue/query_status?token={token}", new { number = "6701" })).Errno().Should().Be("10013");
        var v1 = await site.PostAsync($"v1.1.0/trunklist/query?token={token}");
        v1.GetProperty("trunklist")[0].TryGetProperty("id", out _).Should().BeFalse();
        var v2 = await site.PostAsync($"v2.0.0/trunk/list?token={token}");
        v2.GetProperty("trunklist")[0].GetProperty("id").ValueKind.Should().Be(JsonValueKind.String);
    }
}
