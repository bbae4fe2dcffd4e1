using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

public sealed class CatchUpWindowsTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private readonly CatchUpWindows _windows = new(database.Data, TimeProvider.System);
    private readonly string _site = SampleSites.NewId();

    private static CancellationToken Ct => MigratedDatabase.Ct;

    [Fact]
    public async Task Of_the_same_window_the_last_that_worked_and_the_last_that_failed_are_kept()
    {
        await _windows.RecordAsync(Window(0, 1, comparedAfter: 60), Ct);
        await _windows.RecordAsync(Window(0, 1, comparedAfter: 120) with { RowsRead = 7, RowsNew = 2 }, Ct);
        await _windows.RecordAsync(Window(0, 1, comparedAfter: 90), Ct);
        await _windows.RecordAsync(Window(0, 1, comparedAfter: 130) with { Outcome = CatchUpOutcome.Failed, Detail = "504" }, Ct);
        await _windows.RecordAsync(Window(5, 6), Ct);

        (await _windows.ListAsync(_site, WallClock.AddMinutes(30), WallClock.AddHours(5), Ct)).Should().BeEquivalentTo(
            [
                Window(0, 1, comparedAfter: 130) with { Outcome = CatchUpOutcome.Failed, Detail = "504" },
                Window(0, 1, comparedAfter: 120) with { RowsRead = 7, RowsNew = 2 },
            ]);
    }

    [Fact]
    public async Task The_watermark_only_moves_over_windows_read_whole()
    {
        (await _windows.GetWatermarkAsync(_site, Ct)).Should().BeNull();
        (await _windows.SetWatermarkAsync(_site, WallClock.AddHours(1), Ct)).Should().BeNull("nothing was read yet");

        await _windows.RecordAsync(Window(0, 1), Ct);
        (await _windows.SetWatermarkAsync(_site, WallClock.AddHours(1), Ct)).Should().Be(WallClock.AddHours(1));

        await _windows.RecordAsync(Window(1, 2), Ct);
        await _windows.RecordAsync(Window(2, 3) with { Outcome = CatchUpOutcome.Failed }, Ct);
        await _windows.RecordAsync(Window(3, 4), Ct);
        (await _windows.SetWatermarkAsync(_site, WallClock.AddHours(4), Ct)).Should().Be(WallClock.AddHours(2), "the third hour was not read");

        await _windows.RecordAsync(Window(1.5, 3.5), Ct);
        (await _windows.SetWatermarkAsync(_site, WallClock.AddHours(3.75), Ct)).Should().Be(WallClock.AddHours(3.75));
        (await _windows.SetWatermarkAsync(_site, WallClock, Ct)).Should().Be(WallClock.AddHours(3.75), "it never moves back");
        (await _windows.GetWatermarkAsync(_site, Ct)).Should().Be(WallClock.AddHours(3.75));
    }

    [Fact]
    public async Task A_damaged_window_lets_the_watermark_pass_and_proves_nothing()
    {
        await _windows.RecordAsync(Window(0, 1), Ct);
        await _windows.RecordAsync(Window(1, 2) with { Outcome = CatchUpOutcome.Damaged, Detail = "3 rows" }, Ct);
        await _windows.RecordAsync(Window(2, 3), Ct);
        _ = await _windows.SetWatermarkAsync(_site, WallClock.AddHours(1), Ct);

        (await _windows.SetWatermarkAsync(_site, WallClock.AddHours(3), Ct)).Should().Be(WallClock.AddHours(3));

        // The site is not registered, so the wall clock is UTC.
        var first = new DateTimeOffset(WallClock, TimeSpan.Zero);
        (await _windows.CompletenessAsync(_site, first, first.AddHours(3), Ct)).Select(h => (h.LastComparedAt is null, h.FailureDetail))
            .Should().Equal((false, null), (true, "3 rows"), (false, null));
    }

    [Fact]
    public async Task A_window_read_whole_replaces_earlier_ones_within_it_and_no_others()
    {
        await _windows.RecordAsync(Window(0, 1), Ct);
        await _windows.RecordAsync(Window(0.5, 1.5), Ct);
        await _windows.RecordAsync(Window(1, 2) with { Outcome = CatchUpOutcome.Failed }, Ct);
        await _windows.RecordAsync(Window(1, 2, comparedAfter: 200), Ct);

        await _windows.RecordAsync(Window(0, 3, comparedAfter: 100), Ct);

        (await _windows.ListAsync(_site, WallClock, WallClock.AddHours(9), Ct)).Should().BeEquivalentTo(
            [Window(0, 3, comparedAfter: 100), Window(1, 2) with { Outcome = CatchUpOutcome.Failed }, Window(1, 2, comparedAfter: 200)]);
    }

    [Fact]
    public async Task The_last_night_is_remembered_beside_the_watermark()
    {
        (await _windows.GetProgressAsync(_site, Ct)).Should().Be(default(CatchUpProgress));

        await _windows.SetLastNightAsync(_site, new DateOnly(2026, 3, 1), Ct);
        await _windows.RecordAsync(Window(0, 1), Ct);
        _ = await _windows.SetWatermarkAsync(_site, WallClock.AddHours(1), Ct);
        await _windows.SetLastNightAsync(_site, new DateOnly(2026, 3, 2), Ct);

        (await _windows.GetProgressAsync(_site, Ct)).Should().Be(new CatchUpProgress(WallClock.AddHours(1), new DateOnly(2026, 3, 2)));
    }

    [Fact]
    public async Task Completeness_tells_each_hour_what_push_told_and_when_all_of_it_was_compared()
    {
        // The PBX's clock shows Kolkata's time, five and a half hours ahead: its windows and our hours cross.
        await new SiteRegistry(database.Data).SaveAsync(SampleSites.Plain(_site) with { TimeZone = "Asia/Kolkata" }, SiteSaveMode.Create, Ct);
        await using var ledger = new CallRecordLedger(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
        _ = await ledger.AppendAsync(
            [
                Named(_site, "1"), Named(_site, "2", minute: 59), Named(_site, "2", minute: 59) with { Source = RecordedSource.CatchUp },
                Named(_site, "3", minute: 5) with { Source = RecordedSource.CatchUp }, Named(_site, "4", minute: 125) with { Source = RecordedSource.Import },
            ], Ct);
        var start = Noon.UtcDateTime.AddHours(5.5);
        await _windows.RecordAsync(At(start.AddHours(-0.5), start.AddHours(0.5), Noon.AddHours(8)), Ct);
        await _windows.RecordAsync(At(start.AddHours(0.5), start.AddHours(1.5), Noon.AddHours(7)), Ct);
        await _windows.RecordAsync(At(start.AddHours(0.5), start.AddHours(2.5), Noon.AddHours(9)) with { Outcome = CatchUpOutcome.Failed, Detail = "504" }, Ct);

        var hours = await _windows.CompletenessAsync(_site, Noon.AddMinutes(10), Noon.AddHours(4), Ct);

        hours.Should().BeEquivalentTo(
            [
                new HourCompleteness { Hour = Noon, Pushed = 2, OnlyCaughtUp = 1, LastComparedAt = Noon.AddHours(7), LastFailedAt = Noon.AddHours(9), FailureDetail = "504" },
                new HourCompleteness { Hour = Noon.AddHours(1), Pushed = 0, OnlyCaughtUp = 0, LastFailedAt = Noon.AddHours(9), FailureDetail = "504" },
                new HourCompleteness { Hour = Noon.AddHours(2), Pushed = 0, OnlyCaughtUp = 1, LastFailedAt = Noon.AddHours(9), FailureDetail = "504" },
                new HourCompleteness { Hour = Noon.AddHours(3), Pushed = 0, OnlyCaughtUp = 0 },
            ], options => options.WithStrictOrdering());
    }

    private CatchUpWindow Window(double from, double to, int comparedAfter = 60) => At(WallClock.AddHours(from), WallClock.AddHours(to), Noon.AddMinutes(comparedAfter));

    private CatchUpWindow At(DateTime start, DateTime end, DateTimeOffset comparedAt) => new()
    {
        SiteId = _site,
        Start = DateTime.SpecifyKind(start, DateTimeKind.Unspecified),
        End = DateTime.SpecifyKind(end, DateTimeKind.Unspecified),
        Outcome = CatchUpOutcome.Whole,
        ComparedAt = comparedAt,
    };
}
