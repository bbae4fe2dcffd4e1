using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Simulator;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Webhooks;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Webhooks;

/// <summary>
/// Bad reports through the whole product, from raw bytes on the report port to the ledger: each is kept in exactly one
/// place, answered in a way that ends it, and harms nobody.
/// </summary>
public sealed class BadReportTests(BadReportTests.Product product) : IClassFixture<BadReportTests.Product>
{
    private const string Plain = """{"event":"NewCdr","callid":"1547391782.318","timestart":"2019-01-13 16:03:02","callfrom":"1001","callto":"1005","callduraction":"64","talkduraction":"41","status":"ANSWERED","type":"Internal"}""";

    private static int _sites;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Bodies that a ledger can hold, and what it then says.</summary>
    public static TheoryData<string, string, string> Recorded => new()
    {
        { "negative durations", Plain.Replace("\"64\"", "\"-5\"", StringComparison.Ordinal).Replace("\"41\"", "-5", StringComparison.Ordinal), "2019-01-13 16:03:02 ? ?" },
        { "huge durations", Plain.Replace("\"64\"", "\"99999999999\"", StringComparison.Ordinal).Replace("\"41\"", "1e400", StringComparison.Ordinal), "2019-01-13 16:03:02 ? ?" },
        { "a clock that says 1970", Plain.Replace("2019-01-13 16:03:02", "1970-01-01 00:00:07", StringComparison.Ordinal), "1970-01-01 00:00:07 64 41" },
        { "a clock that says 2099", Plain.Replace("2019-01-13 16:03:02", "2099-12-31 23:59:59", StringComparison.Ordinal), "2099-12-31 23:59:59 64 41" },
        { "no date, but a call id that tells it", Plain.Replace("2019-01-13 16:03:02", "0000-00-00 00:00:00", StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
        { "a date that is an object", Plain.Replace("\"2019-01-13 16:03:02\"", """{"y":2019}""", StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
        { "unknown words", Plain.Replace("ANSWERED", "ABDUCTED", StringComparison.Ordinal).Replace("Internal", "Telepathic", StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
        { "a path for a name", Plain.Replace("\"type\"", "\"recording\":\"../../x\",\"type\"", StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
        { "NULs", Plain.Replace("\"1001\"", "\"10\\u000001\"", StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
        { "half a surrogate pair", Plain.Replace("\"1001\"", "\"\\ud83d\"", StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
        { "names of 4 kB", Plain.Replace("1001", new string('9', 4096), StringComparison.Ordinal).Replace("1005", new string('(', 4096), StringComparison.Ordinal).Replace("\"type\"", $"\"srctrunkname\":\"{new string('ß', 4096)}\",\"recording\":\"{new string('r', 4096)}\",\"type\"", StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
        { "a call id of 4 kB", Plain.Replace("1547391782.318", new string('c', 4096), StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
        { "empty texts", """{"event":"NewCdr","callid":"1547391782.318","timestart":"2019-01-13 16:03:02","callfrom":"","callto":"","callduraction":"","talkduraction":"","srctrunkname":"","status":"","type":""}""", "2019-01-13 16:03:02 ? ?" },
        { "arrays for texts", """{"event":"NewCdr","callid":"1547391782.318","timestart":"2019-01-13 16:03:02","callfrom":["1001"],"callto":[[["1005"]]],"callduraction":[64],"talkduraction":{"s":41},"status":["ANSWERED"],"type":[]}""", "2019-01-13 16:03:02 ? ?" },
        { "keys that come twice", Plain.Replace("\"callduraction\"", "\"callid\":\"9.9\",\"timestart\":\"2020-02-02 02:02:02\",\"callduraction\":\"1\",\"callduraction\"", StringComparison.Ordinal), "2019-01-13 16:03:02 1 41" },
        { "a spreadsheet's formula", Plain.Replace("1001", "=cmd|' /C calc'!A0", StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
        { "SQL", Plain.Replace("1001", "'); DROP TABLE pbx.call_record; --", StringComparison.Ordinal), "2019-01-13 16:03:02 64 41" },
    };

    /// <summary>Records of which nobody can say when they were: kept as they came.</summary>
    public static TheoryData<string> KeptAsTheyCame =>
    [
        Plain.Replace("2019-01-13 16:03:02", "10000-01-01 00:00:00", StringComparison.Ordinal).Replace("1547391782.318", "x", StringComparison.Ordinal),
        Plain.Replace("2019-01-13 16:03:02", "9999-12-31 23:59:59", StringComparison.Ordinal),
        Plain.Replace("2019-01-13 16:03:02", "0001-01-01 00:00:00", StringComparison.Ordinal),
        Plain.Replace("2019-01-13 16:03:02", "yesterday", StringComparison.Ordinal).Replace("1547391782.318", "99999999999999999999.1", StringComparison.Ordinal),
    ];

    /// <summary>Bodies that are no report.</summary>
    public static TheoryData<string, byte[]> Unreadable => new()
    {
        { "nothing", [] },
        { "cut off", Encoding.UTF8.GetBytes(Plain[..^20]) },
        { "1000 arrays deep", Encoding.UTF8.GetBytes(Plain.Replace("\"41\"", new string('[', 1000) + new string(']', 1000), StringComparison.Ordinal)) },
        { "1000 objects deep", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("""{"call":""", 1000)) + "1" + new string('}', 1000)) },
        { "no call", Encoding.UTF8.GetBytes(Plain.Replace("1547391782.318", "", StringComparison.Ordinal)) },
        { "a call that is an array", Encoding.UTF8.GetBytes(Plain.Replace("\"1547391782.318\"", "[\"1547391782.318\"]", StringComparison.Ordinal)) },
        { "bytes", [.. Enumerable.Range(0, 256).Select(i => (byte)i)] },
        { "XML", Encoding.UTF8.GetBytes("<NewCdr/>") },
        { "two records", Encoding.UTF8.GetBytes(Plain + Plain) },
    };

    [Theory]
    [MemberData(nameof(Recorded))]
    public async Task A_record_with_odd_values_is_recorded_with_what_is_known(string what, string body, string known)
    {
        var (site, secret) = await RegisterAsync();

        (await SendAsync(site, secret, Encoding.UTF8.GetBytes(body))).Should().StartWith("HTTP/1.1 200", what);
        (await SendAsync(site, secret, Encoding.UTF8.GetBytes(body))).Should().StartWith("HTTP/1.1 200", "it may come again");

        var record = (await RecordsAsync(site)).Should().ContainSingle(what).Which;
        string.Create(CultureInfo.InvariantCulture, $"{record.StartWallClock:yyyy-MM-dd HH:mm:ss} {Text(record.TotalSeconds)} {Text(record.TalkSeconds)}").Should().Be(known);
        record.Revision.Should().Be(0);
        JsonDocument.Parse(record.Raw!).RootElement.ValueKind.Should().Be(JsonValueKind.Object, "the PBX's own words are kept");
        (await KeptAsync(site)).Should().Be((0, 0));

        static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "?";
    }

    [Theory]
    [MemberData(nameof(KeptAsTheyCame))]
    public async Task A_record_of_which_nobody_knows_when_it_was_is_kept_as_it_came(string body)
    {
        var (site, secret) = await RegisterAsync();

        (await SendAsync(site, secret, Encoding.UTF8.GetBytes(body))).Should().StartWith("HTTP/1.1 200");

        (await RecordsAsync(site)).Should().BeEmpty();
        (await KeptAsync(site)).Should().Be((1, 0));
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_is_no_report_is_kept_and_never_asked_for_again(string what, byte[] body)
    {
        var (site, secret) = await RegisterAsync();

        (await SendAsync(site, secret, body)).Should().StartWith("HTTP/1.1 200", what);

        (await product.Front.Service<UnreadableReports>().ListAsync(site, Ct)).Should().ContainSingle().Which.Body.Should().Equal(body);
        (await RecordsAsync(site)).Should().BeEmpty();
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_is_read_as_Latin_1()
    {
        var (site, secret) = await RegisterAsync();

        (await SendAsync(site, secret, Encoding.Latin1.GetBytes(Plain.Replace("1001", "Zoë", StringComparison.Ordinal)))).Should().StartWith("HTTP/1.1 200");

        (await RecordsAsync(site)).Should().ContainSingle().Which.Caller.Should().Be("Zoë");
    }

    [Fact]
    public async Task A_body_of_10_MB_is_refused_and_leaves_nothing()
    {
        var (site, secret) = await RegisterAsync();
        var body = new byte[10 * 1024 * 1024];
        Array.Fill(body, (byte)' ');

        var answer = await SendAsync(site, secret, body);

        answer.Should().StartWith("HTTP/1.1 413");
        (await RecordsAsync(site)).Should().BeEmpty();
        (await KeptAsync(site)).Should().Be((0, 0));
    }

    [Fact]
    public async Task A_report_that_is_too_large_is_shown_at_its_site()
    {
        var body = new byte[300 * 1024];
        Array.Fill(body, (byte)' ');

        (await SendAsync(Product.Supervised, product.Secret, body)).Should().StartWith("HTTP/1.1 413");
        (await SendAsync(Product.Supervised, "", body)).Should().StartWith("HTTP/1.1 401", "what anybody can send is no matter of the site");

        var warning = (await StatusAsync()).GetProperty("warnings").EnumerateArray().Should().ContainSingle(warning => warning.Text("code") == "report-too-large").Which;
        warning.Text("message").Should().StartWith("1 report ").And.Contain("256 KiB").And.Contain("127.0.0.1");
    }

    [Fact]
    public async Task A_report_replayed_a_thousand_times_is_one_record()
    {
        var (site, secret) = await RegisterAsync();
        var body = Encoding.UTF8.GetBytes(Plain);
        var answers = new System.Collections.Concurrent.ConcurrentBag<string>();

        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct }, async (_, _) => answers.Add((await SendAsync(site, secret, body))[..12]));

        answers.Should().HaveCount(1000).And.AllBe("HTTP/1.1 200");
        (await RecordsAsync(site)).Should().ContainSingle().Which.Revision.Should().Be(0);
    }

    [Fact]
    public async Task A_report_with_another_sites_secret_or_of_another_PBX_leaves_nothing_at_either_site()
    {
        var (paris, parisSecret) = await RegisterAsync();
        var (lyon, lyonSecret) = await RegisterAsync();
        const string ForeignCall = "1547391799.1";
        var foreign = Encoding.UTF8.GetBytes(Plain.Replace("1547391782.318", ForeignCall, StringComparison.Ordinal).Replace("\"type\"", "\"sn\":\"999999999999\",\"type\"", StringComparison.Ordinal));

        (await SendAsync(paris, lyonSecret, Encoding.UTF8.GetBytes(Plain))).Should().StartWith("HTTP/1.1 401");
        (await SendAsync(lyon, parisSecret, Encoding.UTF8.GetBytes(Plain))).Should().StartWith("HTTP/1.1 401");
        (await SendAsync(paris, "", Encoding.UTF8.GetBytes(Plain))).Should().StartWith("HTTP/1.1 401");
        (await SendAsync(Product.Supervised, product.Secret, foreign)).Should().StartWith("HTTP/1.1 403", "the PBX keeps it until its address is corrected");

        (await RecordsAsync(paris)).Should().BeEmpty();
        (await RecordsAsync(lyon)).Should().BeEmpty();
        (await RecordsAsync(Product.Supervised)).Should().NotContain(record => record.CallId == ForeignCall);
        (await StatusAsync()).GetProperty("warnings").EnumerateArray().Should().Contain(warning => warning.Text("code") == "serial-number-contradicts");
    }

    [Fact]
    public async Task A_body_that_breaks_off_on_the_way_is_no_report_and_the_whole_one_is()
    {
        var (site, secret) = await RegisterAsync();
        var body = Encoding.UTF8.GetBytes(Plain);

        _ = await SendAsync(site, secret, body[..^30], announced: body.Length);
        (await SendAsync(site, secret, body)).Should().StartWith("HTTP/1.1 200");

        (await RecordsAsync(site)).Should().ContainSingle();
        (await KeptAsync(site)).Should().Be((0, 0));
    }

    [Fact]
    public async Task A_site_that_was_sent_every_bad_report_goes_on_polling_and_recording()
    {
        foreach (var body in Unreadable.Select(row => row.Data.Item2)
            .Concat(Recorded.Select(row => Encoding.UTF8.GetBytes(row.Data.Item2)))
            .Concat(KeptAsTheyCame.Select(row => Encoding.UTF8.GetBytes(row.Data))))
        {
            (await SendAsync(Product.Supervised, product.Secret, body)).Should().StartWith("HTTP/1.1 200");
        }

        var rounds = (await StatusAsync()).GetProperty("pollRounds").GetInt64();
        var call = await product.Pbx.PlaceInboundCallAsync("7005550142", "1001", new CallPlan { Ring = TimeSpan.Zero, Talk = TimeSpan.Zero }, Ct);

        _ = await Eventually.Holds(async () => (await RecordsAsync(Product.Supervised)).Any(record => record.CallId == call), "the next call is recorded", TimeSpan.FromSeconds(60));
        _ = await Eventually.Holds(async () => (await StatusAsync()).GetProperty("pollRounds").GetInt64() > rounds, "the site is polled", TimeSpan.FromSeconds(60));
        (await StatusAsync()).Text("health").Should().Be("online");
    }

    /// <summary>A site that nobody supervises, for reports alone: its PBX does not exist.</summary>
    private async Task<(string Site, string Secret)> RegisterAsync()
    {
        var site = $"site-{Interlocked.Increment(ref _sites)}";
        var secret = await product.Front.RegisterAsync(site, new { name = site, address = "http://127.255.0.1:9", userName = "api", password = "hush-password", timeZone = "Europe/Paris", allowPlainHttp = true });
        return (site, secret);
    }

    private Task<IReadOnlyList<CallRecordRow>> RecordsAsync(string site) =>
        product.Front.Service<CallRecordReader>().ListAsync(new CallRecordFilter { SiteIds = [site] }, after: null, 1000, Ct);

    private async Task<(long Inbox, int Unreadable)> KeptAsync(string site) =>
        (await product.Front.Service<CallRecordInbox>().CountAsync(site, Ct), (await product.Front.Service<UnreadableReports>().ListAsync(site, Ct)).Count);

    private async Task<JsonElement> StatusAsync() =>
        (await (await product.Front.Admin.SendAsync(HttpMethod.Get, $"/api/pbx/sites/{Product.Supervised}")).JsonAsync()).GetProperty("status");

    /// <summary>Sends as a PBX does, and reads until the front hangs up. A front that hangs up while it is being sent to has answered.</summary>
    private async Task<string> SendAsync(string site, string secret, byte[] body, int? announced = null)
    {
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, product.Front.ReportPort, Ct);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/pbx/webhook/{site}/{secret} HTTP/1.1\r\nUser-Agent: WebAPI\r\nHost: 192.168.5.150: 8260\r\nContent-Type: application/json\r\nContent-Length: {announced ?? body.Length}\r\n\r\n"), Ct);
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(body, Ct);
            if (announced is not null)
            {
                socket.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // Refused before it was sent whole.
        }

        try
        {
            await stream.CopyToAsync(answer, Ct);
        }
        catch (IOException)
        {
            // Reset after the answer, because it was not read whole.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>A front with real actors, and one real site of a simulated PBX.</summary>
    public sealed class Product : IAsyncLifetime
    {
        /// <summary>The site of <see cref="Pbx" />.</summary>
        public const string Supervised = "supervised";

        private SimulatedFleet _fleet = null!;

        public FrontLab Front { get; private set; } = null!;

        public string Secret { get; private set; } = "";

        public SimulatedPbx Pbx => _fleet.Pbxs[0];

        public async ValueTask InitializeAsync()
        {
            var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
            _fleet = await SimulatedFleet.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Port = 0, Https = false }, TimeProvider.System, CancellationToken.None);
            Front = await FrontLab.StartAsync(
                builder => builder.AddPbxFrontHost(), ("Front:Hosting", "silo"), ("Front:ReportPort", port), ("Pbx:ReportAddress", $"127.0.0.1:{port}"), ("Pbx:PushProven", "00:00:01"));
            Secret = await Front.RegisterAsync(Supervised, new { name = Supervised, address = Pbx.Address, userName = Pbx.UserName, password = Pbx.Password, timeZone = Pbx.TimeZone, allowPlainHttp = true });
            _ = await Eventually.Holds(
                async () => (await (await Front.Admin.SendAsync(HttpMethod.Get, $"/api/pbx/sites/{Supervised}")).JsonAsync()) is var site
                    && site.GetProperty("status").Text("health") == "online" && site.ToString().Contains(Pbx.SerialNumber, StringComparison.Ordinal),
                "the site to be online",
                TimeSpan.FromSeconds(60));
        }

        public async ValueTask DisposeAsync()
        {
            await Front.DisposeAsync();
            await _fleet.DisposeAsync();
        }
    }
}
