using PbxGrains.Grains.Cdrs;
using PbxGrains.Simulator;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Grains.Tests.Cluster;

public sealed class KeptRecordTests
{
    private const string Readable = """{"event":"NewCdr","callid":"1772440000.7","timestart":"2026-03-02 09:26:40","callfrom":"1001","callto":"1002","callduraction":"9","talkduraction":"5","status":"ANSWERED","type":"Internal"}""";
    private const string Unreadable = """{"event":"NewCdr","callid":"x","timestart":"1889-13-77 00:00:00","callfrom":"1001","callto":"1002"}""";

    [Fact]
    public async Task Records_kept_as_they_came_are_tried_again_after_a_start_and_those_that_still_fail_are_shown()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 3 });
        var inbox = lab.Service<CallRecordInbox>();
        await inbox.AppendAsync("paris", lab.Clock.GetUtcNow(), Readable, CancellationToken.None);
        await inbox.AppendAsync("paris", lab.Clock.GetUtcNow(), Unreadable, CancellationToken.None);

        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);

        var status = await lab.StatusAsync("paris", s => s.Warnings.Any(w => w.Code == KeptRecords.Warning), "what is left is shown");
        status.Warnings.Single(w => w.Code == KeptRecords.Warning).Message.Should().Contain(": 1.");
        (await lab.LedgerAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { CallId = "1772440000.7", Source = RecordedSource.Push, TalkSeconds = 5, Raw = Readable });
        (await inbox.ListAsync("paris", after: 0, limit: 10, CancellationToken.None)).Should().ContainSingle().Which.Body.Should().Be(Unreadable);
    }

    [Fact]
    public async Task When_what_stood_in_the_way_is_gone_the_record_goes_to_the_ledger_and_the_warning_away()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 3 });
        await lab.SqlAsync("ALTER TABLE pbx.call_record ADD CONSTRAINT obstacle CHECK (call_id <> '1772440000.7')");
        await lab.Service<CallRecordInbox>().AppendAsync("paris", lab.Clock.GetUtcNow(), Readable, CancellationToken.None);
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s.Warnings.Any(w => w.Code == KeptRecords.Warning), "it is shown");

        await lab.SqlAsync("ALTER TABLE pbx.call_record DROP CONSTRAINT obstacle");
        await lab.PassUntilAsync(async () => (await lab.LedgerAsync()).Count == 1, "it is tried again", TimeSpan.FromMinutes(2));

        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).Warnings.All(w => w.Code != KeptRecords.Warning), "the warning goes", TimeSpan.FromSeconds(1));
        (await lab.CountAsync("pbx.call_record_inbox")).Should().Be(0);
    }

    [Fact]
    public async Task What_is_kept_is_bounded_for_each_site()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 3 });
        await lab.SqlAsync($"INSERT INTO pbx.call_record_inbox (site_id, received_at, body) SELECT 'paris', now(), '{{}}' FROM generate_series(1, {KeptRecords.KeptAtMost + 5})");
        await lab.SqlAsync("INSERT INTO pbx.call_record_inbox (site_id, received_at, body) VALUES ('berlin', now(), 'first'), ('berlin', now(), 'last')");

        (await lab.Service<CallRecordInbox>().TrimAsync("paris", KeptRecords.KeptAtMost, CancellationToken.None)).Should().Be(5);
        (await lab.Service<CallRecordInbox>().TrimAsync("berlin", 1, CancellationToken.None)).Should().Be(1);

        (await lab.Service<CallRecordInbox>().CountAsync("paris", CancellationToken.None)).Should().Be(KeptRecords.KeptAtMost);
        (await lab.Service<CallRecordInbox>().ListAsync("berlin", after: 0, limit: 10, CancellationToken.None)).Should().ContainSingle().Which.Body.Should().Be("last");
    }
}
