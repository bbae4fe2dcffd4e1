using PbxGrains.Contracts.Sites;
using PbxGrains.Testing;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>What happens to a site when its row, or what lies under it, is not as it should be.</summary>
public sealed class DirectoryTests
{
    [Fact]
    public async Task Sites_whose_actors_fail_keep_no_other_site_from_being_supervised()
    {
        await using var lab = await SiteLab.StartAsync(silo: silo => silo.AddIncomingGrainCallFilter(context =>
            context.MethodName == nameof(ISiteGrain.Supervise) && context.TargetId.Key.ToString()!.StartsWith("site:bad", StringComparison.Ordinal)
                ? throw new InvalidOperationException("This actor fails.")
                : context.Invoke()));
        await lab.SqlAsync("INSERT INTO pbx.site (site_id, name, address, user_name, time_zone) SELECT 'bad-' || n, 'bad', 'https://127.9.9.9:1', 'api', 'UTC' FROM generate_series(1, 100) n");

        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);

        // Nobody asks the site's actor for anything, which alone would wake it: only being told can.
        _ = await Eventually.Holds(() => Task.FromResult(lab.Fleet.Pbxs[0].Counters.LoginsTried == 1), "the healthy site is told");
    }

    [Fact]
    public async Task A_site_suspended_while_it_logs_in_keeps_no_session_and_stays_suspended()
    {
        await using var lab = await SiteLab.StartAsync();
        lab.Fleet.Pbxs[0].Faults.Slow = TimeSpan.FromSeconds(5);
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await Eventually.Holds(async () => await lab.CountAsync("orleans.grain_state") == 1, "the login is written down, so it is under way");

        await lab.SqlAsync("UPDATE pbx.site SET suspended = true WHERE site_id = 'paris'");
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Suspended, "the suspension is followed");
        lab.Fleet.Pbxs[0].Faults.Clear();
        await lab.PassUntilAsync(() => Task.FromResult(lab.Fleet.Pbxs[0].Counters.LoginsTried == 1), "the PBX accepts the login");

        _ = await Eventually.Holds(() => Task.FromResult(lab.Fleet.Pbxs[0].Counters.LiveSessions == 0), "the session is given up");
        (await lab.Site("paris").GetStatus()).Health.Should().Be(SiteHealth.Suspended);
    }

    [Fact]
    public async Task Without_its_login_budget_nobody_logs_in_and_the_site_says_why()
    {
        await using var lab = await SiteLab.StartAsync();
        _ = await lab.Site("paris").GetStatus();
        await lab.SqlAsync("ALTER TABLE orleans.grain_state RENAME TO grain_state_away");

        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);

        var status = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Degraded, "the database is missed");
        status.Reason.Should().Be(SiteHealthReason.StorageUnavailable);
        lab.Fleet.Pbxs[0].Counters.LoginsTried.Should().Be(0);
        await lab.SqlAsync("ALTER TABLE orleans.grain_state_away RENAME TO grain_state");
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).Health == SiteHealth.Online, "the site comes online", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_site_whose_ledger_is_away_is_polled_all_the_same()
    {
        await using var lab = await SiteLab.StartAsync();
        await lab.SqlAsync("ALTER TABLE pbx.originate RENAME TO originate_away");

        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);

        var status = await lab.StatusAsync("paris", s => s.PollRounds > 0, "a round works");
        status.Health.Should().Be(SiteHealth.Online);
        status.Warnings.Should().ContainSingle().Which.Code.Should().Be("storage-unavailable");
        await lab.SqlAsync("ALTER TABLE pbx.originate_away RENAME TO originate");
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).Warnings.Count == 0, "the warning is settled", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_row_inserted_without_password_says_what_is_missing_and_costs_no_login()
    {
        await using var lab = await SiteLab.StartAsync();

        await lab.SqlAsync($"INSERT INTO pbx.site (site_id, name, address, user_name, time_zone, allow_plain_http) VALUES ('paris', 'Paris', '{lab.Fleet.Pbxs[0].Address}', 'api', 'UTC', true)");

        var status = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Degraded, "the row is read");
        status.Should().BeEquivalentTo(new { Reason = SiteHealthReason.Incomplete, Detail = "The site has no password yet: set it." });
        lab.Fleet.Pbxs[0].Counters.LoginsTried.Should().Be(0);
    }
}
