using System.Net;
using System.Text.Json;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Testing;
using Sylvan.Data.Csv;
using static PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Cdrs;

public sealed class CallExportTests : IAsyncLifetime
{
    /// <summary>Far more than a page, and than what sockets and buffers hold between the two sides.</summary>
    private const int Many = 120_000;

    private FrontLab _front = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _front = await FrontLab.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task CSV_has_a_header_and_one_line_a_record_whatever_callers_sent()
    {
        await _front.RecordAsync(
            Inbound("paris", "first"),
            Inbound("paris", "odd", minute: 1) with
            {
                Caller = "=HYPERLINK(\"http://x\";\"y\")",
                Callee = " @cmd",
                Did = "\t1",
                CalledGroup = "a,b",
                RawStatus = "two\r\nlines",
                SourceTrunk = "Élysée",
                Recording = new string('n', 200_000),
                Extensions = ["4001", "4002"],
                TalkSeconds = null,
            });

        using var response = await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/cdrs", body: null, ("Accept", "text/csv"));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/csv");
        response.Content.Headers.ContentDisposition!.FileName.Should().Be("cdrs.csv");
        var text = await response.Content.ReadAsStringAsync(Ct);
        text.Should().StartWith(string.Join(',', CallRecordTable.Columns) + "\r\n").And.EndWith("\r\n");
        text.Replace("\r\n", "", StringComparison.Ordinal).Should().NotContainAny("\r", "\n");

        await using var csv = await CsvDataReader.CreateAsync(new StringReader(text), new CsvDataReaderOptions { MaxBufferSize = 1_000_000 }, Ct);
        (await csv.ReadAsync(Ct)).Should().BeTrue();
        string Cell(string column) => csv.GetString(csv.GetOrdinal(column));
        Cell("callId").Should().Be("odd");
        Cell("caller").Should().Be("'=HYPERLINK(\"http://x\";\"y\")");
        Cell("callerE164").Should().Be("'+33612345678");
        Cell("callee").Should().Be("' @cmd");
        Cell("did").Should().Be("'\t1");
        Cell("calledGroup").Should().Be("a,b");
        Cell("rawStatus").Should().Be("two\r\nlines");
        Cell("sourceTrunk").Should().Be("Élysée");
        Cell("recordingName").Should().HaveLength(200_000);
        Cell("extensions").Should().Be("4001 4002");
        Cell("talkSeconds").Should().BeEmpty();
        Cell("startedAt").Should().Be("2026-07-01T10:01:00Z");
        Cell("startWallClock").Should().Be("2026-07-01T12:01:00");
        (await csv.ReadAsync(Ct)).Should().BeTrue();
        Cell("callId").Should().Be("first");
        Cell("talkSeconds").Should().Be("42");
        Cell("recordingUrl").Should().Be("/api/pbx/recordings/" + Cell("recordingId"));
        (await csv.ReadAsync(Ct)).Should().BeFalse();
    }

    [Fact]
    public async Task NDJSON_says_the_same_as_a_page_one_record_a_line()
    {
        await _front.RecordAsync(Inbound("paris", "1"), Inbound("paris", "2", minute: 1), Inbound("paris", "3", minute: 2));
        var page = await _front.GetAsync("/api/pbx/cdrs");

        using var response = await _front.Admin.GetAsync("/api/pbx/cdrs?format=ndjson", Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);

        response.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        response.Content.Headers.ContentDisposition!.FileName.Should().Be("cdrs.ndjson");
        text.Should().EndWith("}\n").And.Contain("+33612345678");
        var lines = text.TrimEnd('\n').Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        lines.Should().HaveCount(3);
        lines.Zip(page.GetProperty("items").EnumerateArray()).Should().AllSatisfy(pair => JsonElement.DeepEquals(pair.First, pair.Second).Should().BeTrue());
    }

    [Fact]
    public async Task An_export_goes_on_behind_a_page_and_stops_at_its_limit()
    {
        await _front.FillAsync("paris", 2500);
        var next = (await _front.GetAsync("/api/pbx/cdrs?limit=10")).Text("next");

        var lines = (await _front.Admin.GetStringAsync($"/api/pbx/cdrs?format=csv&limit=1500&after={next}", Ct)).TrimEnd().Split("\r\n");

        lines.Should().HaveCount(1501);
        lines[1].Split(',')[2].Should().Be("178.2490");
        lines[^1].Split(',')[2].Should().Be("178.991");
        (await _front.Admin.GetStringAsync("/api/pbx/cdrs?format=csv&site=nowhere", Ct)).Should().Be(string.Join(',', CallRecordTable.Columns) + "\r\n");
        (await _front.Admin.GetStringAsync("/api/pbx/cdrs?format=ndjson&site=nowhere", Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task What_nobody_can_send_is_not_acceptable()
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/cdrs", body: null, ("Accept", "text/html"))).ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");

        problem.Text("detail").Should().Contain("text/csv");
        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/cdrs?from=x", body: null, ("Accept", "text/csv"))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task Any_number_of_records_streams_in_constant_memory(string format)
    {
        await _front.FillAsync("paris", Many);
        (await _front.Admin.GetAsync($"/api/pbx/cdrs?limit=1000&format={format}", Ct)).EnsureSuccessStatusCode();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var response = await _front.Admin.GetAsync("/api/pbx/cdrs?format=" + format, HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));

        var header = format == "csv" ? 1 : 0;
        var (lines, early, late) = (0, 0L, 0L);
        while (await reader.ReadLineAsync(Ct) is not null)
        {
            lines++;
            early = lines == Many / 10 ? GC.GetTotalMemory(forceFullCollection: true) : early;
            late = lines == Many - 1 ? GC.GetTotalMemory(forceFullCollection: true) : late;
        }

        lines.Should().Be(Many + header);
        // All of them at once would be more than 100 MB.
        (early - before).Should().BeLessThan(64_000_000);
        (late - before).Should().BeLessThan(64_000_000);
    }

    [Fact]
    public async Task A_failure_in_the_middle_breaks_the_connection()
    {
        await _front.FillAsync("paris", Many);
        using var response = await _front.Admin.GetAsync("/api/pbx/cdrs?format=csv", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
        (await reader.ReadLineAsync(Ct)).Should().StartWith("recordId,");

        // The front can only be a few buffers ahead of us.
        await _front.SqlAsync("ALTER TABLE pbx.call_record RENAME TO call_record_gone");

        var reading = async () =>
        {
            while (await reader.ReadLineAsync(Ct) is not null)
            {
            }
        };
        (await reading.Should().ThrowAsync<Exception>()).Which.Should().Match(e => e is HttpIOException || e is IOException);
        _ = await Eventually.Holds(() => _front.Logs.Text.Contains("An export of call records broke off", StringComparison.Ordinal), "the log to tell");
    }

    [Fact]
    public async Task A_failure_before_the_first_record_is_a_problem()
    {
        await _front.SqlAsync("ALTER TABLE pbx.call_record RENAME TO call_record_gone");

        await (await _front.Admin.GetAsync("/api/pbx/cdrs?format=csv", Ct)).ProblemAsync(HttpStatusCode.InternalServerError, "internal-error");
    }

    [Fact]
    public async Task Nothing_is_read_for_a_caller_who_has_gone()
    {
        await _front.FillAsync("paris", Many);
        var response = await _front.Admin.GetAsync("/api/pbx/cdrs?format=ndjson", HttpCompletionOption.ResponseHeadersRead, Ct);
        var body = await response.Content.ReadAsStreamAsync(Ct);
        (await body.ReadAsync(new byte[1000], Ct)).Should().BePositive();
        Finished().Should().BeFalse("the front waits for its reader");

        response.Dispose();

        _ = await Eventually.Holds(Finished, "the front to stop reading", TimeSpan.FromSeconds(60));
        _front.Logs.Text.Should().NotContain("An export of call records broke off");
    }

    private bool Finished() => _front.Logs.Text.Split('\n').Any(line => line.Contains("Request finished", StringComparison.Ordinal) && line.Contains("/api/pbx/cdrs", StringComparison.Ordinal));
}
