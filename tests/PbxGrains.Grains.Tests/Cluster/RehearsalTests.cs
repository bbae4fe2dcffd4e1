using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Sites;
using PbxGrains.Simulator;

namespace PbxGrains.Grains.Tests.Cluster;

public sealed class RehearsalTests
{
    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_dry_run_asks_the_PBX_for_its_trunks_and_rings_nothing(string firmware)
    {
        await using var lab = await OnlineAsync(firmware);

        var inside = await lab.Site("paris").Originate(DryRun("1001", "1002"));
        var outside = await lab.Site("paris").Originate(DryRun("1001", "0612345678"));

        inside.State.Should().Be(OriginateState.Possible);
        inside.Checks.Should().HaveCount(7).And.OnlyContain(check => check.Verdict == OriginateVerdict.Pass);
        outside.State.Should().Be(OriginateState.Possible);
        outside.Checks!.Single(check => check.Check == OriginateCheckKind.Destination).Facts!["e164"].Should().Be("+33612345678");
        outside.Checks!.Single(check => check.Check == OriginateCheckKind.Route).Facts!["trunks"].Should().Contain("siptrunk");
        lab.Fleet.Pbxs[0].Counters.Originates.Should().Be(0);
        lab.Fleet.Pbxs[0].Calls.Should().BeEmpty();
        (await lab.CountAsync("pbx.originate")).Should().Be(0);
    }

    [Fact]
    public async Task A_dry_run_knows_what_the_PBX_refused_before()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        lab.Fleet.Pbxs[0].Faults.OutboundRevoked = true;
        (await lab.Site("paris").Originate(DryRun("1001", "0612345678") with { DryRun = false })).Refusal.Should().Be(OriginateRefusal.NotPermitted);

        var outcome = await lab.Site("paris").Originate(DryRun("1001", "0612345678"));

        outcome.State.Should().Be(OriginateState.Possible);
        outcome.Checks!.Single(check => check.Check == OriginateCheckKind.Allowed).Finding.Should().Be("refused-before");
    }

    [Fact]
    public async Task A_dry_run_spends_no_key()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);

        _ = await lab.Site("paris").Originate(DryRun("1001", "1002") with { IdempotencyKey = "k" });
        var call = await lab.Site("paris").Originate(DryRun("1001", "1002") with { IdempotencyKey = "k", DryRun = false });

        call.Should().BeEquivalentTo(new { State = OriginateState.Accepted, Replayed = false, Checks = (object?)null });
    }

    [Fact]
    public async Task Of_a_PBX_that_does_not_answer_a_dry_run_pretends_nothing_and_asks_nothing()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        lab.Fleet.Pbxs[0].Faults.Down = true;
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).Health == SiteHealth.Unreachable, "the PBX is out of reach", TimeSpan.FromSeconds(1));
        await lab.PassUntilAsync(async () => !(await lab.Site("paris").GetExtensionListing()).Fresh, "what was known is stale", TimeSpan.FromSeconds(5));

        var outcome = await lab.Site("paris").Originate(DryRun("1001", "0612345678"));

        outcome.Should().BeEquivalentTo(new { State = OriginateState.Refused, Refusal = OriginateRefusal.PbxUnreachable });
        outcome.Checks!.Single(check => check.Check == OriginateCheckKind.Extension).Verdict.Should().Be(OriginateVerdict.Skipped);
        outcome.Checks!.Single(check => check.Check == OriginateCheckKind.Route).Finding.Should().Be("trunks-not-asked");
    }

    private static OriginateRequest DryRun(string extension, string destination) =>
        new() { Extension = ExtensionNumber.Parse(extension), Destination = destination, DryRun = true };

    private static async Task<SiteLab> OnlineAsync(string firmware)
    {
        var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware });
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0], row => row with { Country = "FR" });
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        return lab;
    }
}
