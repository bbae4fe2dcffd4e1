using System.Globalization;
using PbxGrains.Contracts.Sites;
using PbxGrains.Simulator;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>Older records are read from a PBX that ran long before it was registered. The clock stands at 2 March 2026, 09:00 UTC.</summary>
public sealed class HistoryImportTests
{
    private static readonly DateOnly January = new(2026, 1, 1);

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task History_is_imported_when_asked_for_and_only_then(string firmware)
    {
        await using var lab = await OnlineAsync(firmware, days: 90, perDay: 3);
        _ = await Testing.Eventually.Holds(async () => (await lab.LedgerAsync()).Count > 0, "the last day is read");
        (await lab.LedgerAsync()).Should().OnlyContain(r => r.Source == RecordedSource.CatchUp).And.HaveCountLessThan(8);

        var start = await lab.Site("paris").StartImport(January, until: null);
        var done = await EndedAsync(lab, start.ImportId!.Value);

        var asked = lab.Fleet.Pbxs[0].Cdrs.Where(c => c.TimeStart >= new DateTime(2026, 1, 1)).Select(c => c.CallId).Order(StringComparer.Ordinal);
        (await lab.LedgerAsync()).Select(r => r.CallId).Order(StringComparer.Ordinal).Should().Equal(asked);
        done.Should().BeEquivalentTo(new { State = HistoryImportState.Done, WindowsFailed = 0, Progress = 1.0, RowsRead = (long)asked.Count(), Since = January, Until = new DateOnly(2026, 3, 2) });
        done.RowsNew.Should().BeGreaterThan(150);
        (await lab.LedgerAsync()).Should().Contain(r => r.ImportedAt != null && r.CaughtUpAt != null, "both ways meet on one record");
    }

    [Fact]
    public async Task Imported_hours_are_proven_by_comparison()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, days: 40, perDay: 2);

        var start = await lab.Site("paris").StartImport(new DateOnly(2026, 2, 1), new DateOnly(2026, 2, 3));
        _ = await EndedAsync(lab, start.ImportId!.Value);

        var from = new DateTimeOffset(2026, 1, 31, 22, 0, 0, TimeSpan.Zero);
        var hours = await lab.Service<CatchUpWindows>().CompletenessAsync("paris", from, from.AddDays(4), CancellationToken.None);
        hours.Where(h => h.LastComparedAt is not null).Select(h => h.Hour).Should().Equal(Enumerable.Range(1, 72).Select(i => from.AddHours(i)));
        hours.Sum(h => h.OnlyCaughtUp).Should().Be(6);
    }

    [Fact]
    public async Task One_import_at_a_time_and_only_of_days_that_were()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, days: 1, perDay: 1);
        var site = lab.Site("paris");

        (await site.StartImport(new DateOnly(2026, 3, 3), null)).Refusal.Should().Be(HistoryImportRefusal.InTheFuture);
        (await site.StartImport(new DateOnly(2016, 3, 1), null)).Refusal.Should().Be(HistoryImportRefusal.TooLongAgo);
        (await site.StartImport(January, new DateOnly(2025, 12, 31))).Refusal.Should().Be(HistoryImportRefusal.EndsBeforeItBegins);
        var first = await site.StartImport(January, null);
        (await site.StartImport(January, null)).Should().Be(new HistoryImportStart(first.ImportId, HistoryImportRefusal.AlreadyRunning));
        (await lab.Site("berlin").StartImport(January, null)).Refusal.Should().Be(HistoryImportRefusal.SiteUnknown);
    }

    [Fact]
    public async Task An_import_waits_while_the_PBX_is_away_and_goes_on_by_itself()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, days: 60, perDay: 1);
        var pbx = lab.Fleet.Pbxs[0];
        var id = (await lab.Site("paris").StartImport(January, null)).ImportId!.Value;
        await lab.PassUntilAsync(async () => (await FindAsync(lab, id)).RowsRead >= 10, "it reads");

        pbx.Faults.Down = true;
        await lab.PassUntilAsync(async () => (await FindAsync(lab, id)) is { State: HistoryImportState.Waiting, Detail: not null }, "it waits");
        await lab.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), "paris");
        pbx.Faults.Clear();

        (await EndedAsync(lab, id)).State.Should().Be(HistoryImportState.Done);
        (await lab.LedgerAsync()).Should().HaveCount(60);
    }

    [Fact]
    public async Task Another_activation_goes_on_where_a_killed_one_was()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, days: 60, perDay: 1);
        var id = (await lab.Site("paris").StartImport(January, null)).ImportId!.Value;
        await lab.PassUntilAsync(async () => (await FindAsync(lab, id)).RowsRead >= 10, "it reads");

        await lab.DeactivateAsync("paris");
        var before = lab.Fleet.Pbxs[0].Counters.Requests.Sum(r => r.Key.EndsWith("cdr/download", StringComparison.Ordinal) ? r.Value : 0);
        var done = await EndedAsync(lab, id);

        done.State.Should().Be(HistoryImportState.Done);
        (await lab.LedgerAsync()).Should().HaveCount(60);
        var after = lab.Fleet.Pbxs[0].Counters.Requests.Sum(r => r.Key.EndsWith("cdr/download", StringComparison.Ordinal) ? r.Value : 0);
        (after - before).Should().BeLessThan(61, "days that were read are not read again");
    }

    [Fact]
    public async Task An_import_whose_ledger_commit_was_not_noted_any_more_reads_that_day_again_and_doubles_nothing()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, days: 20, perDay: 2);
        var id = (await lab.Site("paris").StartImport(new DateOnly(2026, 2, 12), null)).ImportId!.Value;
        _ = await EndedAsync(lab, id);
        var before = (await lab.LedgerAsync()).Select(r => (r.RecordId, r.Revision)).ToList();

        await lab.SqlAsync("UPDATE pbx.history_import SET state = 'running', finished_at = NULL, position = '2026-02-20'");
        await lab.DeactivateAsync("paris");

        (await EndedAsync(lab, id)).State.Should().Be(HistoryImportState.Done);
        (await lab.LedgerAsync()).Select(r => (r.RecordId, r.Revision)).Should().Equal(before);
    }

    [Fact]
    public async Task A_cancelled_import_stops_and_keeps_what_it_read()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, days: 60, perDay: 1);
        var id = (await lab.Site("paris").StartImport(January, null)).ImportId!.Value;
        await lab.PassUntilAsync(async () => (await FindAsync(lab, id)).RowsRead >= 5, "it reads");

        await lab.Site("paris").CancelImport(id);
        await lab.Site("paris").CancelImport(id);

        var cancelled = await FindAsync(lab, id);
        cancelled.State.Should().Be(HistoryImportState.Cancelled);
        (await lab.LedgerAsync()).Count.Should().BeGreaterThanOrEqualTo(5);
        (await lab.Site("paris").StartImport(January, null)).Refusal.Should().BeNull("the place is free");
    }

    [Fact]
    public async Task A_slow_PBX_is_asked_for_less_at_once()
    {
        await using var lab = await OnlineAsync(FleetOptions.OldFirmware, days: 30, perDay: 4);
        lab.Fleet.Pbxs[0].Faults.LongestCdrWindow = TimeSpan.FromHours(7);

        var id = (await lab.Site("paris").StartImport(new DateOnly(2026, 2, 20), null)).ImportId!.Value;
        var done = await EndedAsync(lab, id);

        done.Should().BeEquivalentTo(new { State = HistoryImportState.Done, WindowsFailed = 0 });
        (await lab.LedgerAsync()).Count(r => r.StartWallClock >= new DateTime(2026, 2, 20)).Should().Be(lab.Fleet.Pbxs[0].Cdrs.Count(c => c.TimeStart >= new DateTime(2026, 2, 20)));
    }

    [Fact]
    public async Task A_row_nobody_can_read_is_counted_and_only_its_hour_stays_unproven()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, days: 30, perDay: 4);
        var pbx = lab.Fleet.Pbxs[0];
        var damaged = pbx.Cdrs.First(c => c.TimeStart.Date == new DateTime(2026, 2, 16));
        pbx.Faults.DamagedCdrAt = damaged.TimeStart;

        var id = (await lab.Site("paris").StartImport(new DateOnly(2026, 2, 15), new DateOnly(2026, 2, 17))).ImportId!.Value;
        var done = await EndedAsync(lab, id);

        done.Should().BeEquivalentTo(new { State = HistoryImportState.Done, WindowsFailed = 1 });
        done.Detail.Should().Contain(": 1;");
        var wall = new DateTimeOffset(new DateTime(2026, 2, 15), TimeSpan.FromHours(1));
        var hours = await lab.Service<CatchUpWindows>().CompletenessAsync("paris", wall, wall.AddDays(3), CancellationToken.None);
        hours.Where(h => h.LastComparedAt is null).Should().ContainSingle().Which.FailureDetail.Should().Be("Rows that could not be read: 1.");
        (await lab.LedgerAsync()).Should().NotContain(r => r.CallId == damaged.CallId);
    }

    [Fact]
    public async Task A_PBX_that_refuses_its_records_ends_the_import_with_its_reason()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, days: 3, perDay: 1);
        lab.Fleet.Pbxs[0].Faults.RevokedEndpoints = ["cdr/"];

        var done = await EndedAsync(lab, (await lab.Site("paris").StartImport(January, null)).ImportId!.Value);

        done.State.Should().Be(HistoryImportState.Failed);
        done.Detail.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task Catch_up_and_polls_go_on_beside_a_long_import()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, days: 1, perDay: 1);
        var pbx = lab.Fleet.Pbxs[0];
        pbx.Faults.DropReports = true;
        var id = (await lab.Site("paris").StartImport(new DateOnly(2017, 1, 1), null)).ImportId!.Value;
        await lab.PassUntilAsync(async () => (await FindAsync(lab, id)).Position > new DateTime(2017, 1, 5), "it reads");
        var rounds = (await lab.Site("paris").GetStatus()).PollRounds;
        var call = await pbx.PlaceCallAsync("1001", "1002");

        await lab.PassUntilAsync(async () => (await lab.LedgerAsync()).Any(r => r.CallId == call), "catch-up finds the call", TimeSpan.FromSeconds(5));

        (await FindAsync(lab, id)).State.Should().Be(HistoryImportState.Running);
        (await lab.Site("paris").GetStatus()).PollRounds.Should().BeGreaterThan(rounds);
    }

    private static async Task<SiteLab> OnlineAsync(string firmware, int days, int perDay)
    {
        var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware });
        var pbx = lab.Fleet.Pbxs[0];
        pbx.AddHistory(History(days, perDay));
        await lab.RegisterAsync("paris", pbx);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        return lab;
    }

    /// <summary>Calls of the days before today, evenly spread over each day of Paris.</summary>
    private static IEnumerable<CdrRow> History(int days, int perDay) =>
        from day in Enumerable.Range(1, days)
        from n in Enumerable.Range(0, perDay)
        let wall = new DateTime(2026, 3, 2).AddDays(-day).AddHours(24.0 / perDay * n).AddMinutes(30)
        let epoch = new DateTimeOffset(wall, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris").GetUtcOffset(wall)).ToUnixTimeSeconds()
        select new CdrRow(string.Create(CultureInfo.InvariantCulture, $"{epoch}.{n}"), wall, "1001", "1002", 20, 10, "", "", "ANSWERED", "Internal", "", "", "", "", 0);

    private static async Task<HistoryImportRow> FindAsync(SiteLab lab, Guid id) =>
        (await lab.Service<HistoryImports>().FindAsync("paris", id, CancellationToken.None))!;

    private static async Task<HistoryImportRow> EndedAsync(SiteLab lab, Guid id)
    {
        HistoryImportRow? row = null;
        await lab.PassUntilAsync(async () => (row = await FindAsync(lab, id)).FinishedAt is not null, "the import ends", TimeSpan.FromMilliseconds(200));
        return row!;
    }
}
