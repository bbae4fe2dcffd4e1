using PbxGrains.Contracts;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Tests.Cluster;
using PbxGrains.Simulator;
using PbxGrains.Storage.Checklists;
using static PbxGrains.Contracts.Checklists.ChecklistVerdict;

namespace PbxGrains.Grains.Tests.Checklists;

public sealed class ChecklistRunTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_who_ask_at_once_read_the_same_run()
    {
        await using var lab = await ChecklistLab.OnlineAsync();

        var starts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => lab.Site("paris").StartChecklist(new ChecklistRequest())));
        var runs = await Task.WhenAll(starts.Select(start => lab.EndAsync(start.RunId!.Value)));

        starts.Select(start => start.RunId).Distinct().Should().ContainSingle();
        starts.Count(start => !start.Joined).Should().Be(1);
        runs.Should().OnlyContain(run => run.RunId == starts[0].RunId && run.FinishedAt != null);
        (await lab.CountAsync("pbx.checklist_run")).Should().Be(1);
        (await lab.Site("paris").ReadChecklist(Guid.NewGuid(), 0, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task A_run_whose_actor_is_gone_is_broken_off_and_can_be_run_again()
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        lab.Fleet.Pbxs[0].Faults.BlackHole = true;
        var start = await lab.Site("paris").StartChecklist(new ChecklistRequest(), Ct);

        // Its session is closed with a word to the PBX, which gets little time for it.
        var leaving = lab.DeactivateAsync("paris");
        await lab.PassUntilAsync(() => Task.FromResult(leaving.IsCompleted), "the actor ends");
        await leaving;
        lab.Fleet.Pbxs[0].Faults.Clear();
        var lost = await lab.EndAsync(start.RunId!.Value);

        (lost.BrokenOff, lost.Verdict).Should().Be((true, Fail));
        (await lab.Service<ChecklistRuns>().LatestAsync("paris", Ct)).Should().BeNull();
        var again = await lab.RunAsync();
        (again.BrokenOff, again.Of("network.tcp").Verdict).Should().Be((false, Pass));
    }

    [Fact]
    public async Task A_site_that_is_switched_off_runs_nothing()
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        await lab.SqlAsync("UPDATE pbx.site SET suspended = true");
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Suspended, "the site is suspended");

        (await lab.Site("paris").StartChecklist(new ChecklistRequest(), Ct)).Refusal.Should().Be(ChecklistRefusal.SiteSuspended);
        (await lab.Site("nowhere").StartChecklist(new ChecklistRequest(), Ct)).Refusal.Should().Be(ChecklistRefusal.SiteUnknown);
    }

    [Fact]
    public async Task A_verdict_that_changes_is_an_event_and_one_that_stays_is_none()
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        _ = await lab.RunAsync();
        _ = await lab.RunAsync();
        lab.Fleet.Pbxs[0].Faults.RevokedEndpoints = ["cdr/"];
        _ = await lab.RunAsync();
        await lab.PassUntilAsync(async () => await EventsAsync(lab) == 1, "the change is told");

        (await lab.CountAsync("pbx.event WHERE type = 'pbx.site.checklist-changed' AND data->>'verdict' = 'fail'" +
            " AND data->'changes' @> '[{\"item\":\"permissions.cdr\",\"verdict\":\"fail\",\"previousVerdict\":\"pass\",\"finding\":\"right-missing\"}]'")).Should().Be(1);
    }

    [Fact]
    public async Task A_test_call_on_request_proves_the_way_back()
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        lab.Fleet.Pbxs[0].PlanNext(new CallPlan { Outcome = CallOutcome.Answered, Ring = TimeSpan.FromSeconds(2), Talk = TimeSpan.FromMinutes(5) });
        var request = new ChecklistRequest { ReturnPath = new ReturnPathCall(ExtensionNumber.Parse("1001"), ExtensionNumber.Parse("1002")) };

        var run = await PassAsync(lab, request);

        run.Of("webhook.return-path").Should().Be((Pass, "record-came-back"));
        var facts = run.Items.Single(i => i.Id == "webhook.return-path").Facts;
        facts["answered"].Should().Be("yes");
        lab.Fleet.Pbxs[0].Cdrs.Should().ContainSingle().Which.CallId.Should().Be(facts["call"]);
        lab.Fleet.Pbxs[0].Cdrs[0].TalkDuration.Should().BeLessThan(60, "the call is hung up once it was answered");
    }

    [Fact]
    public async Task A_test_call_whose_record_stays_away_fails()
    {
        await using var lab = await ChecklistLab.OnlineAsync(pbx => pbx.Faults.DropReports = true);
        lab.Fleet.Pbxs[0].PlanNext(new CallPlan { Outcome = CallOutcome.Answered, Ring = TimeSpan.FromSeconds(1), Talk = TimeSpan.FromSeconds(2) });
        var request = new ChecklistRequest { ReturnPath = new ReturnPathCall(ExtensionNumber.Parse("1001"), ExtensionNumber.Parse("1002")) };

        (await PassAsync(lab, request)).Of("webhook.return-path").Should().Be((Fail, "record-never-came"));
        (await PassAsync(lab, request with { ReturnPath = new ReturnPathCall(ExtensionNumber.Parse("1001"), ExtensionNumber.Parse("4711")) })).Of("webhook.return-path").Should().Be((Fail, "phone-unusable"));
    }

    [Fact]
    public async Task Each_night_brings_one_run_by_the_clock_of_the_site()
    {
        await using var lab = await ChecklistLab.OnlineAsync();

        for (var night = 1; night <= 2; night++)
        {
            // Ten past five in Paris: the minute of every site has come.
            lab.Clock.SetUtcNow(new DateTimeOffset(2026, 3, 2 + night, 4, 10, 0, TimeSpan.Zero));
            await lab.PassUntilAsync(async () => await NightsAsync(lab) == night, "the night's run");
            var rounds = (await lab.Site("paris").GetStatus(Ct)).PollRounds;
            await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus(Ct)).PollRounds > rounds + 2, "some rounds more");
        }

        var runs = await lab.Service<ChecklistRuns>().ListAsync("paris", Ct);
        runs.Select(run => run.Trigger).Should().Equal("nightly", "nightly");
    }

    private static Task<long> NightsAsync(SiteLab lab) => lab.CountAsync("pbx.checklist_run WHERE finished_at IS NOT NULL AND NOT broken_off");

    private static Task<long> EventsAsync(SiteLab lab) => lab.CountAsync("pbx.event WHERE type = 'pbx.site.checklist-changed'");

    /// <summary>Runs a checklist that waits for something, while the clock goes on.</summary>
    private static async Task<ChecklistRun> PassAsync(SiteLab lab, ChecklistRequest request)
    {
        var start = await lab.Site("paris").StartChecklist(request, Ct);
        await lab.PassUntilAsync(async () => (await lab.Service<ChecklistRuns>().FindAsync("paris", start.RunId!.Value, Ct))?.FinishedAt is not null, "the checklist comes to its end");
        return await lab.EndAsync(start.RunId!.Value);
    }
}
