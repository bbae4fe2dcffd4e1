using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Simulator;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Grains.Tests.Cluster;

public sealed class CatchUpTests
{
    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task Records_no_push_told_are_caught_up_after_the_next_login(string firmware)
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 6, Firmware = firmware, CallsPerMinute = 6 });
        var pbx = lab.Fleet.Pbxs[0];
        await lab.PassUntilAsync(() => Task.FromResult(pbx.Cdrs.Count >= 20), "calls were made while nobody listened", TimeSpan.FromSeconds(5));

        await lab.RegisterAsync("paris", pbx);
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Online, "the site comes online");

        _ = await Testing.Eventually.Holds(async () => (await lab.LedgerAsync()).Count == pbx.Cdrs.Count, "the ledger has what the PBX has");
        (await lab.LedgerAsync()).Should().OnlyContain(r => r.Source == RecordedSource.CatchUp);
    }

    [Fact]
    public async Task A_record_pushed_and_caught_up_is_one_record()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 6, CallsPerMinute = 6 });
        var pbx = lab.Fleet.Pbxs[0];
        await lab.RegisterAsync("paris", pbx);
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Online, "the site comes online");

        await lab.PassUntilAsync(
            async () => (await lab.LedgerAsync()) is { Count: >= 20 } records && records.Count(r => r is { PushedAt: not null, CaughtUpAt: not null }) >= 10,
            "ten records came both ways",
            TimeSpan.FromSeconds(1));

        var records = await lab.LedgerAsync();
        records.Select(r => Convert.ToHexString(r.Identity)).Should().OnlyHaveUniqueItems();
        records.Count.Should().BeLessThanOrEqualTo(pbx.Cdrs.Count);
    }

    [Fact]
    public async Task The_ledger_holds_exactly_the_records_of_the_PBX_though_pushes_were_dropped_and_doubled()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 8, CallsPerMinute = 10 });
        var pbx = lab.Fleet.Pbxs[0];
        pbx.Faults.ReportsDuplicated = true;
        await lab.RegisterAsync("paris", pbx);
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Online, "the site comes online");
        await lab.PassUntilAsync(() => Task.FromResult(pbx.Cdrs.Count >= 10), "calls are told twice", TimeSpan.FromSeconds(1));
        pbx.Faults.DropReports = true;
        await lab.PassUntilAsync(() => Task.FromResult(pbx.Cdrs.Count >= 25), "calls are not told", TimeSpan.FromSeconds(1));
        pbx.Faults.DropReports = false;

        await lab.PassUntilAsync(async () => (await lab.LedgerAsync()).Count == pbx.Cdrs.Count && pbx.Cdrs.Count >= 40, "the ledger has what the PBX has", TimeSpan.FromSeconds(1));

        var told = pbx.Cdrs.Select(c => c.CallId).Order(StringComparer.Ordinal);
        (await lab.LedgerAsync()).Select(r => r.CallId).Order(StringComparer.Ordinal).Should().Equal(told);
    }

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_row_nobody_can_read_is_shown_its_hour_stays_unproven_and_the_watermark_goes_on(string firmware)
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware });
        var pbx = lab.Fleet.Pbxs[0];
        pbx.AddHistory([Row(1, "2026-03-02 03:10:00"), Row(2, "2026-03-02 03:20:00"), Row(3, "2026-03-02 08:00:00")]);
        pbx.Faults.DamagedCdrAt = new DateTime(2026, 3, 2, 3, 10, 0);
        await lab.RegisterAsync("paris", pbx);

        _ = await lab.StatusAsync("paris", s => s.Warnings.Any(w => w.Code == CatchUp.UnreadableRecords), "it is shown");

        (await lab.LedgerAsync()).Select(r => r.CallId).Should().BeEquivalentTo(pbx.Cdrs.Skip(1).Select(c => c.CallId));
        var now = lab.Clock.GetUtcNow();
        var hours = await lab.Service<CatchUpWindows>().CompletenessAsync("paris", now.AddHours(-20), now, CancellationToken.None);
        hours.Where(h => h.LastComparedAt is null).Should().OnlyContain(h => h.Hour.Hour == 2).And.ContainSingle();
        (await lab.Service<CatchUpWindows>().GetWatermarkAsync("paris", CancellationToken.None)).Should().BeCloseTo(new DateTime(2026, 3, 2, 10, 0, 0), TimeSpan.FromMinutes(1));

        pbx.Faults.Clear();
        await lab.DeactivateAsync("paris");
        _ = await Testing.Eventually.Holds(async () => (await lab.Service<CatchUpWindows>().GetProgressAsync("paris", CancellationToken.None)).LastNight is not null, "the night is compared");
        await lab.SqlAsync("UPDATE pbx.catch_up_watermark SET last_night = NULL");
        await lab.DeactivateAsync("paris");
        _ = await Testing.Eventually.Holds(async () => (await lab.LedgerAsync()).Count == 3, "the nightly comparison finds the row once it can be read");
    }

    [Fact]
    public async Task A_slow_PBX_is_asked_for_less_and_nothing_is_missed()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5 });
        var pbx = lab.Fleet.Pbxs[0];
        pbx.AddHistory(Enumerable.Range(0, 20).Select(i => Row(i, new DateTime(2026, 3, 1, 11, 30, 0).AddHours(i).ToString("s", System.Globalization.CultureInfo.InvariantCulture).Replace('T', ' '))));
        pbx.Faults.LongestCdrWindow = TimeSpan.FromHours(4);

        await lab.RegisterAsync("paris", pbx);

        _ = await Testing.Eventually.Holds(async () => (await lab.LedgerAsync()).Count == 20, "all are found");
    }

    [Fact]
    public async Task Whatever_was_not_noted_after_the_ledger_had_it_is_read_again_and_changes_nothing()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5 });
        var pbx = lab.Fleet.Pbxs[0];
        pbx.AddHistory([Row(1, "2026-03-02 05:10:00"), Row(2, "2026-03-02 06:20:00"), Row(3, "2026-03-02 08:00:00")]);
        await lab.RegisterAsync("paris", pbx);
        _ = await Testing.Eventually.Holds(async () => (await lab.Service<CatchUpWindows>().GetProgressAsync("paris", CancellationToken.None)).LastNight is not null, "the first comparison is done");
        var before = (await lab.LedgerAsync()).Select(r => (r.RecordId, r.Revision, r.SeenAt)).ToList();

        // As after a kill between the ledger's commit and the note of it.
        await lab.SqlAsync("DELETE FROM pbx.catch_up_window; DELETE FROM pbx.catch_up_watermark");
        await lab.DeactivateAsync("paris");
        _ = await Testing.Eventually.Holds(async () => (await lab.Service<CatchUpWindows>().GetProgressAsync("paris", CancellationToken.None)).LastNight is not null, "it is done again");

        (await lab.LedgerAsync()).Select(r => (r.RecordId, r.Revision, r.SeenAt)).Should().Equal(before);
    }

    [Fact]
    public async Task A_session_that_ends_in_the_middle_leaves_no_gap()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5 });
        var pbx = lab.Fleet.Pbxs[0];
        pbx.AddHistory([Row(1, "2026-03-02 05:10:00")]);
        pbx.Faults.RevokedEndpoints = ["cdr/"];
        await lab.RegisterAsync("paris", pbx);
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Online, "the site comes online");
        _ = await Testing.Eventually.Holds(async () => await lab.CountAsync("pbx.catch_up_window") == 1, "the first window fails");
        (await lab.Service<CatchUpWindows>().GetWatermarkAsync("paris", CancellationToken.None)).Should().BeNull();

        pbx.Faults.Clear();
        await lab.DeactivateAsync("paris");

        _ = await Testing.Eventually.Holds(async () => (await lab.LedgerAsync()).Count == 1, "the record is found");
    }

    private static CdrRow Row(int number, string wall)
    {
        var start = DateTime.Parse(wall, System.Globalization.CultureInfo.InvariantCulture);
        var epoch = new DateTimeOffset(start, TimeSpan.FromHours(1)).ToUnixTimeSeconds();
        return new CdrRow(FormattableString.Invariant($"{epoch}.{number}"), start, "1001", "1002", 20, 10, "", "", "ANSWERED", "Internal", "", "", "", "", 0);
    }
}
