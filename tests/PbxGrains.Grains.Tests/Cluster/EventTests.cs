using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using PbxGrains.Contracts.Events;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Simulator;
using PbxGrains.Storage.Agents;
using PbxGrains.Storage.Events;
using PbxGrains.Testing;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Grains.Tests.Cluster;

public sealed class EventTests
{
    private const string Ringing = """{"event":"CallStatus","callid":"1772441000.14","members":[{"inbound":{"from":"7005550142","to":"1001","trunkname":"siptrunk","memberstatus":"ALERT"}},{"ext":{"number":"1001","memberstatus":"RING"}}]}""";

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_call_rings_is_answered_and_ends_once_each_whatever_becomes_of_its_reports_and_of_the_actor(string firmware)
    {
        await using var lab = await OnlineAsync(firmware);
        var pbx = lab.Fleet.Pbxs[0];
        (pbx.Faults.ReportsDuplicated, pbx.Faults.ReportsSwapped) = (true, true);

        var call = await pbx.PlaceInboundCallAsync("7005550142", "1001");
        await lab.PassUntilAsync(async () => (await TypesAsync(lab, call)).Contains(EventTypes.CallAnswered), "the answer is told");
        await lab.DeactivateAsync("paris");
        await lab.PassUntilAsync(async () => (await TypesAsync(lab, call)).Contains(EventTypes.CallEnded), "the end is told", TimeSpan.FromMilliseconds(500));
        pbx.Faults.Clear();
        await pbx.SetExtensionStatusAsync("1005", ExtensionStatus.Unavailable);
        await lab.PassUntilAsync(() => Task.FromResult(pbx.ReportsWaiting == 0), "all reports are delivered");

        // Without a session nothing is pushed: then catch-up finds the record.
        await lab.PassUntilAsync(async () => await lab.CountAsync("pbx.event WHERE type = 'pbx.cdr.recorded'") > 0, "the record is told", TimeSpan.FromSeconds(2));

        (await TypesAsync(lab, call)).Should().Equal(EventTypes.CallRinging, EventTypes.CallAnswered, EventTypes.CallEnded);
        (await lab.CountAsync("pbx.event WHERE type = 'pbx.cdr.recorded'")).Should().Be(1);
    }

    [Fact]
    public async Task A_report_whose_events_cannot_be_stored_is_not_taken_until_it_is_repeated()
    {
        await using var lab = await OnlineAsync();
        await lab.SqlAsync("ALTER FUNCTION pbx.append_events RENAME TO append_events_away");

        (await TakeAsync(lab, Ringing)).Should().Be(ReportReceipt.NotStored);

        await lab.SqlAsync("ALTER FUNCTION pbx.append_events_away RENAME TO append_events");
        await TakenAsync(lab, Ringing);
        (await TypesAsync(lab, "1772441000.14")).Should().Equal(EventTypes.CallRinging);
        (await lab.CountAsync("pbx.event WHERE type = 'pbx.extension.status' AND subject = 'extensions/1001' AND data->>'status' = 'ringing'")).Should().Be(1);
    }

    [Fact]
    public async Task A_ringing_phone_names_the_agent_it_belongs_to()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5 });
        await lab.Service<AgentDirectory>().UpsertAsync([new AgentRow("jana", "Jana", "paris", "1001", Mobile: null)], CancellationToken.None);
        await RegisterAsync(lab);

        await TakenAsync(lab, Ringing);

        var told = (await OfCallAsync(lab, "1772441000.14")).Should().ContainSingle().Which.Event;
        told.AgentId.Should().Be("jana");
        var data = JsonSerializer.Deserialize(told.Data, EventJson.Words.CallEvent)!;
        (data.AgentId, data.Caller, data.Trunk, data.Did).Should().Be(("jana", "7005550142", "siptrunk", "1001"));
    }

    [Fact]
    public async Task An_actor_that_starts_anew_tells_only_what_changed_meanwhile()
    {
        await using var lab = await OnlineAsync();
        await Eventually.Holds(async () => await lab.CountAsync("pbx.event WHERE type = 'pbx.extension.status'") == 5, "every extension is told");
        var pbx = lab.Fleet.Pbxs[0];
        pbx.Faults.DropReports = true;
        await pbx.SetExtensionStatusAsync("1002", ExtensionStatus.Unavailable);

        await lab.DeactivateAsync("paris");
        await lab.PassUntilAsync(async () => await lab.CountAsync("pbx.event WHERE type = 'pbx.extension.status'") > 5, "the difference is told");
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).PollRounds >= 3, "some rounds more");

        (await lab.CountAsync("pbx.event WHERE type = 'pbx.extension.status'")).Should().Be(6);
        (await lab.CountAsync("pbx.event WHERE type = 'pbx.extension.status' AND subject = 'extensions/1002' AND data->>'previousStatus' = 'idle' AND data->>'status' = 'unregistered'")).Should().Be(1);
        (await lab.CountAsync("pbx.event WHERE type = 'pbx.site.health'")).Should().Be(1);
    }

    private static async Task<SiteLab> OnlineAsync(string firmware = FleetOptions.NewFirmware)
    {
        var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware });
        await RegisterAsync(lab);
        return lab;
    }

    private static async Task RegisterAsync(SiteLab lab)
    {
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
    }

    /// <summary>Repeats a report until it is taken, as a PBX does.</summary>
    private static async Task TakenAsync(SiteLab lab, string body) =>
        _ = await Eventually.Holds(async () => await TakeAsync(lab, body) == ReportReceipt.Taken, "the report is taken");

    private static Task<ReportReceipt> TakeAsync(SiteLab lab, string body) =>
        lab.Site("paris").TakeReport(new IncomingReport(ImmutableArray.Create(Encoding.UTF8.GetBytes(body)), lab.Clock.GetUtcNow(), "127.0.0.1"));

    private static async Task<IReadOnlyList<LoggedEvent>> OfCallAsync(SiteLab lab, string call) =>
        [.. (await lab.Service<EventReader>().OfCallAsync("paris", call, CancellationToken.None)).Where(e => e.Event.Type.StartsWith("pbx.call.", StringComparison.Ordinal))];

    private static async Task<IReadOnlyList<string>> TypesAsync(SiteLab lab, string call) => [.. (await OfCallAsync(lab, call)).Select(e => e.Event.Type)];
}
