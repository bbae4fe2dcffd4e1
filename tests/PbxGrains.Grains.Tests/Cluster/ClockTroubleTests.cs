using System.Globalization;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Simulator;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>PBXs whose clock is wrong, whose zone is changed, whose clocks change twice a year: no record lost, none doubled. Nothing is pushed here.</summary>
public sealed class ClockTroubleTests
{
    [Theory]
    [InlineData(FleetOptions.NewFirmware, "00:07:00")]
    [InlineData(FleetOptions.NewFirmware, "-00:07:00")]
    [InlineData(FleetOptions.OldFirmware, "05:00:00")]
    [InlineData(FleetOptions.NewFirmware, "-05:00:00")]
    [InlineData(FleetOptions.NewFirmware, "2.00:00:00")]
    [InlineData(FleetOptions.NewFirmware, "-20000.00:00:00")]
    public async Task Records_of_a_PBX_with_a_wrong_clock_are_found_and_its_clock_is_shown(string firmware, string ahead)
    {
        var skew = TimeSpan.Parse(ahead, CultureInfo.InvariantCulture);
        await using var lab = await OnlineAsync(firmware, skew: skew);
        var pbx = lab.Fleet.Pbxs[0];

        var call = await pbx.PlaceCallAsync("1001", "1002");
        await FoundAsync(lab, call);

        var warning = (await lab.StatusAsync("paris", s => s.Warnings.Any(w => w.Code == PbxClockWatch.ClockWrong), "the clock is shown")).Warnings.Single(w => w.Code == PbxClockWatch.ClockWrong);
        warning.Message.Should().Contain(skew > TimeSpan.Zero ? "ahead" : "behind").And.Contain("NTP");

        pbx.Faults.ClockSkew = TimeSpan.Zero;
        var later = await pbx.PlaceCallAsync("1001", "1002");
        await FoundAsync(lab, later);
        (await lab.Site("paris").GetStatus()).Warnings.Should().NotContain(w => w.Code == PbxClockWatch.ClockWrong);
        await ShouldHoldExactlyAsync(lab);
    }

    [Fact]
    public async Task A_call_that_ended_before_a_clock_was_set_back_is_found_by_what_that_clock_said()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, skew: TimeSpan.FromHours(9));
        var pbx = lab.Fleet.Pbxs[0];
        await FoundAsync(lab, await pbx.PlaceCallAsync("1001", "1002"));
        var last = await pbx.PlaceCallAsync("1003", "1004");
        await EndedAsync(lab, last);

        pbx.Faults.ClockSkew = TimeSpan.Zero;

        await FoundAsync(lab, last);
        await ShouldHoldExactlyAsync(lab);
    }

    [Fact]
    public async Task No_hour_counts_as_compared_before_a_clock_that_is_behind_shows_it_over()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, skew: TimeSpan.FromHours(-5));
        await FoundAsync(lab, await lab.Fleet.Pbxs[0].PlaceCallAsync("1001", "1002"));

        var now = lab.Clock.GetUtcNow();
        var hours = await lab.Service<CatchUpWindows>().CompletenessAsync("paris", now.AddHours(-12), now, CancellationToken.None);

        hours.Should().Contain(h => h.LastComparedAt != null);
        var passedMeanwhile = TimeSpan.FromMinutes(1); // the false clock moves while the PBX tells its time
        hours.Should().OnlyContain(h => h.LastComparedAt == null || h.LastComparedAt <= now.AddHours(-5) + passedMeanwhile);
    }

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Asia/Tokyo")]
    public async Task A_PBX_that_changes_its_zone_loses_no_record_and_keeps_true_instants(string zone)
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        var pbx = lab.Fleet.Pbxs[0];
        await FoundAsync(lab, await pbx.PlaceCallAsync("1001", "1002"));
        await EndedAsync(lab, await pbx.PlaceCallAsync("1003", "1004"));

        pbx.Faults.TimeZone = zone;
        var startedAt = lab.Clock.GetUtcNow();
        var call = await pbx.PlaceCallAsync("1001", "1002");
        await FoundAsync(lab, call);

        (await lab.Site("paris").GetStatus()).Warnings.Should().ContainSingle(w => w.Code == PbxClockWatch.ZoneDiffers);
        (await lab.LedgerAsync()).Single(r => r.CallId == call).StartedAt.Should().BeCloseTo(startedAt, TimeSpan.FromSeconds(1));
        await ShouldHoldExactlyAsync(lab);
    }

    [Theory]
    [InlineData(FleetOptions.NewFirmware, "2026-10-24T20:00:00Z")]
    [InlineData(FleetOptions.OldFirmware, "2026-10-24T20:00:00Z")]
    [InlineData(FleetOptions.NewFirmware, "2026-03-28T20:00:00Z")]
    public async Task Calls_through_the_night_of_a_change_of_the_clocks_are_each_recorded_once_at_their_true_instant(string firmware, string evening)
    {
        await using var lab = await OnlineAsync(firmware, startsAt: DateTimeOffset.Parse(evening, CultureInfo.InvariantCulture));
        var pbx = lab.Fleet.Pbxs[0];
        Dictionary<string, DateTimeOffset> truth = [];
        for (var i = 0; i < 28; i++)
        {
            var startedAt = lab.Clock.GetUtcNow();
            var call = await pbx.PlaceCallAsync("1001", "1002");
            truth[call] = startedAt;
            await (i % 4 == 3 ? FoundAsync(lab, call) : EndedAsync(lab, call));
            lab.Clock.Advance(startedAt.AddMinutes(20) - lab.Clock.GetUtcNow());
        }

        await ShouldHoldExactlyAsync(lab);
        (await lab.LedgerAsync()).Should().OnlyContain(r => (r.StartedAt - truth[r.CallId]).Duration() <= TimeSpan.FromSeconds(1));
        var midnight = truth.Values.First().AddHours(4);
        var hours = await lab.Service<CatchUpWindows>().CompletenessAsync("paris", midnight, midnight.AddHours(4), CancellationToken.None);
        hours.Should().OnlyContain(h => h.OnlyCaughtUp == 3 && h.LastComparedAt > h.Hour.AddHours(1));
    }

    [Fact]
    public async Task An_import_over_both_changes_of_the_clocks_reads_every_call_also_those_of_the_repeated_hour()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5 }, startsAt: new DateTimeOffset(2026, 11, 5, 9, 0, 0, TimeSpan.Zero));
        var pbx = lab.Fleet.Pbxs[0];
        var paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        DateTimeOffset[] nights = [new(2026, 3, 28, 22, 0, 0, TimeSpan.Zero), new(2026, 10, 24, 22, 0, 0, TimeSpan.Zero)];
        var instants = nights.SelectMany(night => Enumerable.Range(0, 24).Select(i => night.AddMinutes(15 * i))).ToList();
        pbx.AddHistory(instants.Select((at, i) => new CdrRow(
            string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeSeconds()}.{i}"), TimeZoneInfo.ConvertTime(at, paris).DateTime, "1001", "1002", 20, 10, "", "", "ANSWERED", "Internal", "", "", "", "", 0)));
        await lab.RegisterAsync("paris", pbx);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");

        var id = (await lab.Site("paris").StartImport(new DateOnly(2026, 3, 1), null)).ImportId!.Value;
        await lab.PassUntilAsync(async () => (await lab.Service<HistoryImports>().FindAsync("paris", id, CancellationToken.None))!.FinishedAt is not null, "the import ends", TimeSpan.FromSeconds(1));

        await ShouldHoldExactlyAsync(lab);
        (await lab.LedgerAsync()).Select(r => r.StartedAt).Order().Should().Equal(instants.Order());
    }

    private static async Task<SiteLab> OnlineAsync(string firmware, TimeSpan skew = default, DateTimeOffset? startsAt = null)
    {
        var two = new TimeSpanRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware, RingTime = two, TalkTime = two }, startsAt: startsAt);
        var pbx = lab.Fleet.Pbxs[0];
        (pbx.Faults.DropReports, pbx.Faults.ClockSkew) = (true, skew);
        await lab.RegisterAsync("paris", pbx);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        return lab;
    }

    /// <summary>Lets a call end and has another activation catch up, which it does as soon as it is logged in; the clock stands still for that.</summary>
    private static async Task FoundAsync(SiteLab lab, string callId)
    {
        await EndedAsync(lab, callId);
        await lab.DeactivateAsync("paris");
        _ = await Testing.Eventually.Holds(
            async () => (await lab.LedgerAsync()).FirstOrDefault(r => r.CallId == callId) is { } record
                && await lab.Service<CatchUpWindows>().GetProgressAsync("paris", CancellationToken.None) is { LastNight: not null, Watermark: { } watermark }
                && watermark >= record.StartWallClock,
            "catch-up finds the call and notes how far it came");
    }

    private static Task EndedAsync(SiteLab lab, string callId) =>
        lab.PassUntilAsync(() => Task.FromResult(lab.Fleet.Pbxs[0].Cdrs.Any(c => c.CallId == callId)), "the call ends", TimeSpan.FromSeconds(1));

    private static async Task ShouldHoldExactlyAsync(SiteLab lab) =>
        (await lab.LedgerAsync()).Select(r => (r.CallId, r.StartWallClock)).Should().BeEquivalentTo(lab.Fleet.Pbxs[0].Cdrs.Select(c => (c.CallId, c.TimeStart)));
}
