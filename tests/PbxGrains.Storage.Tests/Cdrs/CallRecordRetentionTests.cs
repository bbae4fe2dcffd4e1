using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

/// <summary>A database for each test: retention looks at all sites.</summary>
public sealed class CallRecordRetentionTests : IAsyncLifetime
{
    private readonly MigratedDatabase _database = new();
    private readonly string _site = SampleSites.NewId();
    private CallRecordLedger _ledger = null!;
    private CallRecordRetention _retention = null!;

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _ledger = new CallRecordLedger(_database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
        _retention = new CallRecordRetention(_database.Data, NullLogger<CallRecordRetention>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task By_default_records_are_kept_three_years_and_raw_bodies_thirty_days()
    {
        _ = await _ledger.AppendAsync(Inbound(_site), Ct);

        (await _retention.ApplyAsync(Noon.AddDays(29), Ct)).Should().Be(new RetentionResult(0, 0, 0, 0));
        (await _retention.ApplyAsync(Noon.AddDays(31), Ct)).Should().Be(new RetentionResult(0, 0, RawRemoved: 1, 0));
        (await ListAsync()).Should().ContainSingle().Which.Should().Match<CallRecordRow>(record => record.Raw == null && record.RawRemovedAt == Noon.AddDays(31) && record.Caller != null);

        (await _retention.ApplyAsync(Noon.AddDays(1095), Ct)).Should().Be(new RetentionResult(0, 0, 0, 0));
        (await _retention.ApplyAsync(Noon.AddDays(1097), Ct)).Should().Be(new RetentionResult(0, RecordsDeleted: 1, 0, 0));
        (await ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_site_can_keep_its_records_shorter_than_the_others()
    {
        var other = SampleSites.NewId();
        await _retention.SetAsync(_site, new CallRecordKeeping(RecordDays: 10, RawDays: null, AnonymiseAfterDays: null), Ct);
        _ = await _ledger.AppendAsync([Inbound(_site), Inbound(_site) with { TalkSeconds = 77 }, Inbound(other)], Ct);

        (await _retention.ApplyAsync(Noon.AddDays(11), Ct)).RecordsDeleted.Should().Be(1);

        (await ListAsync()).Should().ContainSingle().Which.SiteId.Should().Be(other);
        (await _database.SqlAsync("SELECT count(*) FROM pbx.call_record_revision")).Should().Be(0L);
        (await _retention.GetAsync(_site, Ct)).Should().Be(new CallRecordKeeping(10, null, null));
        (await _retention.GetAsync(siteId: null, Ct)).Should().Be(new CallRecordKeeping(1096, 30, null, 180));
    }

    [Fact]
    public async Task After_some_days_numbers_go_and_repetitions_do_not_bring_them_back()
    {
        await _retention.SetAsync(siteId: null, new CallRecordKeeping(1096, 30, AnonymiseAfterDays: 5), Ct);
        _ = await _ledger.AppendAsync([Inbound(_site) with { TalkSeconds = 1 }, Inbound(_site) with { TalkSeconds = 2 }], Ct);

        (await _retention.ApplyAsync(Noon.AddDays(6), Ct)).Should().Be(new RetentionResult(0, 0, 0, Anonymised: 1));
        (await _retention.ApplyAsync(Noon.AddDays(7), Ct)).Anonymised.Should().Be(0);
        (await _ledger.AppendAsync(Inbound(_site, source: RecordedSource.Import) with { TalkSeconds = 2 }, Ct)).Should().Be(LedgerOutcome.Known);

        var record = (await ListAsync()).Should().ContainSingle().Which;
        (record.Caller, record.CallerE164, record.Callee, record.Recording, record.Raw).Should().Be((null, null, null, null, null));
        (record.AnsweredBy, record.TalkSeconds, record.AnonymisedAt).Should().Be(("4002", 2, Noon.AddDays(6)));
        (await _database.SqlAsync("SELECT count(*) FROM pbx.call_record_revision WHERE before::text LIKE '%0301234567%'")).Should().Be(0L);
    }

    [Fact]
    public async Task Raw_bodies_also_go_from_the_history_and_do_not_come_back()
    {
        _ = await _ledger.AppendAsync([Inbound(_site) with { TalkSeconds = 1 }], Ct);
        _ = await _ledger.AppendAsync([Inbound(_site) with { TalkSeconds = 2 }], Ct);

        (await _retention.ApplyAsync(Noon.AddDays(31), Ct)).RawRemoved.Should().Be(1);
        _ = await _ledger.AppendAsync(Inbound(_site, source: RecordedSource.Import) with { TalkSeconds = 2, Raw = "csv" }, Ct);

        (await ListAsync()).Should().ContainSingle().Which.Raw.Should().BeNull();
        (await _database.SqlAsync("SELECT string_agg((before ? 'raw')::text || (before->>'talkSeconds'), '') FROM pbx.call_record_revision")).Should().Be("false1");
    }

    [Fact]
    public async Task A_month_is_dropped_when_all_sites_agree_and_not_before()
    {
        await new CallRecordPartitions(_database.Data, NullLogger<CallRecordPartitions>.Instance).EnsureSpanAsync(WallClock, WallClock.AddDays(40), Ct);
        var longer = SampleSites.NewId();
        await _retention.SetAsync(longer, new CallRecordKeeping(RecordDays: 2000, null, null), Ct);
        _ = await _ledger.AppendAsync([Inbound(_site), Inbound(_site) with { TalkSeconds = 99 }, Inbound(longer)], Ct);

        (await _retention.ApplyAsync(Noon.AddDays(1190), Ct)).Should().Be(new RetentionResult(PartitionsDropped: 1, RecordsDeleted: 1, RawRemoved: 1, 0), "August is empty, July is not");
        (await ListAsync()).Should().ContainSingle().Which.SiteId.Should().Be(longer);

        (await _retention.ApplyAsync(Noon.AddDays(2050), Ct)).Should().Be(new RetentionResult(PartitionsDropped: 1, 0, 0, 0));
        (await ListAsync()).Should().BeEmpty();
        (await _database.SqlAsync("SELECT count(*) FROM pbx.call_record_revision")).Should().Be(0L);
    }

    [Theory]
    [InlineData(1970)]
    [InlineData(2099)]
    public async Task A_record_of_a_broken_clock_is_kept_as_long_as_one_of_the_day_it_came(int year)
    {
        var start = new DateTime(year, 1, 1);
        _ = await _ledger.AppendAsync(Named(_site, "1.1") with { StartWallClock = start, StartedAt = new DateTimeOffset(start, TimeSpan.Zero), SeenAt = Noon }, Ct);

        (await _retention.ApplyAsync(Noon.AddDays(1095), Ct)).RecordsDeleted.Should().Be(0);
        (await _retention.ApplyAsync(Noon.AddDays(1097), Ct)).RecordsDeleted.Should().Be(1);
    }

    [Fact]
    public async Task Many_records_go_in_batches()
    {
        _ = await _ledger.AppendAsync([.. Enumerable.Range(0, 2500).Select(i => Named(_site, "1.1", leg: $"{i}") with { Raw = "raw" })], Ct);

        (await _retention.ApplyAsync(Noon.AddDays(31), Ct)).RawRemoved.Should().Be(2500);
        (await _retention.ApplyAsync(Noon.AddDays(1100), Ct)).RecordsDeleted.Should().Be(2500);
    }

    private Task<IReadOnlyList<CallRecordRow>> ListAsync() => new CallRecordReader(_database.Data).ListAsync(CallRecordFilter.All, after: null, 100, Ct);
}
