using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Testing;

namespace PbxGrains.Front.Tests.Webhooks;

/// <summary>The record was taken, or may have been, but the PBX did not hear so: it tells it again, and nothing changes.</summary>
public sealed class LostAnswerTests(BadReportTests.Product product) : IClassFixture<BadReportTests.Product>
{
    private const string Body = """{"event":"NewCdr","callid":"1547391782.318","timestart":"2019-01-13 16:03:02","callfrom":"1001","callto":"1005","callduraction":"64","talkduraction":"41","status":"ANSWERED","type":"Internal"}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_PBX_that_hangs_up_before_the_answer_has_told_its_record_all_the_same()
    {
        var secret = await RegisterAsync("hung-up");
        await using var blocker = await LockAsync();
        using (var pbx = await SendAsync("hung-up", secret))
        {
            _ = await Eventually.Holds(IsWaitingAsync, "the record to wait for its commit", TimeSpan.FromSeconds(60));
            pbx.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await blocker.DisposeAsync();
        _ = await Eventually.Holds(async () => (await RecordsAsync("hung-up")).Count == 1, "the record to be in the ledger", TimeSpan.FromSeconds(60));

        using (var again = await SendAsync("hung-up", secret))
        {
            (await AnswerAsync(again)).Should().StartWith("HTTP/1.1 200");
        }

        (await RecordsAsync("hung-up")).Should().ContainSingle().Which.Revision.Should().Be(0);
    }

    [Fact]
    public async Task A_commit_that_takes_too_long_is_not_acknowledged_and_the_repetition_is()
    {
        var secret = await RegisterAsync("too-late");
        await using (await LockAsync())
        {
            using var pbx = await SendAsync("too-late", secret);
            (await AnswerAsync(pbx)).Should().StartWith("HTTP/1.1 503").And.Contain("Retry-After:");
        }

        using var again = await SendAsync("too-late", secret);
        (await AnswerAsync(again)).Should().StartWith("HTTP/1.1 200");
        (await RecordsAsync("too-late")).Should().ContainSingle().Which.Revision.Should().Be(0);
    }

    private Task<string> RegisterAsync(string site) =>
        product.Front.RegisterAsync(site, new { name = site, address = "http://127.255.0.1:9", userName = "api", password = "hush-password", timeZone = "Europe/Paris", allowPlainHttp = true });

    private async Task<TcpClient> SendAsync(string site, string secret)
    {
        var pbx = new TcpClient { NoDelay = true };
        await pbx.ConnectAsync(IPAddress.Loopback, product.Front.ReportPort, Ct);
        await pbx.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"POST /api/pbx/webhook/{site}/{secret} HTTP/1.1\r\nHost: 192.168.5.150: 8260\r\nContent-Length: {Body.Length}\r\n\r\n{Body}")), Ct);
        return pbx;
    }

    private static async Task<string> AnswerAsync(TcpClient pbx)
    {
        using var reader = new StreamReader(pbx.GetStream());
        return await reader.ReadToEndAsync(Ct);
    }

    /// <summary>Keeps everybody from writing records until disposed.</summary>
    private async Task<NpgsqlConnection> LockAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(product.Front.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE pbx.call_record IN SHARE MODE", connection);
        _ = await command.ExecuteNonQueryAsync(Ct);
        return connection;
    }

    private async Task<bool> IsWaitingAsync()
    {
        await using var command = product.Front.Service<NpgsqlDataSource>().CreateCommand("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'pbx.call_record'::regclass)");
        return (bool)(await command.ExecuteScalarAsync(Ct))!;
    }

    private Task<IReadOnlyList<CallRecordRow>> RecordsAsync(string site) =>
        product.Front.Service<CallRecordReader>().ListAsync(new CallRecordFilter { SiteIds = [site] }, after: null, 10, Ct);
}
