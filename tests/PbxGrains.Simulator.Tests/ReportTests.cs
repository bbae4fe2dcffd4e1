using System.Text.Json;
using PbxGrains.Testing;

namespace PbxGrains.Simulator.Tests;

public sealed class ReportTests
{
    private static readonly CallPlan Quick = new() { Ring = TimeSpan.FromSeconds(2), Talk = TimeSpan.FromSeconds(10), Recorded = false };

    [Fact]
    public async Task The_default_format_repeats_keys_byte_for_byte()
    {
        await using var site = await Site.StartAsync("30.5.0.30");
        var token = await site.LogInAsync("v1.0.0");
        site.Pbx.PlanNext(Quick);

        var callId = (await site.PostAsync($"v1.0.0/extension/dial_extension?token={token}", new { caller = "1002", callee = "1001" })).Text("callid");
        site.Pass(2);

        await site.Receiver.WaitForAsync("\"ALERT\"");
        site.Receiver.BodiesWith("\"RING\"")[^1].Should().Be($$$"""{"action":"RING","callid":"{{{callId}}}","ext":{"extid":"1001"},"ext":{"extid":"1002"}}""");
        site.Receiver.BodiesWith("\"ALERT\"")[^1].Should().Be($$$"""{"action":"ALERT","callid":"{{{callId}}}","ext":{"extid":"1002"}}""");
    }

    [Fact]
    public async Task Version_1_0_2_lists_parties_in_an_array()
    {
        await using var site = await Site.StartAsync(Site.Old);
        var token = await site.LogInAsync(version: "1.0.2");
        site.Pbx.PlanNext(Quick);

        var callId = (await site.PostAsync($"v1.1.0/extension/dial_extension?token={token}", new { caller = "1001", callee = "1002" })).Text("callid");
        site.Pass(20);

        await site.Receiver.WaitForAsync("NewCdr");
        var sn = site.Pbx.SerialNumber;
        site.Receiver.BodiesWith("\"ANSWER\"").Should().Equal($$$"""{"action":"ANSWER","callid":"{{{callId}}}","call":[{"ext":{"extid":"1002"}},{"ext":{"extid":"1001"}}],"sn":"{{{sn}}}"}""");
        site.Receiver.BodiesWith("\"ANSWERED\",\"callid").Should().Equal($$$"""{"action":"ANSWERED","callid":"{{{callId}}}","call":[{"ext":{"extid":"1001"}},{"ext":{"extid":"1002"}}],"sn":"{{{sn}}}"}""");
        site.Receiver.BodiesWith("CallStatus").Should().BeEmpty();
    }

    [Fact]
    public async Task A_v1_call_says_bye_twice_with_the_parties_swapped()
    {
        await using var site = await Site.StartAsync(Site.Old);
        _ = await site.LogInAsync(version: "1.0.2");

        await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", Quick, Site.Ct);
        site.Pass(20);

        await site.Receiver.WaitForAsync("NewCdr");
        var byes = site.Receiver.BodiesWith("\"BYE\"").Select(static body => JsonDocument.Parse(body).RootElement.GetProperty("call")).ToList();
        byes.Should().HaveCount(2);
        byes[0].EnumerateArray().Select(static party => party.GetRawText()).Should().Equal(byes[1].EnumerateArray().Reverse().Select(static party => party.GetRawText()));
        site.Receiver.BodiesWith("\"RING\"").Should().BeEmpty("v1 tells ringing of calls of the API only");
        site.Receiver.BodiesWith("\"ALERT\"").Should().BeEmpty();
    }

    [Fact]
    public async Task A_v2_call_is_told_by_call_status_with_all_members_and_a_record()
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync("v2.0.0", "2.0.0");

        await site.Pbx.PlaceInboundCallAsync("7005550142", "1003", Quick, Site.Ct);
        site.Pass(20);

        await site.Receiver.WaitForAsync("NewCdr");
        var statuses = site.Receiver.BodiesWith("CallStatus").Select(static body => JsonDocument.Parse(body).RootElement.GetProperty("members")).ToList();
        statuses.Select(static members => string.Join(' ', members.EnumerateArray().Select(static member => member.EnumerateObject().Single().Value.Text("memberstatus"))))
            .Should().Equal("ALERT RING", "ANSWERED ANSWER", "BYE BYE");
        site.Receiver.BodiesWith("\"action\"").Should().BeEmpty();
        var cdr = JsonDocument.Parse(site.Receiver.BodiesWith("NewCdr")[0]).RootElement;
        cdr.EnumerateObject().Select(static member => member.Name).Should().BeEquivalentTo(
            ["event", "callid", "timestart", "callfrom", "callto", "callduraction", "talkduraction", "srctrunkname", "dsttrcunkname", "pincode", "status", "type", "recording", "didnumber", "agentringtime", "sn"]);
        cdr.Text("callduraction").Should().Be("12");
        cdr.Text("talkduraction").Should().Be("10");
        cdr.Text("timestart").Should().Be("2026-01-15 10:00:00");
    }

    [Fact]
    public async Task A_v1_record_leaves_empty_members_out()
    {
        await using var site = await Site.StartAsync(Site.Old);
        _ = await site.LogInAsync(version: "1.0.2");

        await site.Pbx.PlaceCallAsync("1005", "97005550142", Quick, Site.Ct);
        site.Pass(20);

        var cdr = JsonDocument.Parse((await site.Receiver.WaitForAsync("NewCdr"))[0]).RootElement;
        cdr.EnumerateObject().Select(static member => member.Name).Should().BeEquivalentTo(
            ["action", "callid", "timestart", "callfrom", "callto", "desttrunkname", "callduraction", "talkduraction", "status", "type", "sn"]);
        cdr.Text("type").Should().Be("Outbound");
    }

    [Fact]
    public async Task A_report_is_repeated_over_new_connections_until_it_is_answered_200()
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync(version: "1.0.2");
        site.Receiver.Answer = "HTTP/1.1 400 Bad Request";

        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);
        await Eventually.Holds(() => site.Pbx.Counters.ReportsFailed == 1, "the first try failed");
        site.Time.Advance(TimeSpan.FromSeconds(4.9));
        site.Pbx.Counters.ReportsSent.Should().Be(1);
        site.Time.Advance(TimeSpan.FromSeconds(0.1));
        await Eventually.Holds(() => site.Pbx.Counters.ReportsFailed == 2, "the second try failed");
        site.Receiver.Answer = "HTTP/1.1 200 OK";
        site.Time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Holds(() => site.Pbx.Counters.ReportsAcknowledged == 1, "the third try was taken");
        site.Time.Advance(TimeSpan.FromMinutes(10));

        site.Receiver.Bodies.Should().HaveCount(3).And.OnlyContain(body => body == site.Receiver.Bodies[0]);
        site.Pbx.Counters.ReportsSent.Should().Be(3);
    }

    [Fact]
    public async Task Repeating_ends_with_the_token()
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync(version: "1.0.2");
        site.Receiver.Answer = "HTTP/1.1 500 No";
        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);
        await Eventually.Holds(() => site.Pbx.Counters.ReportsFailed == 1, "the first try failed");

        site.Time.Advance(TimeSpan.FromMinutes(30));

        await Eventually.Holds(() => site.Pbx.Counters.ReportsDropped == 1, "the report was given up");
        site.Pbx.Counters.ReportsSent.Should().Be(1);
    }

    [Fact]
    public async Task A_delivered_report_keeps_the_token_alive()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync(version: "1.0.2");

        site.Time.Advance(TimeSpan.FromMinutes(29));
        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);
        await Eventually.Holds(() => site.Pbx.Counters.ReportsAcknowledged == 1, "the report was taken");
        site.Time.Advance(TimeSpan.FromMinutes(29));

        (await site.PostAsync($"v1.1.0/deviceinfo/query?token={token}")).Errno().Should().BeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reports_carry_the_odd_headers_of_the_samples_unless_told_otherwise(bool odd)
    {
        await using var site = await Site.StartAsync(change: options => options with { ReportHostHasSpace = odd, ReportAcceptIsDoubled = odd });
        _ = await site.LogInAsync(version: "1.0.2");

        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);

        var body = (await site.Receiver.WaitForAsync("ExtensionStatus"))[0];
        var space = odd ? " " : "";
        var doubled = odd ? "Accept: application/json\r\n" : "";
        site.Receiver.Requests[0].Should().Be(
            $"POST /report HTTP/1.1\r\nUser-Agent: WebAPI\r\nHost: 127.0.0.1:{space}{site.Receiver.Port}\r\nContent-Type: application/json\r\nAccept: application/json\r\n{doubled}Content-Length: {body.Length}\r\n\r\n{body}");
        site.Receiver.Sources.Should().Equal("127.1.0.254");
    }

    [Fact]
    public async Task A_relative_report_address_leads_to_the_caller()
    {
        await using var site = await Site.StartAsync();

        var answer = await site.PostAsync("v2.0.0/login", new { username = "api", password = Site.Hash("Password1"), port = $"{site.Receiver.Port}", url = "api/hook?key=1", version = "2.0.0" });
        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Ringing, Site.Ct);

        answer.Errno().Should().BeNull();
        var body = (await site.Receiver.WaitForAsync("ExtensionStatus"))[0];
        site.Receiver.Requests[0].Should().StartWith("POST /api/hook?key=1 HTTP/1.1\r\n");
        body.Should().Be($$"""{"event":"ExtensionStatus","extension":"1001","status":"Ringing","registeredIP":"{{site.Pbx.Extensions[0].RegisteredAddress}}","sn":"{{site.Pbx.SerialNumber}}"}""");
    }

    [Fact]
    public async Task Telephones_that_are_not_monitored_are_not_reported()
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync(version: "1.0.2");
        site.Pbx.FindExtension("1001")!.IsMonitored = false;

        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);
        await site.Pbx.SetExtensionStatusAsync("1002", ExtensionStatus.Unavailable, Site.Ct);

        await site.Receiver.WaitForAsync("\"1002\"");
        site.Receiver.BodiesWith("\"1001\"").Should().BeEmpty();
    }

    [Fact]
    public async Task Duplicated_reports_come_twice()
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync(version: "1.0.2");
        site.Pbx.Faults.ReportsDuplicated = true;

        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);

        var twice = await site.Receiver.WaitForAsync("ExtensionStatus", 2);
        twice[0].Should().Be(twice[1]);
    }

    [Fact]
    public async Task Late_reports_wait()
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync(version: "1.0.2");
        site.Pbx.Faults.ReportsLate = TimeSpan.FromMinutes(2);

        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);
        site.Time.Advance(TimeSpan.FromSeconds(119));
        site.Pbx.Counters.ReportsSent.Should().Be(0);
        site.Time.Advance(TimeSpan.FromSeconds(1));

        await site.Receiver.WaitForAsync("ExtensionStatus");
    }

    [Fact]
    public async Task Swapped_reports_let_the_record_overtake_the_last_call_status()
    {
        await using var site = await Site.StartAsync(change: static options => options with { Extensions = 4 });
        _ = await site.LogInAsync("v2.0.0", "2.0.0");
        foreach (var extension in site.Pbx.Extensions)
        {
            extension.IsMonitored = false;
        }

        await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", Quick, Site.Ct);
        site.Pass(5);
        site.Pbx.Faults.ReportsSwapped = true;
        site.Pass(20);

        await site.Receiver.WaitForAsync("BYE");
        site.Receiver.Bodies[^2].Should().Contain("NewCdr");
        site.Receiver.Bodies[^1].Should().Contain("BYE");
    }

    [Fact]
    public async Task Dropped_reports_are_gone()
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync(version: "1.0.2");
        site.Pbx.Faults.DropReports = true;

        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);
        site.Pbx.Faults.DropReports = false;
        await site.Pbx.SetExtensionStatusAsync("1002", ExtensionStatus.Unavailable, Site.Ct);

        await site.Receiver.WaitForAsync("\"1002\"");
        site.Receiver.Bodies.Should().ContainSingle();
        site.Pbx.Counters.ReportsDropped.Should().Be(1);
    }

    [Fact]
    public async Task A_reboot_forgets_tokens_and_calls_and_tells_the_last_receiver()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync("v2.0.0", "2.0.0");
        await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", Quick, Site.Ct);

        await site.Pbx.RebootAsync(TimeSpan.FromSeconds(90), Site.Ct);
        await FluentActions.Awaiting(() => site.TryLogInAsync()).Should().ThrowAsync<HttpRequestException>();
        site.Time.Advance(TimeSpan.FromSeconds(90));

        (await site.Receiver.WaitForAsync("BootUp"))[0].Should().Be($$"""{"event":"BootUp","sn":"{{site.Pbx.SerialNumber}}"}""");
        (await site.PostAsync($"v2.0.0/call/query?token={token}")).Errno().Should().Be("20004");
        site.Pbx.Calls.Should().BeEmpty();
        site.Pbx.Cdrs.Should().BeEmpty();
        site.Pbx.FindExtension("1001")!.Status.Should().Be(ExtensionStatus.Registered);
    }

    [Fact]
    public async Task Settings_keys_and_grades_are_told()
    {
        await using var site = await Site.StartAsync(Site.Old);
        _ = await site.LogInAsync(version: "1.0.2");

        await site.Pbx.ReportConfigChangeAsync("trunk", "SIP-142", "del", Site.Ct);
        await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", Quick with { Keys = "27", Survey = "5" }, Site.Ct);
        site.Pass(20);

        await site.Receiver.WaitForAsync("satisfaction");
        site.Receiver.BodiesWith("ConfigChange").Should().Equal($$"""{"action":"ConfigChange","type":"trunk","trunkname":"SIP-142","operation":"del","sn":"{{site.Pbx.SerialNumber}}"}""");
        site.Receiver.BodiesWith("DTMF").Should().HaveCount(2).And.ContainSingle(body => body.Contains("\"infos\":\"27\"", StringComparison.Ordinal));
    }
}
