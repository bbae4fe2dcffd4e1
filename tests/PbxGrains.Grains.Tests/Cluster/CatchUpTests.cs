using PbxGrains.Contracts.Sites;
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
}
