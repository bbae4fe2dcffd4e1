using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Cdrs.Statistics;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

public sealed class CallStatisticsTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncDisposable
{
    private readonly CallRecordLedger _ledger = new(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
    private readonly CallStatisticsReader _reader = new(database.Data);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task A_ring_group_with_one_answer_is_one_answered_call()
    {
        await AppendAsync(
            Leg("1.1", 0, RecordedDisposition.NoAnswer, "1001") with { TotalSeconds = 20, RingSeconds = 20, TalkSeconds = 0 },
            Leg("1.1", 0, RecordedDisposition.Busy, "1002"),
            Leg("1.1", 1, RecordedDisposition.Answered, "1003") with { TotalSeconds = 70, RingSeconds = 10, TalkSeconds = 60 });

        var figures = (await CountAsync()).Total;

        (figures.Calls, figures.Answered, figures.TalkSeconds).Should().Be((1, 1, 60));
        figures.MedianAnswerSeconds.Should().Be(70, "the caller waited for a minute before the third telephone rang, and ten seconds then");
    }

    [Fact]
    public async Task A_transferred_call_is_one_call_with_the_talk_of_both()
    {
        await AppendAsync(
            Leg("1.1", 0, RecordedDisposition.Answered, "1001") with { TotalSeconds = 35, RingSeconds = 5, TalkSeconds = 30 },
            Leg("1.1", 1, RecordedDisposition.Answered, "1002", RecordedDirection.Internal) with { TotalSeconds = 50, RingSeconds = 10, TalkSeconds = 40 });

        var counted = await CountAsync();

        (counted.Total.Calls, counted.Total.Answered, counted.Total.TalkSeconds, counted.Total.MedianAnswerSeconds).Should().Be((1, 1, 70, 5));
        (await CountAsync(RecordedDirection.Inbound)).Total.Calls.Should().Be(1);
        (await CountAsync(RecordedDirection.Internal)).Total.Calls.Should().Be(0);
    }

    [Fact]
    public async Task The_best_outcome_of_its_records_is_what_came_of_a_call()
    {
        await AppendAsync(
            Leg("1", 0, RecordedDisposition.NoAnswer, "a"), Leg("1", 0, RecordedDisposition.Voicemail, "b"),
            Leg("2", 0, RecordedDisposition.Busy, "a"), Leg("2", 0, RecordedDisposition.NoAnswer, "b"),
            Leg("3", 0, RecordedDisposition.Failed, "a"), Leg("3", 0, RecordedDisposition.Busy, "b"),
            Leg("4", 0, RecordedDisposition.Unknown, "a"), Leg("4", 0, RecordedDisposition.Failed, "b"),
            Leg("5", 0, RecordedDisposition.Unknown, "a"));

        var figures = (await CountAsync()).Total;

        (figures.Voicemail, figures.NoAnswer, figures.Busy, figures.Failed, figures.Unknown, figures.Answered, figures.Calls).Should().Be((1, 1, 1, 1, 1, 0, 5));
        figures.MedianAnswerSeconds.Should().BeNull();
    }

    [Fact]
    public async Task Answer_times_are_of_inbound_calls_and_only_when_known()
    {
        await AppendAsync(
            [.. Enumerable.Range(1, 10).Select(i => Leg($"in{i}", i, RecordedDisposition.Answered, "1001") with { TotalSeconds = i + 60, TalkSeconds = 60 }),
            Leg("rings", 1, RecordedDisposition.Answered, "1001") with { TotalSeconds = null, TalkSeconds = null, RingSeconds = 500 },
            Leg("unknown", 1, RecordedDisposition.Answered, "1001") with { TotalSeconds = null, TalkSeconds = null, RingSeconds = null },
            Leg("half", 1, RecordedDisposition.Answered, "1001") with { TotalSeconds = null, TalkSeconds = 5, RingSeconds = null },
            Leg("half", 2, RecordedDisposition.Answered, "1002") with { TotalSeconds = 905, TalkSeconds = 5 },
            Leg("out", 1, RecordedDisposition.Answered, "1001", RecordedDirection.Outbound) with { TotalSeconds = 999, TalkSeconds = 9 },
            Leg("lost", 1, RecordedDisposition.NoAnswer, "1001") with { TotalSeconds = 999, RingSeconds = 999 }]);

        var figures = (await CountAsync()).Total;

        (figures.MedianAnswerSeconds, figures.NinetiethAnswerSeconds).Should().Be((6, 10), "eleven times are known: 1 to 10, and 500");
        (await CountAsync(RecordedDirection.Outbound)).Total.MedianAnswerSeconds.Should().BeNull();
    }

    [Fact]
    public async Task A_call_belongs_to_where_it_began_with_all_its_records()
    {
        await AppendAsync(
            Leg("before", -1, RecordedDisposition.NoAnswer, "1001"), Leg("before", 1, RecordedDisposition.Answered, "1002"),
            Leg("across", 59, RecordedDisposition.NoAnswer, "1001"), Leg("across", 61, RecordedDisposition.Answered, "1002"));

        var counted = await _reader.CountAsync(new CallStatisticsWish(Noon, Noon.AddHours(1), CallBucketLength.Hour, "UTC") { SiteIds = [_site] }, Ct);

        (counted.Total.Calls, counted.Total.Answered).Should().Be((1, 1));
        counted.Buckets.Should().ContainSingle();
    }

    [Fact]
    public async Task Other_sites_do_not_count_and_equal_call_ids_of_two_sites_are_two_calls()
    {
        var other = SampleSites.NewId();
        await AppendAsync(Leg("1.1", 0, RecordedDisposition.Answered, "1001"), Leg("1.1", 0, RecordedDisposition.NoAnswer, "1001") with { SiteId = other }, Leg("1.2", 0, RecordedDisposition.NoAnswer, "1001") with { SiteId = other });

        (await CountAsync()).Sites.Select(site => (site.SiteId, site.Figures.Calls)).Should().Equal((_site, 1));
        var both = await _reader.CountAsync(new CallStatisticsWish(Noon, Noon.AddHours(1), CallBucketLength.Hour, "UTC") { SiteIds = [_site, other] }, Ct);
        both.Sites.Select(site => (site.SiteId, site.Figures.Calls, site.Figures.Answered)).Should().Equal((other, 2, 0), (_site, 1, 1));
        both.Total.Calls.Should().Be(3);
    }

    [Theory]
    [InlineData("2026-10-24T22:00Z", "2026-10-25T23:00Z", 25)]
    [InlineData("2026-03-28T23:00Z", "2026-03-29T22:00Z", 23)]
    public async Task A_day_when_the_clocks_change_has_as_many_hours_as_it_has(string from, string to, int hours)
    {
        var (start, end) = (Instant(from), Instant(to));

        var byHour = await _reader.CountAsync(new CallStatisticsWish(start, end, CallBucketLength.Hour, "Europe/Paris") { SiteIds = [_site] }, Ct);
        var byDay = await _reader.CountAsync(new CallStatisticsWish(start, end, CallBucketLength.Day, "Europe/Paris") { SiteIds = [_site] }, Ct);

        byHour.Buckets.Select(bucket => bucket.Start).Should().Equal(Enumerable.Range(0, hours).Select(i => start.AddHours(i)));
        byDay.Buckets.Select(bucket => bucket.Start).Should().Equal(start);
        byHour.Total.Should().Be(CallFigures.None);
        byHour.Sites.Should().BeEmpty();
    }

    [Fact]
    public async Task The_hour_that_comes_twice_in_autumn_is_two_buckets_and_one_day()
    {
        var midnight = Instant("2026-10-24T22:00Z");
        await AppendAsync(
            At("first", midnight.AddHours(2).AddMinutes(30)), At("second", midnight.AddHours(3).AddMinutes(30)), At("late", midnight.AddHours(24).AddMinutes(30)), At("next", midnight.AddHours(25)));

        var hours = await _reader.CountAsync(new CallStatisticsWish(midnight, midnight.AddHours(49), CallBucketLength.Hour, "Europe/Paris") { SiteIds = [_site] }, Ct);
        var days = await _reader.CountAsync(new CallStatisticsWish(midnight, midnight.AddHours(49), CallBucketLength.Day, "Europe/Paris") { SiteIds = [_site] }, Ct);

        hours.Buckets.Index().Where(bucket => bucket.Item.Figures.Calls > 0).Select(bucket => (bucket.Index, bucket.Item.Figures.Calls)).Should().Equal((2, 1), (3, 1), (24, 1), (25, 1));
        days.Buckets.Select(bucket => (bucket.Start, bucket.Figures.Calls)).Should().Equal((midnight, 3), (midnight.AddHours(25), 1));
    }

    [Theory]
    [InlineData("Asia/Kathmandu", "2026-07-01T10:15Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T14:30Z")]
    public async Task Hours_of_odd_zones_fall_on_their_own_clock(string zone, string inside)
    {
        var (from, at) = (Instant(inside).AddHours(-6), Instant(inside).AddMinutes(1));
        await AppendAsync(At("1", at), At("2", at.AddHours(3)));

        var counted = await _reader.CountAsync(new CallStatisticsWish(from, from.AddHours(12), CallBucketLength.Hour, zone) { SiteIds = [_site] }, Ct);

        counted.Buckets.Sum(bucket => bucket.Figures.Calls).Should().Be(2, "every call falls into a bucket that is listed");
        counted.Buckets.Select(bucket => bucket.Start.Minute).Distinct().Should().BeEquivalentTo(zone == "Asia/Kathmandu" ? [15] : new[] { 0, 30 }, "{0} is not a full hour ahead", zone);
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private CallRecordRow Leg(string call, int minute, string disposition, string extension, string direction = RecordedDirection.Inbound) => Named(_site, call, minute, extension + disposition) with
    {
        Direction = direction,
        Disposition = disposition,
        Extensions = [extension],
    };

    private CallRecordRow At(string call, DateTimeOffset at) => Leg(call, 0, RecordedDisposition.Answered, "1001") with
    {
        StartedAt = at,
        StartWallClock = at.UtcDateTime,
    };

    private Task<CallStatistics> CountAsync(string? direction = null) =>
        _reader.CountAsync(new CallStatisticsWish(Noon.AddHours(-2), Noon.AddHours(2), CallBucketLength.Hour, "UTC") { SiteIds = [_site], Direction = direction }, Ct);

    private async Task AppendAsync(params CallRecordRow[] rows) =>
        _ = await _ledger.AppendAsync([.. rows.Select(row => row with { Identity = SHA256.HashData(Encoding.UTF8.GetBytes(row.SiteId + Convert.ToHexString(row.Identity))) })], Ct);
}
