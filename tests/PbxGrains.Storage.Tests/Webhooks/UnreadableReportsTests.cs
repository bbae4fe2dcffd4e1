using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Tests.Sites;
using PbxGrains.Storage.Webhooks;

namespace PbxGrains.Storage.Tests.Webhooks;

public sealed class UnreadableReportsTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SiteRegistry _registry = new(database.Data);
    private readonly UnreadableReports _reports = new(database.Data);
    private readonly string _id = SampleSites.NewId();
    private readonly string _other = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public async ValueTask InitializeAsync()
    {
        await _registry.SaveAsync(SampleSites.Plain(_id), SiteSaveMode.Create, Ct);
        await _registry.SaveAsync(SampleSites.Plain(_other), SiteSaveMode.Create, Ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_report_comes_back_as_it_came()
    {
        await _reports.AddAsync(_id, Noon, "10.1.0.254", "half a surrogate \ud83d and a \0", new byte[] { 0, 255, 10 }, Ct);

        var kept = (await _reports.ListAsync(_id, Ct)).Should().ContainSingle().Which;

        kept.Should().BeEquivalentTo(new UnreadableReportRow(kept.Id, _id, Noon, "10.1.0.254", "half a surrogate \ufffd and a \ufffd", [0, 255, 10]));
    }

    [Fact]
    public async Task The_last_fifty_of_each_site_are_kept_newest_first()
    {
        await _reports.AddAsync(_other, Noon, null, "other", ReadOnlyMemory<byte>.Empty, Ct);
        for (var n = 1; n <= UnreadableReports.Kept + 3; n++)
        {
            await _reports.AddAsync(_id, Noon, null, $"{n}", ReadOnlyMemory<byte>.Empty, Ct);
        }

        var kept = await _reports.ListAsync(_id, Ct);

        kept.Select(report => report.Reason).Should().Equal(Enumerable.Range(4, UnreadableReports.Kept).Reverse().Select(n => $"{n}"));
        (await database.SqlAsync($"SELECT count(*) FROM pbx.unreadable_report WHERE site_id = '{_id}'")).Should().Be((long)UnreadableReports.Kept);
        (await _reports.ListAsync(_other, Ct)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_report_for_an_unknown_site_is_not_kept()
    {
        await _reports.AddAsync("no-such-site", Noon, null, "why", ReadOnlyMemory<byte>.Empty, Ct);

        (await _reports.ListAsync("no-such-site", Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task Reports_go_with_their_site()
    {
        await _reports.AddAsync(_id, Noon, null, "why", ReadOnlyMemory<byte>.Empty, Ct);

        await _registry.DeleteAsync(_id, Ct);

        (await _reports.ListAsync(_id, Ct)).Should().BeEmpty();
    }
}
