using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Tests.Client;

/// <summary>Passwords, their digest, tokens, randoms and query strings stay on the wire.</summary>
public sealed class SecrecyTests
{
    private const string Password = "Sesame-open-4711";
    private const string Token = "feedfacefeedfacefeedfacefeedface";
    private const string Random = "c0ffee00c0ffee00c0ffee00c0ffee00";
    private const string ReportSecret = "webhook-secret-0815";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly string[] Secrets = [Password, PbxPassword.FromPlainText(Password).Reveal(), Token, Random, ReportSecret, "token=", "random="];

    [Fact]
    public async Task Traces_of_requests_hold_no_query_and_no_secret()
    {
        var seen = new ConcurrentBag<string>();
        using var activities = Listen(seen);
        using var events = new HttpEvents(seen);

        await UseAsync(_ => Reply.Error("20006"));

        seen.Should().Contain(text => text.Contains("/api/v2.0.0/extension/list", StringComparison.Ordinal), "otherwise nothing was listened to");
        seen.Should().Contain(text => text.Contains("PBX extension/list", StringComparison.Ordinal), "our own traces name the endpoint");
        HoldNone(seen);
    }

    [Fact]
    public async Task What_the_caller_gets_holds_no_secret()
    {
        Func<ReceivedRequest, Reply>[] troubles =
        [
            _ => Reply.Error("20003"),
            _ => Reply.Error($"{Token}"[..8]),
            _ => Reply.Reset,
            request => Reply.Status("500 Oops", $"<html>{request.Query}{request.Body}</html>"),
            request => Reply.Status("302 Found", "", $"Location: http://127.0.0.1/?{request.Query}"),
            request => Reply.Json($$"""{"status":"Success","extlist":[{{request.Query}}"""),
            request => new RawReply("not http"u8.ToArray(), "abc\r\n" + request.Query, "x"),
        ];

        foreach (var trouble in troubles)
        {
            HoldNone(await UseAsync(trouble));
        }
    }

    [Fact]
    public async Task A_file_that_breaks_off_tells_no_secret()
    {
        await using var pbx = Scripted(_ => new RawReply("RIFF"u8.ToArray(), "200 OK", "audio/x-wav", Claim: 1000));
        using var client = (await ConnectAsync(pbx)).Value!;
        await using var file = (await client.OpenRecordingAsync("x.wav", Ct)).Value!;

        var broken = await file.Awaiting(stream => stream.CopyToAsync(Stream.Null, Ct)).Should().ThrowAsync<IOException>();

        HoldNone([broken.Which.ToString(), file.ToString()!]);
    }

    [Fact]
    public void Who_we_are_is_told_without_the_password()
    {
        var connection = Connection(new Uri("https://10.1.0.254:8088"));

        HoldNone([connection.ToString(), connection.Password.ToString(), connection.Reports!.ToString(), $"{connection.Password}"]);
        connection.ToString().Should().Contain("10.1.0.254").And.Contain("api");
    }

    private static async Task<List<string>> UseAsync(Func<ReceivedRequest, Reply> trouble)
    {
        await using var pbx = Scripted(trouble);
        await using var locked = new ScriptedPbx(trouble);
        var connected = await ConnectAsync(pbx);
        using var client = connected.Value!;

        var rejected = await ConnectAsync(locked);
        var list = await client.ListExtensionsAsync(Ct);
        var recording = await client.OpenRecordingAsync("x.wav", Ct);
        var heartbeat = await client.HeartbeatAsync(Connection(pbx.Address).Reports, Ct);

        return [$"{connected}", $"{client}", $"{rejected}", $"{list}", $"{recording}", $"{heartbeat}"];
    }

    private static ScriptedPbx Scripted(Func<ReceivedRequest, Reply> trouble) => new(request => request.Path switch
    {
        "/api/v2.0.0/login" => Reply.Json($$"""{"status":"Success","token":"{{Token}}","transport":"HTTP"}"""),
        "/api/v2.0.0/recording/get_random" => Reply.Json($$"""{"status":"Success","random":"{{Random}}"}"""),
        _ => trouble(request),
    });

    private static PbxConnection Connection(Uri address) => new()
    {
        Address = address,
        UserName = "api",
        Password = PbxPassword.FromPlainText(Password),
        AllowPlainHttp = true,
        Reports = new ReportTarget($"192.0.2.20:8260/{ReportSecret}", 8260, Absolute: true),
    };

    private static Task<PbxResult<IPbxClient>> ConnectAsync(ScriptedPbx pbx) => new PbxConnector(TimeProvider.System).ConnectAsync(Connection(pbx.Address), Ct);

    private static void HoldNone(IEnumerable<string> texts) => texts.Should().AllSatisfy(text => text.Should().NotContainAny(Secrets));

    private static ActivityListener Listen(ConcurrentBag<string> seen)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.Contains("Http", StringComparison.Ordinal) || source.Name == PbxTrace.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Add(
                $"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(e => e.Tags))} {activity.StatusDescription}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class HttpEvents(ConcurrentBag<string> seen) : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.Net.Http" or "System.Net.Security" or "System.Net.Sockets")
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        // Runs before the constructor is through for sources that exist already.
        protected override void OnEventWritten(EventWrittenEventArgs eventData) => seen?.Add($"{eventData.EventName} {string.Join(' ', eventData.Payload ?? [])}");
    }
}
