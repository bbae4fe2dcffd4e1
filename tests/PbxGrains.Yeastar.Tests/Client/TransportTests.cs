using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

public sealed class TransportTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    // Hours, so that only the fake clock can make them pass.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromHours(3);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromHours(10);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Nobody_at_the_address_means_not_reached()
    {
        var connection = Pbx.Connection(new Uri($"http://127.0.0.1:{FreePort.Next()}"));

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(connection, Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.NotReached);
    }

    [Fact]
    public async Task An_address_that_never_takes_connections_is_not_reached_after_the_connect_time_limit()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(backlog: 0);
        var address = (IPEndPoint)full.LocalEndPoint!;
        var fillers = await FillAsync(address);

        var connecting = new PbxConnector(_time).ConnectAsync(Patient(new Uri($"http://{address}")), Ct);
        _time.Advance(ConnectLimit - TimeSpan.FromSeconds(1));
        connecting.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        var result = await connecting.WaitAsync(Hang, Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.NotReached);
        fillers.ForEach(filler => filler.Dispose());
    }

    [Fact]
    public async Task A_handshake_that_stalls_counts_as_connecting()
    {
        using var certificate = Pbx.NewCertificate();
        await using var pbx = new ScriptedPbx(_ => Reply.Never, certificate, shakesHands: false);

        var connecting = new PbxConnector(_time).ConnectAsync(Patient(pbx.Address), Ct);
        await Eventually.Holds(() => pbx.Accepted == 1, "the PBX takes the connection");
        _time.Advance(ConnectLimit);
        var result = await connecting.WaitAsync(Hang, Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.NotReached);
        pbx.Accepted.Should().Be(1);
    }

    [Fact]
    public async Task A_pbx_that_takes_the_request_and_stays_silent_gave_no_answer()
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Never);

        var connecting = new PbxConnector(_time).ConnectAsync(Patient(pbx.Address), Ct);
        await Eventually.Holds(() => pbx.Requests.Count == 1, "the PBX has the request");
        _time.Advance(AnswerLimit - TimeSpan.FromSeconds(1));
        connecting.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        var result = await connecting.WaitAsync(Hang, Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.NoAnswer);
        pbx.Accepted.Should().Be(1);
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_given_up_in_time()
    {
        await using var pbx = new ScriptedPbx(_ => new RawReply("{\"status\""u8.ToArray(), "200 OK", "application/json", Claim: 100, Hold: true));

        var connecting = new PbxConnector(_time).ConnectAsync(Patient(pbx.Address), Ct);
        await Eventually.Holds(() => pbx.Requests.Count == 1, "the PBX has the request");
        _time.Advance(AnswerLimit);
        var result = await connecting.WaitAsync(Hang, Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.NoAnswer);
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_his_own_cancellation()
    {
        await using var pbx = new ScriptedPbx(_ => Reply.Never);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var connecting = new PbxConnector(_time).ConnectAsync(Patient(pbx.Address), caller.Token);
        await Eventually.Holds(() => pbx.Requests.Count == 1, "the PBX has the request");
        await caller.CancelAsync();

        await connecting.Invoking(async task => await task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = new ScriptedPbx(_ => Reply.Json(Pbx.LoginV2));
        await using var pbx = new ScriptedPbx(_ => Reply.Status("301 Moved Permanently", "", $"Location: {elsewhere.Address}api/v2.0.0/login"));

        var result = await new PbxConnector(TimeProvider.System).ConnectAsync(Pbx.To(pbx), Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
        elsewhere.Accepted.Should().Be(0);
    }

    [Theory]
    [InlineData("500 Internal Server Error", "<html>oops</html>")]
    [InlineData("504 Gateway Timeout", "")]
    [InlineData("200 OK", "<!DOCTYPE html><html/>")]
    [InlineData("200 OK", "")]
    [InlineData("200 OK", "[]")]
    [InlineData("200 OK", "{}")]
    [InlineData("200 OK", "{\"status\":\"Success\",\"extlist\":[{\"number\":\"10")]
    public async Task An_answer_that_is_not_the_api_is_unexpected(string status, string body)
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Status(status, body));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.ListExtensionsAsync(Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
        pbx.Accepted.Should().Be(2);
    }

    [Fact]
    public async Task A_body_shorter_than_announced_is_unexpected()
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => new RawReply("""{"status":"Success"}"""u8.ToArray(), "200 OK", "application/json", Claim: 500));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.ListExtensionsAsync(Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
    }

    [Theory]
    [InlineData(8 * 1024 * 1024, true)]
    [InlineData((8 * 1024 * 1024) + 1, false)]
    public async Task An_answer_may_be_eight_mebibytes_long(int length, bool read)
    {
        var body = new byte[length];
        body.AsSpan().Fill((byte)' ');
        """{"status":"Success","extlist":[{"number":"1000"}]}"""u8.CopyTo(body);
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Json(body));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.ListExtensionsAsync(Ct);

        result.Succeeded.Should().Be(read);
        (result.Failure?.Kind ?? PbxFailureKind.UnexpectedAnswer).Should().Be(PbxFailureKind.UnexpectedAnswer);
    }

    [Fact]
    public async Task An_answer_nested_without_end_is_unexpected()
    {
        var deep = """{"status":"Success","x":""" + new string('[', 5000) + new string(']', 5000) + "}";
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Json(deep));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.ListExtensionsAsync(Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_whose_connection_breaks_is_never_sent_again(bool reset)
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, request => request switch
        {
            { Path: "/api/v2.0.0/cdr/get_random" } => Reply.Json("""{"status":"Success","random":"0cbcf8917c41c61c6e9fd3e57ecdd467"}"""),
            _ => reset ? Reply.Reset : Reply.Close,
        });
        using var client = await Pbx.ConnectAsync(pbx);

        var withBody = await client.OriginateAsync(new PbxOriginate("1000", "1001", DestinationIsExtension: true, Permission: null, AutoAnswer: false), Ct);
        var withoutBody = await client.ListExtensionsAsync(Ct);
        var download = await client.OpenCallRecordsAsync(new DateTime(2019, 1, 13), new DateTime(2019, 1, 14), Ct);

        withBody.Failure!.Kind.Should().Be(PbxFailureKind.NoAnswer);
        withoutBody.Failure!.Kind.Should().Be(PbxFailureKind.NoAnswer);
        download.Failure!.Kind.Should().Be(PbxFailureKind.NoAnswer);
        pbx.Paths.Should().Equal(
            "/api/v2.0.0/login", "/api/v2.0.0/call/dial", "/api/v2.0.0/extension/list", "/api/v2.0.0/cdr/get_random", "/api/v2.0.0/cdr/download");
        pbx.Accepted.Should().Be(5);
    }

    [Fact]
    public async Task Who_still_asks_after_the_session_was_given_up_hears_that_it_is_over_and_nothing_leaves()
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Json(Pbx.Success));
        var client = await Pbx.ConnectAsync(pbx);
        client.Dispose();

        var dial = await client.OriginateAsync(new PbxOriginate("1000", "1001", DestinationIsExtension: true, Permission: null, AutoAnswer: false), Ct);
        var file = await client.OpenRecordingAsync("20190113101010-1000-1001-Internal.wav", Ct);

        dial.Failure!.Kind.Should().Be(PbxFailureKind.SessionEnded);
        file.Failure!.Kind.Should().Be(PbxFailureKind.SessionEnded);
        pbx.Paths.Should().Equal("/api/v2.0.0/login");
    }

    [Fact]
    public async Task Every_request_has_its_own_connection_and_says_who_asks()
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Json(Pbx.Success));
        using var client = await Pbx.ConnectAsync(pbx);

        (await client.ListExtensionsAsync(Ct)).Succeeded.Should().BeTrue();
        (await client.GetQueueAsync("6700", Ct)).Succeeded.Should().BeFalse();

        pbx.Accepted.Should().Be(3);
        pbx.Requests.Should().AllSatisfy(request =>
        {
            request.Method.Should().Be("POST");
            request.Headers["Connection"].Should().Be("close");
            request.Headers["User-Agent"].Should().StartWith("PbxGrains/");
            request.Headers.Should().NotContainKeys("traceparent", "Cookie", "Accept-Encoding", "Transfer-Encoding", "Expect");
            request.Headers.Should().ContainKey("Content-Length");
        });
        pbx.Requests.Where(request => request.Body.Length > 0).Should().AllSatisfy(request => request.Headers["Content-Type"].Should().Be("application/json; charset=utf-8"));
    }

    [Fact]
    public void The_time_limits_are_three_and_ten_seconds_unless_said_otherwise()
    {
        var connection = Pbx.Connection(new Uri("https://127.0.0.1:8088"));

        (connection.ConnectTimeout, connection.AnswerTimeout).Should().Be((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)));
    }

    private static PbxConnection Patient(Uri address) => Pbx.Connection(address) with { ConnectTimeout = ConnectLimit, AnswerTimeout = AnswerLimit };

    // The kernel takes one connection more than the backlog; the next one waits for ever.
    private static async Task<List<Socket>> FillAsync(IPEndPoint address)
    {
        var fillers = new List<Socket>();
        while (true)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            fillers.Add(filler);
            var connecting = filler.ConnectAsync(address, Ct).AsTask();
            if (await Task.WhenAny(connecting, Stuck()) != connecting)
            {
                _ = connecting.ContinueWith(task => task.Exception, Ct, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return fillers;
            }
        }

        static async Task Stuck()
        {
            try
            {
                await Eventually.Holds(() => false, "a connection that will not be taken", TimeSpan.FromMilliseconds(300));
            }
            catch (TimeoutException)
            {
                // That long it did not get through: the queue is full.
            }
        }
    }
}
