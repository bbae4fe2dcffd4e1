using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Placement;
using PbxGrains.Simulator;
using ExtensionStatus = PbxGrains.Contracts.Extensions.ExtensionStatus;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>Sites on several silos: who hosts them, and what becomes of them when silos come and go.</summary>
public sealed class MoveTests
{
    private const int Sites = 8;
    private const string HealthEvents = "pbx.event WHERE type = 'pbx.site.health'";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Sites_move_to_workers_that_join_with_their_session_until_all_have_their_part_and_no_report_is_lost()
    {
        await using var lab = await OnlineAsync(SiloKind.Front);
        var front = AddressOf(lab.Service<ILocalSiloDetails>());
        (await HomesAsync(lab)).Should().OnlyContain(home => home == front, "there is no worker yet");

        var workers = new[] { await lab.AddSiloAsync(SiloKind.Worker), await lab.AddSiloAsync(SiloKind.Worker) }.Select(w => AddressOf(w.Services.GetRequiredService<ILocalSiloDetails>())).ToList();
        var calls = new List<(string Site, string Call)>();
        await lab.PassUntilAsync(
            async () =>
            {
                var call = (Site: $"site-{calls.Count % Sites}", Call: $"{1772438800 + calls.Count}.14");
                (await TakeAsync(lab, call.Site, $$"""{"event":"NewCdr","callid":"{{call.Call}}","timestart":"2026-03-02 09:06:40","callfrom":"1001","callto":"1002","callduraction":"25","talkduraction":"16","status":"ANSWERED","type":"Internal"}""")).Should().Be(ReportReceipt.Taken);
                calls.Add(call);
                return (await HomesAsync(lab)).CountBy(home => home).ToDictionary() is var homes && workers.TrueForAll(w => homes.GetValueOrDefault(w) == Sites / 2);
            },
            "both workers have their part",
            Step);

        (await lab.LedgerAsync()).Select(r => (r.SiteId, r.CallId!)).Should().BeEquivalentTo(calls);

        // The lab's clock lets sites move in the very moment in which the directory of actors changes hands, which real ones let
        // pass: a site that is caught there starts afresh. One session it has all the same. That sites take their sessions along
        // is shown by real processes.
        await lab.PassUntilAsync(async () => await AllOnlineAsync(lab, s => s.PollRounds > 2) && lab.Fleet.Pbxs.All(pbx => pbx.Counters.LiveSessions == 1), "all are polled again", Step);
        lab.Fleet.Pbxs.Should().OnlyContain(pbx => pbx.Counters.LoginsTried <= 3 && pbx.Counters.LoginsFailed == 0);
        await lab.PassUntilAsync(() => ExtensionsAreBesideAsync(lab), "extensions follow their sites", Step);
    }

    [Fact]
    public async Task A_silo_that_stops_hands_over_sessions_and_all_it_knows()
    {
        await using var lab = await OnlineAsync(SiloKind.Worker);
        _ = await TakeAsync(lab, "site-0", """{"event":"CallStatus","callid":"1772442000.14","members":[{"ext":{"number":"1003","channelid":"PJSIP/1003-1","memberstatus":"RING"}}]}""");
        _ = await Testing.Eventually.Holds(async () => (await StatusAsync(lab, "site-0")).RunningCalls == 1, "the call shows");
        var before = await StatusAsync(lab, "site-0");
        var leaving = lab.FirstSilo;
        await AddSuccessorAsync(lab);
        var left = AddressOf(leaving.Services.GetRequiredService<ILocalSiloDetails>());

        await lab.StopSiloAsync(leaving);

        (await HomesAsync(lab)).Should().NotContain(left);
        var after = await StatusAsync(lab, "site-0");
        after.Should().BeEquivalentTo(new { before.Health, before.Since, before.Reason, before.SerialNumber, before.Firmware, before.Push, before.LastReportAt, before.RunningCalls });
        after.Extensions.Should().Contain(ExtensionStatus.Ringing, 1);
        (await lab.Site("site-0").ListCalls()).Should().ContainSingle().Which.Legs.Should().ContainSingle();
        await lab.PassUntilAsync(() => AllOnlineAsync(lab, s => s.LastPollAt > before.LastPollAt), "all are polled again", Step);
        lab.Fleet.Pbxs.Should().OnlyContain(pbx => pbx.Counters.LoginsTried == 1 && pbx.Counters.LiveSessions == 1);
        (await lab.CountAsync(HealthEvents)).Should().Be(Sites, "to everybody else nothing changed");
    }

    [Fact]
    public async Task A_silo_with_nobody_to_hand_over_to_logs_out()
    {
        await using var lab = await OnlineAsync(SiloKind.Worker);

        await lab.StopSiloAsync(lab.FirstSilo);

        lab.Fleet.Pbxs.Should().OnlyContain(pbx => pbx.Counters.LiveSessions == 0 && pbx.Counters.LoginsTried == 1);
    }

    [Fact]
    public async Task A_session_the_PBX_has_forgotten_meanwhile_costs_one_login()
    {
        await using var lab = await OnlineAsync(SiloKind.Worker);
        var leaving = lab.FirstSilo;
        await AddSuccessorAsync(lab);
        lab.Fleet.Pbxs[0].Faults.DropReports = true;
        await lab.Fleet.Pbxs[0].RebootAsync();

        await lab.StopSiloAsync(leaving);

        await lab.PassUntilAsync(() => AllOnlineAsync(lab, s => s.PollRounds > 0), "all are polled again", Step);
        await lab.PassUntilAsync(() => Task.FromResult(lab.Fleet.Pbxs[0].Counters.LoginsTried == 2), "a new login where the old session was forgotten", Step);
        lab.Fleet.Pbxs.Skip(1).Should().OnlyContain(pbx => pbx.Counters.LoginsTried == 1);
    }

    [Fact]
    public async Task An_actor_that_finds_anothers_login_gives_up_its_session_before_it_asks_the_PBX_again()
    {
        await using var lab = await OnlineAsync(SiloKind.Worker);
        await AddSuccessorAsync(lab);
        var asked = lab.Fleet.Pbxs.ToDictionary(pbx => pbx.Index, Asked);

        // As another activation of each site would do, before it logs in.
        await lab.SqlAsync("UPDATE orleans.grain_state SET version = version + 1 WHERE state_name = 'site-login'");
        await lab.PassUntilAsync(
            () =>
            {
                lab.Fleet.Pbxs.Where(pbx => pbx.Counters.LoginsTried == 1 && Asked(pbx) != asked[pbx.Index]).Should().BeEmpty("nothing is asked with the old session");
                return Task.FromResult(lab.Fleet.Pbxs.All(pbx => pbx.Counters.LiveSessions == 0 || pbx.Counters.LoginsTried > 1));
            },
            "the sessions are given up");

        await lab.PassUntilAsync(() => AllOnlineAsync(lab, s => s.PollRounds > 0), "the site is started again", Step);
        lab.Fleet.Pbxs.Should().OnlyContain(pbx => pbx.Counters.LoginsTried == 2 && pbx.Counters.LiveSessions == 1 && pbx.Counters.OldSessionsUsed == 0);

        static long Asked(SimulatedPbx pbx) => pbx.Counters.Requests.Where(request => !request.Key.EndsWith("logout", StringComparison.Ordinal)).Sum(request => request.Value);
    }

    private static async Task<SiteLab> OnlineAsync(SiloKind first)
    {
        var lab = await SiteLab.StartAsync(new FleetOptions { Sites = Sites, Extensions = 3, Firmware = FleetOptions.NewFirmware }, first: first);
        foreach (var pbx in lab.Fleet.Pbxs)
        {
            _ = await lab.RegisterAsync($"site-{pbx.Index}", pbx);
        }

        await lab.PassUntilAsync(() => AllOnlineAsync(lab, s => s.SerialNumber is not null), "all sites are online");
        _ = await Testing.Eventually.Holds(async () => await lab.CountAsync(HealthEvents) == Sites, "that is told");
        return lab;
    }

    /// <summary>Another worker, which the first silo knows of. The clock stands still, so no site moves to it yet.</summary>
    private static async Task AddSuccessorAsync(SiteLab lab)
    {
        _ = await lab.AddSiloAsync(SiloKind.Worker);
        _ = await Testing.Eventually.Holds(() => lab.Service<SiteShares>().Current.Silos.Count == 2, "the first silo knows of the second");
    }

    private static async Task<bool> AllOnlineAsync(SiteLab lab, Func<SiteStatus, bool> and) =>
        (await StatusesAsync(lab)).All(s => s.Health == SiteHealth.Online && and(s));

    private static Task<SiteStatus[]> StatusesAsync(SiteLab lab) => Task.WhenAll(lab.Fleet.Pbxs.Select(p => StatusAsync(lab, $"site-{p.Index}")));

    private static Task<SiteStatus> StatusAsync(SiteLab lab, string site) => lab.Site(site).GetStatus();

    private static async Task<IReadOnlyList<string>> HomesAsync(SiteLab lab) => [.. (await StatusesAsync(lab)).Select(s => s.Silo!)];

    private static string AddressOf(ILocalSiloDetails silo) => silo.SiloAddress.ToParsableString();

    private static async Task<bool> ExtensionsAreBesideAsync(SiteLab lab)
    {
        var management = lab.Grains.GetGrain<IManagementGrain>(0);
        foreach (var pbx in lab.Fleet.Pbxs)
        {
            var home = (await StatusAsync(lab, $"site-{pbx.Index}")).Silo;
            foreach (var number in new[] { "1001", "1002", "1003" })
            {
                _ = await lab.ExtensionAsync($"site-{pbx.Index}", number);
                var extension = lab.Grains.GetGrain<IExtensionGrain>(new ExtensionId(SiteId.Parse($"site-{pbx.Index}"), ExtensionNumber.Parse(number)).GrainKey);
                if ((await management.GetActivationAddress(extension))?.ToParsableString() != home)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static async Task<ReportReceipt> TakeAsync(SiteLab lab, string site, string body)
    {
        var receipt = ReportReceipt.NotStored;
        _ = await Testing.Eventually.Holds(
            async () => (receipt = await lab.Site(site).TakeReport(new IncomingReport(ImmutableArray.Create(Encoding.UTF8.GetBytes(body)), lab.Clock.GetUtcNow(), "127.0.0.1"))) != ReportReceipt.NotStored,
            "the report is stored");
        return receipt;
    }
}
