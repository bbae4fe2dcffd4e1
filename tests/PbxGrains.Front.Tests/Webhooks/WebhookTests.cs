using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Reports;
using PbxGrains.Front.Sites;
using PbxGrains.Front.Tests.Cdrs;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Front.Webhooks;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Webhooks;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Webhooks;

public sealed class WebhookTests : IAsyncLifetime
{
    private FrontLab _front = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _front = await FrontLab.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_official_sample_with_a_blank_in_its_Host_line_is_taken_on_the_report_port(bool byteByByte)
    {
        var secret = await _front.RegisterAsync("paris");
        var body = """{"action":"BootUp","sn":"369362000001"}""";

        var answer = await FrontLab.RawAsync(
            _front.ReportPort,
            $"POST /api/pbx/webhook/paris/{secret} HTTP/1.1\r\nUser-Agent: WebAPI\r\nHost: 192.168.5.150: 8260\r\n" +
            $"Content-Type: application/json\r\nAccept: application/json\r\nAccept: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            byteByByte);

        answer.Should().StartWith("HTTP/1.1 200 OK").And.Contain("Connection: close");
        Encoding.UTF8.GetString(_front.Site("paris").Reports.Single().Body.AsSpan()).Should().Be(body);
    }

    [Fact]
    public async Task A_report_without_proof_is_told_to_the_site_once_and_how_a_good_one_was_proven_is_told_too()
    {
        var secret = await _front.RegisterAsync("paris");
        var report = new { action = "BootUp", sn = "369362000001" };

        for (var i = 0; i < 3; i++)
        {
            await (await _front.Anonymous.SendAsync(HttpMethod.Post, "/api/pbx/webhook/paris/wrong-secret", report)).ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        }

        (await _front.Anonymous.SendAsync(HttpMethod.Post, "/api/pbx/webhook/nowhere/wrong-secret", report)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await _front.Anonymous.SendAsync(HttpMethod.Post, $"/api/pbx/webhook/paris/{secret}", report)).StatusCode.Should().Be(HttpStatusCode.OK);
        await _front.RegisterAsync("lyon", FrontLab.Paris(["127.0.0.1"]));
        (await _front.Anonymous.SendAsync(HttpMethod.Post, "/api/pbx/webhook/lyon", report)).StatusCode.Should().Be(HttpStatusCode.OK);

        _front.Site("paris").Unproven.Should().Equal("127.0.0.1");
        _front.Site("paris").Reports.Single().Proof.Should().Be(ReportProof.Secret);
        _front.Site("lyon").Reports.Single().Proof.Should().Be(ReportProof.SourceAddress);
        _front.Site("lyon").Unproven.Should().BeEmpty();
    }

    [Fact]
    public async Task A_secret_of_which_the_front_has_not_heard_yet_is_looked_up()
    {
        await _front.RegisterAsync("paris");
        await GiveSecretAsync("told-to-the-pbx-a-moment-ago");

        (await PostAsync("paris/told-to-the-pbx-a-moment-ago")).StatusCode.Should().Be(HttpStatusCode.OK);

        _front.Site("paris").Reports.Single().Proof.Should().Be(ReportProof.Secret);
        _front.Site("paris").Unproven.Should().BeEmpty();
    }

    [Fact]
    public async Task Who_guesses_secrets_makes_a_front_ask_the_database_once_a_second_only()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await _front.RegisterAsync("paris");
        using var unheeding = new SiteDirectory(_front.Service<SiteRegistry>(), _front.Service<WebhookSecrets>(), clock);
        (await unheeding.FindAsync(SiteId.Parse("paris"), Ct))!.Secrets.Should().ContainSingle();

        await GiveSecretAsync("second");
        (await unheeding.FindAsync(SiteId.Parse("paris"), Ct))!.Secrets.Should().ContainSingle("what is known is not asked for");
        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => unheeding.LookAgainAsync(SiteId.Parse("paris"), Ct).AsTask()));
        together.Should().AllSatisfy(known => known!.Secrets.Should().HaveCount(2, "one looks for all"));
        await GiveSecretAsync("third");
        (await unheeding.LookAgainAsync(SiteId.Parse("paris"), Ct))!.Secrets.Should().HaveCount(2);

        clock.Advance(TimeSpan.FromSeconds(1));
        (await unheeding.LookAgainAsync(SiteId.Parse("paris"), Ct))!.Secrets.Should().HaveCount(3);
    }

    [Fact]
    public async Task The_sample_on_the_wire_is_taken()
    {
        Assert.SkipWhen(Fixtures.Folder is null, "This machine has no sample payloads.");
        await _front.RegisterAsync("paris", FrontLab.Paris(["127.0.0.1"]));
        var sample = Encoding.UTF8.GetString(Fixtures.Read("s-series-v1/report-wire-bootup.http"));

        var answer = await FrontLab.RawAsync(_front.ReportPort, sample.Replace("POST /report ", "POST /api/pbx/webhook/paris ", StringComparison.Ordinal));

        answer.Should().StartWith("HTTP/1.1 200 OK");
        _front.Site("paris").Reports.Single().SourceAddress.Should().Be("127.0.0.1");
    }

    [Fact]
    public async Task Every_sample_report_arrives_byte_for_byte_at_the_right_actor()
    {
        Assert.SkipWhen(Fixtures.Folder is null, "This machine has no sample payloads.");
        var secret = await _front.RegisterAsync("paris");
        await _front.RegisterAsync("lyon");
        var samples = Directory.GetFiles(Fixtures.Folder!, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) is var name && (name.StartsWith("report-", StringComparison.Ordinal) || name.StartsWith("event-", StringComparison.Ordinal)) && !name.EndsWith(".http", StringComparison.Ordinal))
            .Select(File.ReadAllBytes).ToList();

        foreach (var sample in samples)
        {
            using var content = new ByteArrayContent(sample);
            using var response = await _front.Anonymous.PostAsync($"/api/pbx/webhook/paris/{secret}", content, TestContext.Current.CancellationToken);
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Should().BeEmpty();
        }

        samples.Should().NotBeEmpty();
        _front.Site("paris").Reports.Select(r => r.Body.ToArray()).Should().BeEquivalentTo(samples, o => o.WithStrictOrdering());
        _front.Site("lyon").Reports.Should().BeEmpty();
    }

    [Fact]
    public async Task A_sender_proves_itself_by_secret_in_path_or_query_or_not_at_all()
    {
        var secret = await _front.RegisterAsync("paris");
        var other = await _front.RegisterAsync("lyon");

        (await PostAsync($"paris/{secret}")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await PostAsync($"paris?secret={secret}")).StatusCode.Should().Be(HttpStatusCode.OK);
        await (await PostAsync("paris")).ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await (await PostAsync($"paris/{other}")).ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await (await PostAsync($"paris/{secret}/more")).ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await (await PostAsync("nowhere")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
        await (await PostAsync("No%20Id")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
        _front.Site("paris").Reports.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(256 * 1024, "200")]
    [InlineData((256 * 1024) + 1, "413")]
    public async Task The_largest_report_is_as_large_in_chunks_as_in_one_piece(int size, string status)
    {
        var secret = await _front.RegisterAsync("paris");
        var head = $"POST /api/pbx/webhook/paris/{secret} HTTP/1.1\r\nHost: paris\r\n";
        var chunk = new string('x', 1024);
        var chunks = string.Concat(Enumerable.Repeat($"400\r\n{chunk}\r\n", size / 1024)) + (size % 1024 == 0 ? "" : "1\r\nx\r\n") + "0\r\n\r\n";

        var inChunks = await FrontLab.RawAsync(_front.ReportPort, $"{head}Transfer-Encoding: chunked\r\n\r\n{chunks}");
        var inOnePiece = await FrontLab.RawAsync(_front.ReportPort, $"{head}Content-Length: {size}\r\n\r\n{new string('x', size)}");

        inChunks.Should().StartWith("HTTP/1.1 " + status);
        inOnePiece.Should().StartWith("HTTP/1.1 " + status);
        _front.Site("paris").Reports.Select(r => r.Body.Length).Should().Equal(status == "200" ? [size, size] : []);
        _front.Site("paris").TooLarge.Should().Be(status == "200" ? 0 : 2);
    }

    [Fact]
    public async Task A_site_removed_in_the_middle_of_a_rotation_gets_no_secret_and_breaks_nothing()
    {
        await _front.RegisterAsync("paris");
        var row = (await _front.Service<SiteRegistry>().FindAsync("paris", TestContext.Current.CancellationToken))!;
        await _front.Admin.SendAsync(HttpMethod.Delete, "/api/pbx/sites/paris");

        (await _front.Service<WebhookIssue>().IssueAsync(row, TimeSpan.Zero, TestContext.Current.CancellationToken)).Should().BeNull();
    }

    [Fact]
    public async Task A_rotated_secret_lives_on_for_its_overlap_only()
    {
        var first = await _front.RegisterAsync("paris");

        var second = (await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/webhook-secret", new { overlapHours = 1 })).JsonAsync()).Text("secret");
        (await PostAsync($"paris/{first}")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await PostAsync($"paris/{second}")).StatusCode.Should().Be(HttpStatusCode.OK);

        var third = await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/webhook-secret", new { overlapHours = 0 })).JsonAsync();
        (await PostAsync($"paris/{first}")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await PostAsync($"paris/{second}")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await PostAsync($"paris/{third.Text("secret")}")).StatusCode.Should().Be(HttpStatusCode.OK);
        third.Text("url").Should().EndWith($"/api/pbx/webhook/paris/{third.Text("secret")}");
    }

    [Fact]
    public async Task What_the_actor_says_becomes_what_the_PBX_hears()
    {
        var secret = await _front.RegisterAsync("paris");
        var site = _front.Site("paris");

        site.Receipt = () => ReportReceipt.Unreadable;
        (await PostAsync($"paris/{secret}")).StatusCode.Should().Be(HttpStatusCode.OK);
        site.Receipt = () => ReportReceipt.WrongPbx;
        await (await PostAsync($"paris/{secret}")).ProblemAsync(HttpStatusCode.Forbidden, "wrong-pbx");
        site.Receipt = () => ReportReceipt.UnknownSite;
        await (await PostAsync($"paris/{secret}")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
        site.Receipt = () => ReportReceipt.NotStored;
        var notStored = await PostAsync($"paris/{secret}");
        notStored.Headers.RetryAfter.Should().NotBeNull();
        await notStored.ProblemAsync(HttpStatusCode.ServiceUnavailable, "not-stored");
        site.Receipt = () => throw new TimeoutException("hidden");
        var busy = await PostAsync($"paris/{secret}");
        busy.Headers.RetryAfter.Should().NotBeNull();
        (await busy.ProblemAsync(HttpStatusCode.ServiceUnavailable, "cluster-busy")).ToString().Should().NotContain("hidden");
    }

    [Theory]
    [InlineData(256 * 1024, HttpStatusCode.OK)]
    [InlineData((256 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_report_may_have_256_KiB_and_no_more(int bytes, HttpStatusCode expected)
    {
        var secret = await _front.RegisterAsync("paris");

        using var content = new ByteArrayContent(new byte[bytes]);
        using var response = await _front.Anonymous.PostAsync($"/api/pbx/webhook/paris/{secret}", content, TestContext.Current.CancellationToken);

        response.StatusCode.Should().Be(expected);
    }

    [Fact]
    public async Task The_report_port_serves_reports_only()
    {
        (await FrontLab.RawAsync(_front.ReportPort, "GET /health/live HTTP/1.1\r\nHost: a: 1\r\n\r\n")).Should().StartWith("HTTP/1.1 404");
        (await FrontLab.RawAsync(_front.ReportPort, "GET /api/pbx/sites HTTP/1.1\r\nHost: a: 1\r\n\r\n")).Should().StartWith("HTTP/1.1 404");
        (await FrontLab.RawAsync(_front.ApiPort, "GET /health/live HTTP/1.1\r\nHost: a: 1\r\nConnection: close\r\n\r\n")).Should().StartWith("HTTP/1.1 400", "only the report port is tolerant");
    }

    [Fact]
    public async Task Forwarded_addresses_are_believed_from_nobody_by_default()
    {
        await _front.RegisterAsync("paris", FrontLab.Paris(["10.1.0.254"]));

        var response = await _front.Anonymous.SendAsync(HttpMethod.Post, "/api/pbx/webhook/paris", new { }, ("X-Forwarded-For", "10.1.0.254"));

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Forwarded_addresses_are_believed_from_configured_proxies()
    {
        await using var front = await FrontLab.StartAsync(("Front:Proxies:0", "127.0.0.0/8"));
        await front.RegisterAsync("paris", FrontLab.Paris(["10.1.0.0/24"]));

        var response = await front.Anonymous.SendAsync(HttpMethod.Post, "/api/pbx/webhook/paris", new { }, ("X-Forwarded-For", "10.1.0.254"));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        front.Site("paris").Reports.Single().SourceAddress.Should().Be("10.1.0.254");
    }

    [Fact]
    public async Task No_secret_reaches_a_log_or_a_trace()
    {
        var tags = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (tags)
                {
                    tags.Add(activity.DisplayName + string.Join(' ', activity.TagObjects.Select(t => $"{t.Key}={t.Value}")));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var secret = await _front.RegisterAsync("paris");
        var body = """{"action":"BootUp"}""";

        foreach (var port in new[] { _front.ApiPort, _front.ReportPort })
        {
            foreach (var target in new[] { $"/api/pbx/webhook/paris/{secret}", $"/api/pbx/webhook/paris?secret={secret}", $"/api/pbx//webhook/paris/{secret}", $"/api/pbx/webhook/nowhere/{secret}" })
            {
                await FrontLab.RawAsync(port, $"POST {target} HTTP/1.1\r\nHost: a:1\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
            }
        }

        _front.Site("paris").Reports.Should().HaveCount(4);
        _front.Logs.Text.Should().Contain("/api/pbx/webhook/paris/***", "requests are logged at all");
        _front.Logs.Text.Should().NotContain(secret).And.NotContain("hush-password");
        lock (tags)
        {
            tags.Should().Contain(t => t.Contains("/webhook/", StringComparison.Ordinal), "requests are traced at all");
            tags.Should().NotContain(t => t.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_site_changed_in_SQL_by_others_is_known_by_its_new_addresses()
    {
        await _front.RegisterAsync("paris");
        (await PostAsync("paris")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);

        await using (var sql = Service().CreateCommand("UPDATE pbx.site SET source_addresses = '{127.0.0.1}' WHERE site_id = 'paris'"))
        {
            await sql.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.Holds(async () => (await PostAsync("paris")).StatusCode == HttpStatusCode.OK, "the front to hear of the change");
    }

    private Npgsql.NpgsqlDataSource Service() => _front.Service<Npgsql.NpgsqlDataSource>();

    private Task<HttpResponseMessage> PostAsync(string address) => _front.Anonymous.SendAsync(HttpMethod.Post, "/api/pbx/webhook/" + address, new { action = "BootUp" });

    /// <summary>Another process has just made it: nothing tells this front.</summary>
    private Task GiveSecretAsync(string secret) =>
        _front.SqlAsync($"INSERT INTO pbx.webhook_secret (site_id, hash, cipher) VALUES ('paris', sha256('{secret}'), '\\x00')");
}
