using System.Net;
using System.Text.Json;

namespace PbxGrains.Simulator.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task Five_wrong_logins_lock_the_address_out_for_ten_minutes()
    {
        await using var site = await Site.StartAsync();

        for (var i = 0; i < 5; i++)
        {
            (await site.TryLogInAsync("wrong")).Errno().Should().Be("20003");
        }

        (await site.TryLogInAsync()).Errno().Should().Be("20002");
        site.Time.Advance(TimeSpan.FromMinutes(9.9));
        (await site.TryLogInAsync()).Errno().Should().Be("20002");
        site.Time.Advance(TimeSpan.FromMinutes(0.1));
        (await site.TryLogInAsync()).Text("status").Should().Be("Success");
        site.Pbx.Counters.LockOuts.Should().Be(1);
        site.Pbx.Counters.LoginsFailed.Should().Be(5);
        site.Pbx.Counters.LoginsTried.Should().Be(8);
    }

    [Fact]
    public async Task A_right_login_forgives_the_wrong_ones_before_it()
    {
        await using var site = await Site.StartAsync();

        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                (await site.TryLogInAsync("wrong")).Errno().Should().Be("20003");
            }

            (await site.TryLogInAsync()).Errno().Should().BeNull();
        }

        site.Pbx.Counters.LockOuts.Should().Be(0);
    }

    [Fact]
    public async Task A_token_lives_half_an_hour_after_its_last_use()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync();

        site.Time.Advance(TimeSpan.FromSeconds(1799));
        (await site.PostAsync($"v1.1.0/heartbeat?token={token}")).Errno().Should().BeNull();
        site.Time.Advance(TimeSpan.FromSeconds(1799));
        (await site.PostAsync($"v1.1.0/deviceinfo/query?token={token}")).Errno().Should().BeNull();
        site.Pbx.Counters.LiveSessions.Should().Be(1);
        site.Time.Advance(TimeSpan.FromSeconds(1800));
        (await site.PostAsync($"v1.1.0/deviceinfo/query?token={token}")).Errno().Should().Be("20006");
        site.Pbx.Counters.LiveSessions.Should().Be(0);
    }

    [Fact]
    public async Task A_token_that_is_used_after_a_later_login_is_counted()
    {
        await using var site = await Site.StartAsync();
        var first = await site.LogInAsync();
        (await site.PostAsync($"v1.1.0/heartbeat?token={first}")).Errno().Should().BeNull();
        var second = await site.LogInAsync();
        (await site.PostAsync($"v1.1.0/heartbeat?token={second}")).Errno().Should().BeNull();
        site.Pbx.Counters.OldSessionsUsed.Should().Be(0, "nobody uses the first one any more");

        (await site.PostAsync($"v1.1.0/heartbeat?token={first}")).Errno().Should().BeNull();

        site.Pbx.Counters.OldSessionsUsed.Should().Be(1);
        (await site.PostAsync($"v1.1.0/logout?token={first}")).Errno().Should().BeNull();
        site.Pbx.Counters.OldSessionsUsed.Should().Be(1, "who logs out goes");
    }

    [Fact]
    public async Task A_token_that_ended_stops_reports_without_a_word()
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync(version: "1.0.2");
        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);
        await site.Receiver.WaitForAsync("ExtensionStatus");

        site.Time.Advance(TimeSpan.FromSeconds(1800));
        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Registered, Site.Ct);
        _ = await site.LogInAsync(version: "1.0.2");
        await site.Pbx.SetExtensionStatusAsync("1002", ExtensionStatus.Unavailable, Site.Ct);

        await site.Receiver.WaitForAsync("\"1002\"");
        site.Receiver.BodiesWith("\"1001\"").Should().ContainSingle();
    }

    [Fact]
    public async Task Tokens_that_are_unknown_blank_or_logged_out_have_their_own_errors()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync();

        (await site.PostAsync("v1.1.0/deviceinfo/query?token=0123")).Errno().Should().Be("20004");
        (await site.PostAsync("v1.1.0/deviceinfo/query")).Errno().Should().Be("20005");
        (await site.PostAsync($"v1.1.0/logout?token={token}")).Text("status").Should().Be("Success");
        (await site.PostAsync($"v1.1.0/deviceinfo/query?token={token}")).Errno().Should().Be("20004");
    }

    [Theory]
    [InlineData("v1.0.0", Site.Old, null)]
    [InlineData("v1.1.0", Site.Old, null)]
    [InlineData("v1.10", Site.Old, null)]
    [InlineData("v2.0.0", Site.Old, "10003")]
    [InlineData("v1.1.0", Site.New, null)]
    [InlineData("v2.0.0", Site.New, null)]
    [InlineData("v3.0.0", Site.New, "10003")]
    public async Task The_path_version_decides_with_the_firmware(string path, string firmware, string? error)
    {
        await using var site = await Site.StartAsync(firmware);

        var answer = await site.TryLogInAsync(path: path);

        answer.Errno().Should().Be(error);
        answer.Text("transport").Should().Be(path == "v2.0.0" && error is null ? "HTTP" : null);
    }

    [Fact]
    public async Task Old_firmware_answers_404_to_v2_paths_when_asked_to()
    {
        await using var site = await Site.StartAsync(Site.Old, options => options with { UnknownPath = UnknownPathAnswer.NotFound });

        using var response = await site.GetAsync("v2.0.0/login");

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Get_and_bodies_other_than_json_are_refused()
    {
        await using var site = await Site.StartAsync();

        using var response = await site.GetAsync("v1.1.0/login");
        (await response.Content.ReadAsStringAsync(Site.Ct)).Should().Be("""{"status":"Failed","errno":"20001"}""");
        (await site.PostTextAsync("v1.1.0/login", "username=api")).Should().Contain("20000");
        (await site.PostTextAsync("v1.1.0/login", "<login/>")).Should().Contain("10002");
        (await site.PostAsync("v1.1.0/login", new { username = "api", password = Site.Hash("Password1") })).Errno().Should().Be("10004");
        (await site.PostAsync("v1.1.0/login", new { username = "api", password = Site.Hash("Password1"), port = "70000" })).Errno().Should().Be("20008");
        (await site.PostAsync("v1.1.0/nonsense")).Errno().Should().Be("10003");
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_of_the_embedded_server()
    {
        await using var site = await Site.StartAsync();

        using var response = await site.GetAsync("v1.1.0/login");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.GetValues("Server").Should().Equal("Boa/0.94.14rc21");
        response.Headers.ConnectionClose.Should().BeTrue();
        response.Headers.GetValues("Accept-Ranges").Should().Equal("bytes");
        response.Headers.GetValues("Access-control-allow-origin").Should().Equal("*");
        response.Content.Headers.ContentType!.ToString().Should().Be("application/json");
    }

    [Theory]
    [InlineData("Europe/Paris", "2026-01-15 10:00:00 UTC+1")]
    [InlineData("America/Los_Angeles", "2026-01-15 01:00:00 UTC-8")]
    [InlineData("Asia/Kolkata", "2026-01-15 14:30:00 UTC+5:30")]
    public async Task Device_information_tells_wall_clock_and_offset(string zone, string expected)
    {
        await using var site = await Site.StartAsync(change: options => options with { TimeZone = zone });
        var token = await site.LogInAsync();

        var device = (await site.PostAsync($"v1.1.0/deviceinfo/query?token={token}")).GetProperty("deviceinfo");

        device.Text("systemtime").Should().Be(expected);
        device.Text("extensionstatus").Should().Be("20/20");
        device.Text("sn").Should().Be(site.Pbx.SerialNumber);
        device.Text("firmwarever").Should().Be(Site.New);
    }

    [Fact]
    public async Task A_heartbeat_moves_the_reports_and_may_reset_their_format()
    {
        await using var site = await Site.StartAsync(change: options => options with { HeartbeatWithoutVersionResetsFormat = true });
        await using var elsewhere = new ReportReceiver();
        var token = await site.LogInAsync("v2.0.0", "2.0.0");

        _ = await site.PostAsync($"v2.0.0/heartbeat?token={token}", new { ipaddr = "127.0.0.1", port = elsewhere.Port, url = "moved", urltag = "0" });
        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);

        var body = (await elsewhere.WaitForAsync("ExtensionStatus"))[0];
        body.Should().Contain("\"action\"");
        elsewhere.Requests[0].Should().StartWith("POST /moved HTTP/1.1\r\n");
        JsonDocument.Parse(body).RootElement.Text("status").Should().Be("Unregistered");
    }
}
