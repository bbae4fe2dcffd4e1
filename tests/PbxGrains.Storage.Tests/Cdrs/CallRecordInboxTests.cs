using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Tests.Sites;

namespace PbxGrains.Storage.Tests.Cdrs;

public sealed class CallRecordInboxTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly CallRecordInbox _inbox = new(database.Data);
    private readonly string _id = SampleSites.NewId();

    [Theory]
    [InlineData("""{"event":"NewCdr","callid":"1.2"}""")]
    [InlineData("""{ "event" : "NewCdr", "event" : "twice" }""")]
    [InlineData("not JSON at all")]
    [InlineData("""{"src":"\u0000"}""")]
    public async Task A_report_is_kept_to_the_letter(string body)
    {
        await _inbox.AppendAsync(_id, Noon, body, MigratedDatabase.Ct);

        (await database.SqlAsync($"SELECT body FROM pbx.call_record_inbox WHERE site_id = '{_id}' AND received_at = '2026-07-01 12:00Z'")).Should().Be(body);
    }

    [Fact]
    public async Task What_text_cannot_hold_is_replaced_and_the_rest_is_kept()
    {
        await _inbox.AppendAsync(_id, Noon, "a\0b\ud83dc", MigratedDatabase.Ct);

        (await database.SqlAsync($"SELECT body FROM pbx.call_record_inbox WHERE site_id = '{_id}'")).Should().Be("a\ufffdb\ufffdc");
    }

    [Fact]
    public async Task Every_report_is_kept_also_a_repeated_one_and_outlives_its_site()
    {
        var registry = new SiteRegistry(database.Data);
        await registry.SaveAsync(SampleSites.Plain(_id), SiteSaveMode.Create, MigratedDatabase.Ct);
        await _inbox.AppendAsync(_id, Noon, "same", MigratedDatabase.Ct);
        await _inbox.AppendAsync(_id, Noon, "same", MigratedDatabase.Ct);
        await _inbox.AppendAsync(SampleSites.NewId(), Noon, "other", MigratedDatabase.Ct);

        await registry.DeleteAsync(_id, MigratedDatabase.Ct);

        (await _inbox.CountAsync(_id, MigratedDatabase.Ct)).Should().Be(2);
    }

    [Fact]
    public async Task Reports_are_taken_oldest_first_and_stay_until_deleted()
    {
        await _inbox.AppendAsync(_id, Noon, "first", MigratedDatabase.Ct);
        await _inbox.AppendAsync(_id, Noon.AddMinutes(-1), "second", MigratedDatabase.Ct);

        var all = await _inbox.TakeAsync(1000, MigratedDatabase.Ct);
        var own = all.Where(report => report.SiteId == _id).ToList();
        own.Select(report => (report.ReceivedAt, report.Body)).Should().Equal((Noon, "first"), (Noon.AddMinutes(-1), "second"));
        all.Select(report => report.Id).Should().BeInAscendingOrder();
        (await _inbox.TakeAsync(1, MigratedDatabase.Ct)).Should().Equal(all[0]);

        (await _inbox.DeleteAsync([own[0].Id], MigratedDatabase.Ct)).Should().Be(1);

        (await _inbox.TakeAsync(1000, MigratedDatabase.Ct)).Where(report => report.SiteId == _id).Should().Equal(own[1]);
    }
}
