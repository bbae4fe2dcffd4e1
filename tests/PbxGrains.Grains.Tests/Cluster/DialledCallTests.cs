using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Sites;
using PbxGrains.Simulator;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>The records of a call that was dialled here say for whom, whichever way they become known.</summary>
public sealed class DialledCallTests
{
    private static readonly OriginateRequest Call = new()
    {
        Extension = ExtensionNumber.Parse("1001"),
        Destination = "1002",
        AgentId = "agent-7",
        Reference = "deal 4711",
    };

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_pushed_record_names_agent_and_reference(string firmware)
    {
        await using var lab = await OnlineAsync(firmware);

        var outcome = await lab.Site("paris").Originate(Call);
        await lab.PassUntilAsync(async () => (await lab.LedgerAsync()).Count == 1, "the record is pushed");

        var record = (await lab.LedgerAsync()).Should().ContainSingle().Which;
        record.Should().BeEquivalentTo(new { CallId = outcome.CallId!.Value.Value, AgentId = "agent-7", Reference = "deal 4711", Source = RecordedSource.Push, Revision = 0 });
    }

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_record_found_hours_later_by_another_activation_names_them_too(string firmware)
    {
        await using var lab = await OnlineAsync(firmware);
        var pbx = lab.Fleet.Pbxs[0];
        pbx.Faults.DropReports = true;
        _ = await lab.Site("paris").Originate(Call);
        await lab.PassUntilAsync(() => Task.FromResult(pbx.Cdrs.Count == 1), "the call ends untold");
        pbx.Faults.Down = true;
        await lab.DeactivateAsync("paris");
        await lab.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(10), "paris");

        pbx.Faults.Clear();
        await lab.PassUntilAsync(async () => (await lab.LedgerAsync()).Count == 1, "catch-up finds the record", TimeSpan.FromSeconds(2));

        (await lab.LedgerAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { AgentId = "agent-7", Reference = "deal 4711", Source = RecordedSource.CatchUp });
    }

    [Fact]
    public async Task A_record_known_before_its_dial_was_recognised_learns_of_it()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        var pbx = lab.Fleet.Pbxs[0];
        var dialledAt = lab.Clock.GetUtcNow();
        _ = await pbx.PlaceCallAsync("1001", "1002");
        await lab.PassUntilAsync(async () => (await lab.LedgerAsync()) is [{ AgentId: null, PushedAt: not null }], "the record is pushed");

        // A process that dialled was killed before it could write down what the PBX answered.
        var row = new OriginateRow { OriginateId = Guid.NewGuid(), SiteId = "paris", Extension = "1001", Destination = "1002", RequestHash = [], State = OriginateRowState.Dialling, CreatedAt = dialledAt, AgentId = "agent-7", Reference = "deal 4711" };
        _ = await lab.Service<Originates>().BeginAsync(row, CancellationToken.None);
        await lab.DeactivateAsync("paris");
        await lab.PassUntilAsync(async () => (await lab.LedgerAsync()) is [{ AgentId: not null }], "the dial is recognised", TimeSpan.FromSeconds(1));

        (await lab.LedgerAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { AgentId = "agent-7", Reference = "deal 4711", Revision = 1 });
        (await lab.Site("paris").FindOriginate(row.OriginateId)).Should().BeEquivalentTo(new { State = OriginateState.Accepted, CallId = CallId.Parse(pbx.Cdrs[0].CallId) });
    }

    [Fact]
    public async Task A_dial_given_up_while_the_PBX_was_out_of_reach_is_recognised_by_the_record_catch_up_finds()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        var pbx = lab.Fleet.Pbxs[0];
        (pbx.Faults.LoseOriginateAnswer, pbx.Faults.DropReports) = (true, true);
        var dial = lab.Site("paris").Originate(Call);
        await lab.PassUntilAsync(() => Task.FromResult(pbx.Calls.Count > 0), "the call starts");
        pbx.Faults.Down = true;
        await lab.PassUntilAsync(() => Task.FromResult(dial.IsCompleted), "the answer is given up", TimeSpan.FromSeconds(1));
        var id = (await dial).OriginateId;
        await lab.PassUntilAsync(() => Task.FromResult(pbx.Cdrs.Count == 1), "the call ends untold", TimeSpan.FromSeconds(1));
        await lab.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1), "paris");

        pbx.Faults.Clear();
        await lab.PassUntilAsync(async () => (await lab.LedgerAsync()) is [{ AgentId: "agent-7" }], "the record names the agent", TimeSpan.FromSeconds(2));

        (await lab.Site("paris").FindOriginate(id)).Should().BeEquivalentTo(new { State = OriginateState.Accepted, CallId = CallId.Parse(pbx.Cdrs[0].CallId) });
    }

    [Fact]
    public async Task A_call_dialled_by_hand_names_nobody()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);

        _ = await lab.Fleet.Pbxs[0].PlaceCallAsync("1001", "1002");
        await lab.PassUntilAsync(async () => (await lab.LedgerAsync()).Count == 1, "the record is pushed");

        (await lab.LedgerAsync())[0].Should().BeEquivalentTo(new { AgentId = (string?)null, Reference = (string?)null });
    }

    private static async Task<SiteLab> OnlineAsync(string firmware)
    {
        var one = new TimeSpanRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware, RingTime = one, TalkTime = one });
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        return lab;
    }
}
