using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using PbxGrains.Testing;

namespace PbxGrains.Simulator.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task A_pbx_that_is_down_refuses_connections_and_comes_back_on_the_same_address()
    {
        await using var site = await Site.StartAsync();
        var address = site.Pbx.Address;

        site.Pbx.Faults.Down = true;
        await FluentActions.Awaiting(() => site.TryLogInAsync()).Should().ThrowAsync<HttpRequestException>();
        site.Pbx.Faults.Down = false;

        site.Pbx.Address.Should().Be(address);
        (await site.TryLogInAsync()).Errno().Should().BeNull();
    }

    [Fact]
    public async Task A_black_hole_accepts_and_says_nothing()
    {
        await using var site = await Site.StartAsync();
        site.Pbx.Faults.BlackHole = true;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        await socket.ConnectAsync(IPAddress.Parse(site.Pbx.Address.Host), site.Pbx.Address.Port, Site.Ct);
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead).Should().BeFalse();
        site.Pbx.Faults.BlackHole = false;

        await Eventually.Holds(() => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead), "the connection is closed");
        (await site.TryLogInAsync()).Errno().Should().BeNull();
    }

    [Theory]
    [InlineData("v1.1.0", "extensionlist/query")]
    [InlineData("v2.0.0", "extension/list")]
    public async Task Telephones_that_flap_are_registered_in_every_second_list_only(string version, string list)
    {
        await using var site = await Site.StartAsync();
        var path = $"{version}/{list}?token={await site.LogInAsync(version)}";
        site.Pbx.Faults.TelephonesFlap = true;

        var shown = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            shown.Add((await site.PostAsync(path)).GetProperty("extlist")[0].Text("status"));
        }

        site.Pbx.Faults.Clear();
        shown.Should().Equal("Unavailable", "Registered", "Unavailable", "Registered");
        (await site.PostAsync(path)).GetProperty("extlist")[0].Text("status").Should().Be("Registered");
        site.Receiver.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_slow_pbx_answers_when_its_clock_says_so()
    {
        await using var site = await Site.StartAsync();
        site.Pbx.Faults.Slow = TimeSpan.FromSeconds(20);

        var login = site.TryLogInAsync();
        await Eventually.Holds(
            () =>
            {
                site.Time.Advance(TimeSpan.FromSeconds(1));
                return login.IsCompleted;
            },
            "the answer came");

        (await login).Errno().Should().BeNull();
        site.Time.GetUtcNow().Should().BeOnOrAfter(new DateTimeOffset(2026, 1, 15, 9, 0, 20, TimeSpan.Zero));
    }

    [Fact]
    public async Task Server_errors_are_html_pages()
    {
        await using var site = await Site.StartAsync();
        site.Pbx.Faults.ServerError = 504;

        using var response = await site.GetAsync("v1.1.0/login");

        response.StatusCode.Should().Be(HttpStatusCode.GatewayTimeout);
        (await response.Content.ReadAsStringAsync(Site.Ct)).Should().StartWith("<HTML>");
    }

    [Fact]
    public async Task Cut_bodies_end_before_their_announced_length()
    {
        await using var site = await Site.StartAsync();
        site.Pbx.Faults.CutBodies = true;

        await FluentActions.Awaiting(() => site.TryLogInAsync()).Should().ThrowAsync<Exception>().Where(cut => cut is HttpRequestException || cut is IOException);

        site.Pbx.Counters.LoginsTried.Should().Be(1);
    }

    [Fact]
    public async Task A_lost_originate_answer_leaves_the_call_running()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync();
        site.Pbx.Faults.LoseOriginateAnswer = true;

        await FluentActions.Awaiting(() => site.PostAsync($"v2.0.0/call/dial?token={token}", new { caller = "1001", callee = "1002" })).Should().ThrowAsync<HttpRequestException>();

        site.Pbx.Calls.Should().ContainSingle().Which.From.Should().Be("1001");
        (await site.PostAsync($"v2.0.0/call/query?token={token}")).GetProperty("calls").GetArrayLength().Should().Be(1);
        site.Pbx.Counters.Dialled.Should().Equal(new Dictionary<string, long>(StringComparer.Ordinal) { ["1002"] = 1 });
    }

    [Fact]
    public async Task A_skewed_clock_shows_in_wall_clock_and_call_ids()
    {
        await using var site = await Site.StartAsync();
        site.Pbx.Faults.ClockSkew = TimeSpan.FromHours(-3);
        var token = await site.LogInAsync();

        var callId = await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", ct: Site.Ct);

        (await site.PostAsync($"v1.1.0/deviceinfo/query?token={token}")).GetProperty("deviceinfo").Text("systemtime").Should().Be("2026-01-15 07:00:00 UTC+1");
        callId.Should().StartWith($"{site.Time.GetUtcNow().AddHours(-3).ToUnixTimeSeconds()}.");
    }

    [Fact]
    public async Task Revoked_permissions_and_rejected_logins_answer_in_the_pbx_own_words()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync();

        site.Pbx.Faults.RevokedEndpoints = ["cdr/", "call/dial"];
        (await site.PostAsync($"v2.0.0/cdr/get_random?token={token}")).Errno().Should().Be("10003");
        (await site.PostAsync($"v2.0.0/call/dial?token={token}")).Errno().Should().Be("10003");
        site.Pbx.Faults.RejectLogins = true;
        (await site.TryLogInAsync()).Errno().Should().Be("20003");
        (await site.PostAsync($"v2.0.0/extension/list?token={token}")).Errno().Should().BeNull("the token lives");
        site.Pbx.Faults.ApiOff = true;
        (await site.PostAsync($"v2.0.0/extension/list?token={token}")).Errno().Should().Be("30003");
        site.Pbx.Faults.Clear();
        (await site.TryLogInAsync()).Errno().Should().BeNull();
    }

    [Fact]
    public async Task The_pin_is_what_a_client_sees_and_changes_with_the_certificate()
    {
        await using var site = await Site.StartAsync(change: static options => options with { Https = true });
        var first = site.Pbx.CertificatePin;

        (await SeenPinAsync(site.Pbx)).Should().Be(first);
        await site.Pbx.ChangeCertificateAsync(Site.Ct);
        var second = await SeenPinAsync(site.Pbx);

        second.Should().Be(site.Pbx.CertificatePin).And.NotBe(first);
        await using var again = await Site.StartAsync(change: static options => options with { Https = true });
        again.Pbx.CertificatePin.Should().Be(first, "the key follows from the seed");
    }

    private static async Task<string> SeenPinAsync(SimulatedPbx pbx)
    {
        var pin = "";
        using var socket = new TcpClient();
        await socket.ConnectAsync(pbx.Address.Host, pbx.Address.Port, Site.Ct);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = pbx.Address.Host,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    using var seen = new System.Security.Cryptography.X509Certificates.X509Certificate2(certificate!);
                    pin = Convert.ToBase64String(SHA256.HashData(seen.PublicKey.ExportSubjectPublicKeyInfo()));
                    return pin == pbx.CertificatePin;
                },
            },
            Site.Ct);
        return pin;
    }
}
