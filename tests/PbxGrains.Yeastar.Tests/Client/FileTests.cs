using System.Text;
using Microsoft.Extensions.Time.Testing;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

public sealed class FileTests
{
    private const string Random = "0cbcf8917c41c61c6e9fd3e57ecdd467";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTime From = new(2019, 1, 13, 0, 0, 0);
    private static readonly DateTime To = new(2019, 1, 13, 23, 59, 59);
    private static readonly byte[] Wave = [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. Enumerable.Range(0, 5000).Select(i => (byte)i)];

    [Theory]
    [InlineData(PbxDialect.V1, "extid", "v1.1.0")]
    [InlineData(PbxDialect.V2, "number", "v2.0.0")]
    public async Task Call_records_are_downloaded_with_a_random(PbxDialect dialect, string field, string version)
    {
        var csv = Encoding.UTF8.GetBytes("callid,timestart\r\n1.1,2019-01-13 23:03:02\r\n");
        await using var pbx = Serving(dialect, Reply.File(csv, "text/html"));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.OpenCallRecordsAsync(From, To, Ct);

        (await AllOf(result)).Should().Equal(csv);
        var (asked, fetched) = (pbx.Requests[^2], pbx.Requests[^1]);
        asked.Path.Should().Be($"/api/{version}/cdr/get_random");
        asked.Body.Should().Be($$"""{"{{field}}":"all","starttime":"2019-01-13 00:00:00","endtime":"2019-01-13 23:59:59"}""");
        fetched.Method.Should().Be("GET");
        fetched.Path.Should().Be($"/api/{version}/cdr/download");
        fetched.Query.Should().Be($"{field}=all&starttime=2019-01-13%2000%3A00%3A00&endtime=2019-01-13%2023%3A59%3A59&random={Random}&token={Pbx.Token}");
    }

    [Fact]
    public async Task A_recording_is_downloaded_by_its_escaped_name()
    {
        await using var pbx = Serving(PbxDialect.V2, Reply.File(Wave, "audio/x-wav"));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.OpenRecordingAsync("2019-1.1-+33 1&2-1005-Inbound.wav", Ct);

        (await AllOf(result)).Should().Equal(Wave);
        pbx.Requests[^2].Body.Should().Be("""{"recording":"2019-1.1-+33 1&2-1005-Inbound.wav"}""");
        pbx.Requests[^1].Query.Should().Be($"recording=2019-1.1-%2B33%201%262-1005-Inbound.wav&random={Random}&token={Pbx.Token}");
    }

    [Theory]
    [InlineData("20020", PbxErrorCode.CallRecordRandomInvalid, PbxFailureKind.Refused)]
    [InlineData("20006", PbxErrorCode.TokenTimedOut, PbxFailureKind.SessionEnded)]
    public async Task An_error_in_place_of_the_file_is_a_failure(string number, PbxErrorCode code, PbxFailureKind kind)
    {
        var error = Encoding.UTF8.GetBytes($$"""{{new string(' ', 600)}}{"status":"Failed","errno":"{{number}}"}""");
        var marked = Encoding.UTF8.GetBytes($$"""{{'\uFEFF'}} {"status":"Failed","errno":"{{number}}"}""");

        foreach (var body in new[] { error[590..], marked })
        {
            await using var pbx = Serving(PbxDialect.V1, Reply.File(body, "text/csv"));
            using var client = await Pbx.ConnectAsync(pbx);

            var result = await client.OpenCallRecordsAsync(From, To, Ct);

            result.Failure.Should().BeEquivalentTo(new { Code = code, Kind = kind });
        }
    }

    [Theory]
    [InlineData("<html>login</html>")]
    [InlineData("\r\n <!DOCTYPE html>")]
    [InlineData("")]
    [InlineData("{\"status\":\"Success\"}")]
    [InlineData("{\"status\":")]
    public async Task What_is_no_recording_is_a_failure(string body)
    {
        await using var pbx = Serving(PbxDialect.V2, Reply.File(Encoding.UTF8.GetBytes(body), "audio/x-wav"));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.OpenRecordingAsync("x.wav", Ct);

        result.Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
    }

    [Fact]
    public async Task A_refused_random_is_a_failure_and_nothing_is_fetched()
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Error("20014"));
        using var client = await Pbx.ConnectAsync(pbx);

        var result = await client.OpenRecordingAsync("gone.wav", Ct);

        result.Failure!.Code.Should().Be(PbxErrorCode.RecordingNotFound);
        pbx.Paths.Should().NotContain("/api/v2.0.0/recording/download");
    }

    [Fact]
    public async Task A_random_that_is_missing_is_a_failure()
    {
        await using var pbx = Pbx.Speaking(PbxDialect.V2, _ => Reply.Json(Pbx.Success));
        using var client = await Pbx.ConnectAsync(pbx);

        (await client.OpenRecordingAsync("x.wav", Ct)).Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
    }

    [Fact]
    public async Task A_file_is_read_as_it_comes_and_given_up_when_nothing_comes()
    {
        var time = new FakeTimeProvider();
        await using var pbx = Serving(PbxDialect.V2, new RawReply(Wave, "200 OK", "audio/x-wav", Claim: 1_000_000, Hold: true));
        using var client = await Pbx.ConnectAsync(pbx, connection => connection with { AnswerTimeout = TimeSpan.FromHours(1) }, time);
        await using var file = (await client.OpenRecordingAsync("x.wav", Ct)).Value!;

        var begun = new byte[Wave.Length];
        await file.ReadExactlyAsync(begun, Ct);
        time.Advance(TimeSpan.FromHours(5));
        var next = file.ReadAsync(new byte[10], Ct).AsTask();
        time.Advance(TimeSpan.FromHours(1));

        begun.Should().Equal(Wave);
        (await next.Awaiting(task => task.WaitAsync(TimeSpan.FromSeconds(30), Ct)).Should().ThrowAsync<IOException>()).WithMessage("*nothing*");
    }

    [Fact]
    public async Task A_file_that_breaks_off_says_so()
    {
        await using var pbx = Serving(PbxDialect.V2, new RawReply(Wave, "200 OK", "audio/x-wav", Claim: 1_000_000));
        using var client = await Pbx.ConnectAsync(pbx);
        await using var file = (await client.OpenRecordingAsync("x.wav", Ct)).Value!;

        var reading = file.Awaiting(stream => stream.CopyToAsync(Stream.Null, Ct));

        (await reading.Should().ThrowAsync<IOException>()).WithMessage("*broke off*");
    }

    [Fact]
    public async Task A_caller_who_stops_reading_gets_his_own_cancellation()
    {
        await using var pbx = Serving(PbxDialect.V2, new RawReply(Wave, "200 OK", "audio/x-wav", Claim: 1_000_000, Hold: true));
        using var client = await Pbx.ConnectAsync(pbx);
        await using var file = (await client.OpenRecordingAsync("x.wav", Ct)).Value!;
        await file.ReadExactlyAsync(new byte[Wave.Length], Ct);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var next = file.ReadAsync(new byte[10], caller.Token).AsTask();
        await caller.CancelAsync();

        await next.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Closing_a_file_closes_its_connection()
    {
        await using var pbx = Serving(PbxDialect.V2, new RawReply(Wave, "200 OK", "audio/x-wav", Claim: 1_000_000, Hold: true));
        using var client = await Pbx.ConnectAsync(pbx);
        var file = (await client.OpenRecordingAsync("x.wav", Ct)).Value!;

        await file.DisposeAsync();

        await pbx.ConnectionsEnd().WaitAsync(TimeSpan.FromSeconds(30), Ct);
    }

    [Theory]
    [InlineData("s-series-v1/cdr-download.csv", PbxDialect.V1)]
    [InlineData("s-series-v2/cdr-download.csv", PbxDialect.V2)]
    public async Task The_sample_of_call_records_arrives_whole(string name, PbxDialect dialect)
    {
        Pbx.NeedSamples();
        var csv = Fixtures.Read(name);
        await using var pbx = Serving(dialect, Reply.File(csv, "text/csv"));
        using var client = await Pbx.ConnectAsync(pbx);

        (await AllOf(await client.OpenCallRecordsAsync(From, To, Ct))).Should().Equal(csv);
    }

    private static ScriptedPbx Serving(PbxDialect dialect, Reply file) => Pbx.Speaking(dialect, request => request.Path.EndsWith("/get_random", StringComparison.Ordinal)
        ? Reply.Json($$"""{"status":"Success","random":"{{Random}}"}""")
        : file);

    private static async Task<byte[]> AllOf(PbxResult<Stream> file)
    {
        file.Failure.Should().BeNull();
        await using var stream = file.Value!;
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Ct);
        return copy.ToArray();
    }
}
