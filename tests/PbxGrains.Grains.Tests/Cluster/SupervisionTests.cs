using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Simulator;
using PbxGrains.Storage.Sites;
using ExtensionStatus = PbxGrains.Contracts.Extensions.ExtensionStatus;

namespace PbxGrains.Grains.Tests.Cluster;

public sealed class SupervisionTests
{
    [Theory]
    [InlineData(FleetOptions.NewFirmware, "2.0.0")]
    [InlineData(FleetOptions.OldFirmware, "1.1.0")]
    public async Task A_site_saved_in_the_directory_is_polled_without_any_restart(string firmware, string dialect)
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5, Firmware = firmware });

        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);

        var status = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        status.Should().BeEquivalentTo(new { lab.Fleet.Pbxs[0].SerialNumber, Dialect = dialect, Firmware = firmware });
        status.Extensions.Should().Equal(new Dictionary<ExtensionStatus, int> { [ExtensionStatus.Idle] = 5 });
    }

    [Theory]
    [InlineData("address = 'paris'", SiteHealth.Degraded, SiteHealthReason.Incomplete, "*not a URL*")]
    [InlineData("password_cipher = ''", SiteHealth.Degraded, SiteHealthReason.Incomplete, "*no password yet*")]
    [InlineData("password_cipher = '\\x00ff'", SiteHealth.Degraded, SiteHealthReason.SecretUnreadable, "*another key ring*")]
    public async Task A_row_that_somebody_else_broke_says_what_is_wrong_with_it(string change, SiteHealth health, SiteHealthReason reason, string detail)
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);

        await lab.SqlAsync($"UPDATE pbx.site SET {change}");

        var status = await lab.StatusAsync("paris", s => s.Health == health && s.Reason == reason, "the site says so");
        status.Detail.Should().Match(detail);
    }

    [Fact]
    public async Task A_queue_that_does_not_exist_is_unknown()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);

        (await lab.Site("paris").GetQueue("9999")).Failure.Should().Be("queue-unknown");
    }

    [Fact]
    public async Task A_change_found_by_polling_shows_within_one_period()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);
        lab.Fleet.Pbxs[0].Faults.DropReports = true;
        await lab.Fleet.Pbxs[0].SetExtensionStatusAsync("1002", Simulator.ExtensionStatus.Busy);
        var changedAt = lab.Clock.GetUtcNow();

        await lab.PassUntilAsync(async () => (await lab.ExtensionAsync("paris", "1002"))!.Status == ExtensionStatus.Busy, "the poll finds the change");

        var view = await lab.ExtensionAsync("paris", "1002");
        view!.Source.Should().Be(KnowledgeSource.Poll);

        // One period, and what the clock went on while the round was under way; not two.
        (view.Since!.Value - changedAt).Should().BeLessThan(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_pushed_change_shows_while_the_clock_stands_still()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);

        await lab.Fleet.Pbxs[0].SetExtensionStatusAsync("1002", Simulator.ExtensionStatus.Busy);

        _ = await Testing.Eventually.Holds(async () => (await lab.ExtensionAsync("paris", "1002"))!.Status == ExtensionStatus.Busy, "the push arrives");
        (await lab.ExtensionAsync("paris", "1002"))!.Source.Should().Be(KnowledgeSource.Push);
        (await lab.Site("paris").GetStatus()).Push.Should().Be(PushState.Proven);
    }

    [Fact]
    public async Task Knowledge_turns_unknown_when_the_PBX_is_out_of_reach_and_comes_back_with_it()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);

        lab.Fleet.Pbxs[0].Faults.Down = true;
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).Health == SiteHealth.Unreachable, "the loss is noticed");
        lab.Clock.Advance(TimeSpan.FromSeconds(31));

        (await lab.ExtensionAsync("paris", "1001")).Should().BeEquivalentTo(new { Status = ExtensionStatus.Unknown, Stale = true, LastKnownStatus = (ExtensionStatus?)ExtensionStatus.Idle });
        (await lab.Site("paris").ListExtensions()).Should().OnlyContain(e => e.Status == ExtensionStatus.Unknown);

        lab.Fleet.Pbxs[0].Faults.Down = false;
        await lab.PassUntilAsync(async () => (await lab.ExtensionAsync("paris", "1001"))!.Status == ExtensionStatus.Idle, "the PBX is found again", TimeSpan.FromSeconds(1));
        lab.Fleet.Pbxs[0].Counters.LoginsFailed.Should().Be(0);
    }

    [Fact]
    public async Task A_PBX_out_of_reach_is_not_asked_more_often_because_its_calls_end()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);
        lab.Fleet.Pbxs[0].Faults.Down = true;
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).NextPollAt - lab.Clock.GetUtcNow() > TimeSpan.FromSeconds(20), "tries come slowly", TimeSpan.FromSeconds(1));
        var next = (await lab.Site("paris").GetStatus()).NextPollAt;

        var body = System.Text.Encoding.UTF8.GetBytes("""{"event":"NewCdr","callid":"1772438800.14","timestart":"2026-03-02 09:06:40","callfrom":"1001","callto":"1002","callduraction":"25","talkduraction":"16","status":"ANSWERED","type":"Internal"}""");
        _ = await Testing.Eventually.Holds(
            async () => await lab.Site("paris").TakeReport(new Contracts.Reports.IncomingReport([.. body], lab.Clock.GetUtcNow(), "127.0.0.1")) == Contracts.Reports.ReportReceipt.Taken,
            "the report is taken");

        (await lab.Site("paris").GetStatus()).NextPollAt.Should().Be(next);
    }

    [Fact]
    public async Task A_call_that_starts_between_two_slow_polls_makes_nobody_unknown()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab, row => row with { Polling = new SitePolling { PushProven = TimeSpan.FromSeconds(100) } });
        await lab.Fleet.Pbxs[0].SetExtensionStatusAsync("1002", Simulator.ExtensionStatus.Busy);
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).NextPollAt - lab.Clock.GetUtcNow() > TimeSpan.FromSeconds(90), "rounds come slowly");
        lab.Clock.Advance(TimeSpan.FromSeconds(60));

        var body = System.Text.Encoding.UTF8.GetBytes("""{"event":"CallStatus","callid":"1772442000.14","members":[{"ext":{"number":"1003","channelid":"PJSIP/1003-1","memberstatus":"RING"}}]}""");
        _ = await Testing.Eventually.Holds(
            async () => await lab.Site("paris").TakeReport(new Contracts.Reports.IncomingReport([.. body], lab.Clock.GetUtcNow(), "127.0.0.1")) != Contracts.Reports.ReportReceipt.NotStored,
            "the report is stored");

        (await lab.Site("paris").GetStatus()).RunningCalls.Should().Be(1);
        (await lab.Site("paris").ListExtensions()).Should().NotContain(e => e.Status == ExtensionStatus.Unknown);
    }

    [Fact]
    public async Task A_wrong_password_costs_two_logins_in_an_hour_and_a_right_one_starts_again()
    {
        await using var lab = await SiteLab.StartAsync();
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0], row => row with { PasswordCipher = lab.Cipher("wrong") });
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).Health == SiteHealth.CredentialsRejected, "both tries are used up", TimeSpan.FromSeconds(1));

        await lab.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromSeconds(5), "paris");

        lab.Fleet.Pbxs[0].Counters.LoginsTried.Should().Be(2);
        lab.Fleet.Pbxs[0].Counters.LockOuts.Should().Be(0);
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Online, "the right password is tried");
    }

    [Fact]
    public async Task A_stopped_login_starts_again_when_an_operator_resumes()
    {
        await using var lab = await SiteLab.StartAsync();
        lab.Fleet.Pbxs[0].Faults.RejectLogins = true;
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).Health == SiteHealth.CredentialsRejected, "both tries are used up", TimeSpan.FromSeconds(1));
        lab.Fleet.Pbxs[0].Faults.RejectLogins = false;

        await lab.Site("paris").Resume();

        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, LoginFailures: 0 }, "the site comes online");
    }

    [Fact]
    public async Task A_row_changed_in_plain_SQL_is_followed()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);

        await lab.SqlAsync("UPDATE pbx.site SET suspended = true, suspended_reason = 'works' WHERE site_id = 'paris'");
        var suspended = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Suspended, "the suspension is followed");
        suspended.Detail.Should().Be("works");
        _ = await Testing.Eventually.Holds(() => lab.Fleet.Pbxs[0].Counters.LiveSessions == 0, "the session is logged out");

        await lab.SqlAsync("UPDATE pbx.site SET suspended = false WHERE site_id = 'paris'");
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Online, "the site is supervised again");

        await lab.SqlAsync("DELETE FROM pbx.site WHERE site_id = 'paris'");
        _ = await lab.StatusAsync("paris", s => s.RowVersion is null, "the site is gone");
        _ = await Testing.Eventually.Holds(() => lab.Fleet.Pbxs[0].Counters.LiveSessions == 0, "the session is logged out");
    }

    [Fact]
    public async Task A_session_the_PBX_forgot_is_renewed_with_one_login()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);

        await lab.Fleet.Pbxs[0].RebootAsync();
        await lab.PassUntilAsync(() => Task.FromResult(lab.Fleet.Pbxs[0].Counters.LoginsTried == 2), "a new login after the reboot");

        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).Health == SiteHealth.Online, "the site is online again");
        lab.Fleet.Pbxs[0].Counters.LoginsFailed.Should().Be(0);
    }

    [Fact]
    public async Task Half_of_five_hundred_sites_as_black_holes_do_not_slow_the_others()
    {
        const int Sites = 500;
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = Sites, Extensions = 2, Firmware = FleetOptions.NewFirmware }, answersWithin: TimeSpan.FromSeconds(10));
        foreach (var hole in lab.Fleet.Pbxs.Where(p => p.Index % 2 == 1))
        {
            hole.Faults.BlackHole = true;
        }

        await Parallel.ForEachAsync(lab.Fleet.Pbxs, async (pbx, _) => await lab.RegisterAsync($"site-{pbx.Index}", pbx));
        var healthy = lab.Fleet.Pbxs.Where(p => p.Index % 2 == 0).Select(p => lab.Site($"site-{p.Index}")).ToList();
        await RoundsAsync(healthy, 1);
        var before = await RoundsAsync(healthy, 1);

        // The clock moves by one period at a time and then stands still: a black hole's time limit cannot pass
        // unless a period passes, so every healthy site must finish its round while its neighbours hang.
        for (var period = 1; period <= 6; period++)
        {
            lab.Clock.Advance(TimeSpan.FromSeconds(5));
            _ = await RoundsAsync(healthy, before + period);
        }

        async Task<long> RoundsAsync(IReadOnlyList<ISiteGrain> sites, long wanted)
        {
            var least = 0L;
            _ = await Testing.Eventually.Holds(
                async () =>
                {
                    least = (await Task.WhenAll(sites.Select(s => s.GetStatus()))).Min(s => s.PollRounds);
                    return least >= wanted;
                },
                $"all healthy sites finish round {wanted}",
                TimeSpan.FromSeconds(60));
            return least;
        }
    }

    private static async Task OnlineAsync(SiteLab lab, Func<SiteRow, SiteRow>? change = null)
    {
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0], change);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
    }
}
