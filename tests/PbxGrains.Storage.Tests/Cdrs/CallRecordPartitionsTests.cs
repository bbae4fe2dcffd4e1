using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

/// <summary>Each test has its own months, since partitions are everybody's.</summary>
public sealed class CallRecordPartitionsTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncDisposable
{
    private readonly CallRecordLedger _ledger = new(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
    private readonly CallRecordPartitions _partitions = new(database.Data, NullLogger<CallRecordPartitions>.Instance);
    private readonly CallRecordReader _reader = new(database.Data);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Months_are_made_ahead_once_also_by_many_at_the_same_time()
    {
        var now = new DateTimeOffset(2030, 11, 30, 23, 0, 0, TimeSpan.Zero);

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _partitions.EnsureAsync(now, monthsAhead: 3, Ct)));

        made.Sum().Should().Be(4);
        (await database.SqlAsync("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relname ~ '^call_record_20(30|31)\\d\\d$'"))
            .Should().Be("call_record_203011 call_record_203012 call_record_203101 call_record_203102");
        _ = await _ledger.AppendAsync(On(new DateTime(2031, 1, 31, 23, 59, 59)), Ct);
        (await database.SqlAsync($"SELECT tableoid::regclass::text FROM pbx.call_record WHERE site_id = '{_site}'")).Should().BeOneOf("pbx.call_record_203101", "call_record_203101");
    }

    [Fact]
    public async Task Records_that_came_before_their_month_was_made_move_there_and_stay_the_same()
    {
        var record = On(new DateTime(2032, 3, 1));
        _ = await _ledger.AppendAsync([record, On(new DateTime(2032, 4, 1)), On(new DateTime(2025, 1, 15))], Ct);
        var before = await ListAsync();

        (await _partitions.EnsureAsync(new DateTimeOffset(2032, 3, 15, 0, 0, 0, TimeSpan.Zero), monthsAhead: 0, Ct)).Should().Be(2);

        (await ListAsync()).Should().BeEquivalentTo(before);
        (await database.SqlAsync($"SELECT string_agg(to_char(start_wall_clock, 'YYYYMM'), ' ') FROM pbx.call_record_default WHERE site_id = '{_site}'")).Should().Be("203204");
        (await _ledger.AppendAsync(record, Ct)).Should().Be(LedgerOutcome.Known);
        (await _ledger.AppendAsync(On(new DateTime(2032, 3, 2)), Ct)).Should().Be(LedgerOutcome.Recorded);
        (await ListAsync()).Select(row => row.RecordId).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Whoever_reads_while_records_move_to_their_month_misses_none()
    {
        _ = await _ledger.AppendAsync(On(new DateTime(2033, 5, 7)), Ct);
        await using var session = await database.Data.OpenConnectionAsync(Ct);
        await using var moving = await session.BeginTransactionAsync(Ct);
        await using var make = new NpgsqlCommand("SELECT pbx.make_call_record_partition('2033-05-01')", session);
        (await make.ExecuteScalarAsync(Ct)).Should().Be(true);

        var reading = Task.Run(ListAsync, Ct);
        _ = await Testing.Eventually.Holds(
            async () => (long)(await database.SqlAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'pbx.call_record AS r'"))! > 0,
            "the reader waits for the move");
        await moving.CommitAsync(Ct);

        (await reading).Should().ContainSingle();
    }

    [Fact]
    public async Task Dates_of_broken_clocks_are_kept()
    {
        (await _ledger.AppendAsync([On(new DateTime(1970, 1, 1)), On(new DateTime(2099, 12, 31)), On(DateTime.MaxValue), On(new DateTime(1, 1, 1, 0, 0, 1))], Ct))
            .Should().AllBeEquivalentTo(LedgerOutcome.Recorded);

        (await ListAsync()).Should().HaveCount(4);
    }

    [Fact]
    public async Task Appending_goes_on_while_months_are_made()
    {
        var start = new DateTime(2034, 1, 1);
        using var over = new CancellationTokenSource();
        var appending = Task.Run(async () =>
        {
            var appended = 0;
            for (; !over.IsCancellationRequested; appended++)
            {
                _ = await _ledger.AppendAsync(On(start.AddHours(appended % 8000)) with { CallId = $"{appended}" }, Ct);
            }

            return appended;
        }, Ct);

        // A month whose lock was not to be had is left for the next time.
        var made = 0;
        await Testing.Eventually.Holds(async () => (made += await _partitions.EnsureSpanAsync(start, start.AddMonths(12), Ct)) >= 12, "every month has its partition");
        await over.CancelAsync();

        made.Should().Be(12);

        (await appending).Should().BePositive();
    }

    [Fact]
    public async Task A_month_that_a_long_reading_blocks_is_left_for_the_next_time()
    {
        var lines = new LogLines<CallRecordPartitions>();
        await using var reading = new NpgsqlConnection(database.ConnectionString);
        await reading.OpenAsync(Ct);
        await using var transaction = await reading.BeginTransactionAsync(Ct);
        await using (var read = new NpgsqlCommand("SELECT count(*) FROM pbx.call_record_default", reading))
        {
            await read.ExecuteScalarAsync(Ct);
        }

        var month = new DateTime(2036, 6, 1);
        (await new CallRecordPartitions(database.Data, lines).EnsureSpanAsync(month, month.AddDays(1), Ct)).Should().Be(0);

        lines.All.Should().ContainSingle(line => line.Id.Id == 2212);
        await transaction.CommitAsync(Ct);
        (await _partitions.EnsureSpanAsync(month, month.AddDays(1), Ct)).Should().Be(1);
    }

    private CallRecordRow On(DateTime wallClock)
    {
        var ticks = wallClock.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Named(_site, ticks, leg: ticks) with { StartWallClock = wallClock, StartedAt = new DateTimeOffset(wallClock, TimeSpan.Zero) };
    }

    private Task<IReadOnlyList<CallRecordRow>> ListAsync() => _reader.ListAsync(new CallRecordFilter { SiteIds = [_site] }, after: null, 100, Ct);
}
