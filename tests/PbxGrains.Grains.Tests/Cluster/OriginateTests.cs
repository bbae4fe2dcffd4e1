using System.Text;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Simulator;
using PbxGrains.Storage.Calls;
using CallState = PbxGrains.Contracts.Calls.CallState;
using ExtensionStatus = PbxGrains.Contracts.Extensions.ExtensionStatus;

namespace PbxGrains.Grains.Tests.Cluster;

public sealed class OriginateTests
{
    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_call_rings_talks_and_ends_and_the_extensions_follow(string firmware)
    {
        await using var lab = await OnlineAsync(firmware);

        var outcome = await lab.Site("paris").Originate(Call("1001", "1002"));

        outcome.State.Should().Be(OriginateState.Accepted);
        await lab.PassUntilAsync(async () => (await lab.ExtensionAsync("paris", "1002"))!.Status == ExtensionStatus.Ringing, "the callee rings");
        await lab.PassUntilAsync(async () => (await lab.Site("paris").FindCall(outcome.CallId!.Value))!.State == CallState.Talking, "both talk");
        (await lab.ExtensionAsync("paris", "1001")).Should().BeEquivalentTo(new { Status = ExtensionStatus.Busy, CurrentCall = outcome.CallId, TalkingTo = "1002" });
        await lab.PassUntilAsync(async () => (await lab.Site("paris").FindCall(outcome.CallId!.Value))!.State == CallState.Ended, "the call ends");
        await lab.PassUntilAsync(async () => (await lab.ExtensionAsync("paris", "1001"))!.Status == ExtensionStatus.Idle, "the caller is free");
        (await lab.ExtensionAsync("paris", "1001"))!.CurrentCall.Should().BeNull();
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_then_resolved_and_never_dialled_twice()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        lab.Fleet.Pbxs[0].Faults.LoseOriginateAnswer = true;

        var dial = lab.Site("paris").Originate(Call("1001", "1002") with { IdempotencyKey = "once" });
        await lab.PassUntilAsync(() => Task.FromResult(dial.IsCompleted), "the answer is given up", TimeSpan.FromSeconds(1));
        var outcome = await dial;
        lab.Fleet.Pbxs[0].Faults.LoseOriginateAnswer = false;

        outcome.State.Should().Be(OriginateState.Unknown);
        var dialled = lab.Fleet.Pbxs[0].Calls.Should().ContainSingle().Which.CallId;
        OriginateOutcome? found = null;
        await lab.PassUntilAsync(async () => (found = await lab.Site("paris").FindOriginate(outcome.OriginateId))!.State == OriginateState.Accepted, "the call is recognised");
        found!.CallId!.Value.Value.Should().Be(dialled);
        var again = await lab.Site("paris").Originate(Call("1001", "1002") with { IdempotencyKey = "once" });
        again.Should().BeEquivalentTo(new { State = OriginateState.Accepted, found.CallId, Replayed = true });
        lab.Fleet.Pbxs[0].Counters.Originates.Should().Be(1);
    }

    [Fact]
    public async Task A_dial_that_left_no_trace_turns_out_not_started()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, answersWithin: TimeSpan.FromSeconds(10));
        lab.Fleet.Pbxs[0].Faults.BlackHole = true;
        var dial = lab.Site("paris").Originate(Call("1001", "1002"));
        await lab.PassUntilAsync(() => Task.FromResult(dial.IsCompleted), "the answer is given up", TimeSpan.FromSeconds(1));
        lab.Fleet.Pbxs[0].Faults.BlackHole = false;

        (await dial).State.Should().Be(OriginateState.Unknown);
        OriginateOutcome? found = null;
        var id = (await dial).OriginateId;
        await lab.PassUntilAsync(async () => (found = await lab.Site("paris").FindOriginate(id))!.State == OriginateState.Refused, "no call started", TimeSpan.FromMilliseconds(500));

        found!.Refusal.Should().Be(OriginateRefusal.NotStarted);
        lab.Fleet.Pbxs[0].Counters.Originates.Should().Be(0);
    }

    [Fact]
    public async Task The_record_of_an_earlier_call_to_the_same_number_says_nothing_about_a_lost_dial()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware, answersWithin: TimeSpan.FromSeconds(10));
        var pbx = lab.Fleet.Pbxs[0];
        var first = (await lab.Site("paris").Originate(Call("1001", "1002"))).CallId!.Value;
        await lab.PassUntilAsync(async () => (await lab.Site("paris").FindCall(first))!.State == CallState.Ended, "the first call ends");
        await lab.DeactivateAsync("paris");
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Online, "the site is back");

        pbx.Faults.BlackHole = true;
        var redial = lab.Site("paris").Originate(Call("1001", "1002"));
        await lab.PassUntilAsync(() => Task.FromResult(redial.IsCompleted), "the answer is given up", TimeSpan.FromSeconds(1));
        pbx.Faults.BlackHole = false;
        (await redial).State.Should().Be(OriginateState.Unknown);
        (await lab.Site("paris").TakeReport(RecordOf(lab, first))).Should().Be(ReportReceipt.Taken);

        OriginateOutcome? found = null;
        await lab.PassUntilAsync(async () => (found = await lab.Site("paris").FindOriginate(redial.Result.OriginateId))!.State != OriginateState.Unknown, "what became of the redial", TimeSpan.FromMilliseconds(500));
        found.Should().BeEquivalentTo(new { State = OriginateState.Refused, Refusal = OriginateRefusal.NotStarted, CallId = (CallId?)null });
        pbx.Counters.Originates.Should().Be(1);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_answer_and_another_call_under_it_is_refused()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        var first = await lab.Site("paris").Originate(Call("1001", "1002") with { IdempotencyKey = "k" });

        var second = await lab.Site("paris").Originate(Call("1001", "1002") with { IdempotencyKey = "k" });
        var other = await lab.Site("paris").Originate(Call("1003", "1002") with { IdempotencyKey = "k" });

        second.Should().BeEquivalentTo(first with { Replayed = true });
        other.Refusal.Should().Be(OriginateRefusal.IdempotencyConflict);
        lab.Fleet.Pbxs[0].Counters.Originates.Should().Be(1);
    }

    [Fact]
    public async Task Callers_that_come_together_with_one_key_start_one_call()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => lab.Site("paris").Originate(Call("1001", "1002") with { IdempotencyKey = "k" })));

        lab.Fleet.Pbxs[0].Counters.Originates.Should().Be(1);
        outcomes.Select(o => o.OriginateId).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task Two_dials_of_one_moment_do_not_both_ring_the_same_phone()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        lab.Fleet.Pbxs[0].Faults.Slow = TimeSpan.FromSeconds(1);
        List<Task<OriginateOutcome>> dials = [lab.Site("paris").Originate(Call("1001", "1002")), lab.Site("paris").Originate(Call("1001", "1003"))];

        // The clock stands still, so whoever was first waits for the PBX.
        var second = await Task.WhenAny(dials);

        (await second).Should().BeEquivalentTo(new { State = OriginateState.Refused, Refusal = OriginateRefusal.ExtensionBusy });
        var first = dials.Single(dial => dial != second);
        lab.Fleet.Pbxs[0].Faults.Clear();
        await lab.PassUntilAsync(() => Task.FromResult(first.IsCompleted), "the first is answered");
        (await first).State.Should().Be(OriginateState.Accepted);
        lab.Fleet.Pbxs[0].Counters.Originates.Should().Be(1);
    }

    [Fact]
    public async Task A_dial_that_a_killed_process_left_open_is_taken_up_and_stays_unknown()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5 });
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0], row => row with { Suspended = true });
        var row = new OriginateRow { OriginateId = Guid.NewGuid(), SiteId = "paris", Extension = "1001", Destination = "1002", RequestHash = [], State = OriginateRowState.Dialling, CreatedAt = lab.Clock.GetUtcNow() };
        _ = await lab.Service<Originates>().BeginAsync(row, CancellationToken.None);

        await lab.SqlAsync("UPDATE pbx.site SET suspended = false WHERE site_id = 'paris'");

        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Online, "the site comes online");
        OriginateOutcome? found = null;
        await lab.PassUntilAsync(async () => (found = await lab.Site("paris").FindOriginate(row.OriginateId))!.Message is not null, "it is given up", TimeSpan.FromSeconds(5));
        found.Should().BeEquivalentTo(new { State = OriginateState.Unknown, Refusal = (OriginateRefusal?)null });
    }

    [Fact]
    public async Task What_cannot_ring_is_refused_with_its_reason_and_without_asking_the_PBX()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        await lab.Fleet.Pbxs[0].SetExtensionStatusAsync("1001", Simulator.ExtensionStatus.Unavailable);
        await lab.Fleet.Pbxs[0].SetExtensionStatusAsync("1002", Simulator.ExtensionStatus.Busy);
        await lab.PassUntilAsync(async () => (await lab.ExtensionAsync("paris", "1002"))!.Status == ExtensionStatus.Busy && (await lab.ExtensionAsync("paris", "1001"))!.Status == ExtensionStatus.Unregistered, "the states are known");
        var site = lab.Site("paris");

        (await site.Originate(Call("1001", "1003"))).Refusal.Should().Be(OriginateRefusal.ExtensionUnregistered);
        (await site.Originate(Call("1002", "1003"))).Refusal.Should().Be(OriginateRefusal.ExtensionBusy);
        (await site.Originate(Call("7777", "1003"))).Refusal.Should().Be(OriginateRefusal.ExtensionUnknown);
        (await site.Originate(Call("1003", "1001") with { DryRun = true })).State.Should().Be(OriginateState.Possible);
        (await site.Originate(Call("1002", "1003") with { DryRun = true })).State.Should().Be(OriginateState.Refused);
        lab.Fleet.Pbxs[0].Counters.Originates.Should().Be(0);
        foreach (var (extension, refusal) in new[] { ("1001", "extensionUnregistered"), ("1002", "extensionBusy"), ("7777", "extensionUnknown") })
        {
            await lab.PassUntilAsync(
                async () => await lab.CountAsync($"pbx.event WHERE type = 'pbx.originate.failed' AND extensions = ARRAY['{extension}'] AND data->>'refusal' = '{refusal}' AND data->>'destination' = '1003'") == 1,
                $"the refusal of {extension} is told");
        }

        (await lab.CountAsync("pbx.event WHERE type = 'pbx.originate.failed'")).Should().Be(3, "a dry run is no dial");
    }

    [Fact]
    public async Task A_PBX_that_refuses_the_number_is_quoted_with_its_code()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        lab.Fleet.Pbxs[0].Faults.OutboundRevoked = true;

        var outcome = await lab.Site("paris").Originate(Call("1001", "97005550142"));

        outcome.Should().BeEquivalentTo(new { State = OriginateState.Refused, Refusal = OriginateRefusal.NotPermitted, PbxErrorCode = "10024" });
    }

    [Fact]
    public async Task A_PBX_out_of_reach_refuses_at_once_and_nothing_is_dialled_later()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        lab.Fleet.Pbxs[0].Faults.Down = true;

        var outcome = await lab.Site("paris").Originate(Call("1001", "1002"));

        outcome.Refusal.Should().Be(OriginateRefusal.PbxUnreachable);
        await lab.PassUntilAsync(
            async () => await lab.CountAsync($"pbx.event WHERE type = 'pbx.originate.failed' AND subject = 'originates/{outcome.OriginateId}' AND data->>'refusal' = 'pbxUnreachable'") == 1,
            "the refusal is told");
    }

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_call_is_hung_up_on_command(string firmware)
    {
        await using var lab = await OnlineAsync(firmware);
        var call = (await lab.Site("paris").Originate(Call("1001", "1002"))).CallId!.Value;
        await lab.PassUntilAsync(async () => (await lab.Site("paris").FindCall(call))!.State == CallState.Talking, "both talk");

        var outcome = await lab.Site("paris").Command(call, new HangUp(Extension: null));

        outcome.Result.Should().Be(CallCommandResult.Done);
        await lab.PassUntilAsync(async () => (await lab.Site("paris").FindCall(call))!.State == CallState.Ended, "the call ends");
        (await lab.Site("paris").Command(call, new HangUp(Extension: null))).Result.Should().Be(CallCommandResult.CallNotFound);
    }

    [Fact]
    public async Task A_command_that_meets_the_end_of_the_session_is_given_again_with_a_new_one()
    {
        await using var lab = await OnlineAsync(FleetOptions.NewFirmware);
        await lab.Fleet.Pbxs[0].RebootAsync();

        var outcome = await lab.Site("paris").Command(CallId.Parse("1772442000.14"), new HangUp(Extension: null));

        outcome.Result.Should().Be(CallCommandResult.CallNotFound, "the PBX itself says so");
        lab.Fleet.Pbxs[0].Counters.LoginsTried.Should().Be(2);
    }

    private static OriginateRequest Call(string extension, string destination) => new() { Extension = ExtensionNumber.Parse(extension), Destination = destination };

    private static IncomingReport RecordOf(SiteLab lab, CallId call)
    {
        var text = $$"""{"event":"NewCdr","callid":"{{call.Value}}","timestart":"2026-03-02 09:00:00","callfrom":"1001","callto":"1002","callduraction":"5","talkduraction":"3","status":"ANSWERED","type":"Internal"}""";
        return new IncomingReport([.. Encoding.UTF8.GetBytes(text)], lab.Clock.GetUtcNow(), "127.0.0.1", ReportProof.Secret);
    }

    private static async Task<SiteLab> OnlineAsync(string firmware, TimeSpan? answersWithin = null)
    {
        var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware }, answersWithin: answersWithin);
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        return lab;
    }
}
