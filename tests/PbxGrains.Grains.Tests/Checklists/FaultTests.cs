using System.Collections.Immutable;
using System.Text;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Tests.Cluster;
using PbxGrains.Simulator;
using PbxGrains.Storage.Agents;
using PbxGrains.Storage.Checklists;
using PbxGrains.Testing;
using static PbxGrains.Contracts.Checklists.ChecklistVerdict;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Grains.Tests.Checklists;

/// <summary>One fault of the PBX each: the right item fails with the right finding, what depends on it is skipped, and nothing else lies.</summary>
public sealed class FaultTests
{
    /// <summary>What fails nowhere in these tests but where a test says so: the site speaks plain HTTP, and no call was made yet.</summary>
    private static readonly string[] AlwaysLookedAt = ["network.tls"];

    [Theory]
    [InlineData(FleetOptions.NewFirmware)]
    [InlineData(FleetOptions.OldFirmware)]
    public async Task A_sound_site_passes(string firmware)
    {
        await using var lab = await ChecklistLab.OnlineAsync(options: new FleetOptions { Sites = 1, Extensions = 30, Firmware = firmware });
        await lab.Service<AgentDirectory>().UpsertAsync([.. lab.Fleet.Pbxs[0].Extensions.Select(e => new AgentRow("agent-" + e.Number, Name: null, "paris", e.Number, Mobile: null))], Ct);
        await ReportedAsync(lab);

        var run = await lab.RunAsync();

        run.With(Fail).Should().BeEmpty();
        run.With(Warn).Should().Equal(AlwaysLookedAt);
        run.With(Notice).Should().Equal("network.vpn", "addresses.outside");
        foreach (var right in new[] { "permissions.cdr", "permissions.hangup", "permissions.originate" })
        {
            run.Of(right).Should().Be((Pass, "right-proven"));
        }

        run.Of("network.mtu").Should().Be((Pass, "large-answers-pass"));
        run.Of("addresses.silos").Should().Be((Pass, "silos-agree"));
        run.Of("webhook.push").Should().Be((Pass, "push-arrives"));
        run.Of("webhook.return-path").Should().Be((Skipped, "not-asked"));
        run.Of("agents.exist").Should().Be((Pass, "all-exist"));
        lab.Fleet.Pbxs[0].Counters.LoginsTried.Should().Be(1, "the session there is is used");
        lab.Fleet.Pbxs[0].Counters.Originates.Should().Be(0, "nothing may ring");
    }

    [Fact]
    public async Task A_wrong_password_fails_the_credentials_after_one_try_and_skips_what_needs_a_session()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5 });
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0], row => row with { PasswordCipher = lab.Cipher("wrong") });
        _ = await lab.StatusAsync("paris", s => s.Reason == SiteHealthReason.WrongCredentials, "the PBX refuses the password");
        var tried = lab.Fleet.Pbxs[0].Counters.LoginsTried;

        var run = await lab.RunAsync();

        run.With(Fail).Should().Equal("api.credentials", "operation.knowledge");
        run.Of("api.credentials").Finding.Should().Be("credentials-rejected");
        run.Of("api.enabled").Should().Be((Pass, "api-answers"));
        run.Of("network.tcp").Should().Be((Pass, "port-answers"));
        SkippedBecauseOf(run, "api.credentials").Should().Contain(["permissions.extensions", "permissions.originate", "webhook.push", "agents.exist", "api.clock"]);
        (lab.Fleet.Pbxs[0].Counters.LoginsTried - tried).Should().BeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Credentials_refused_long_ago_still_fail_without_another_try()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5 });
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0], row => row with { PasswordCipher = lab.Cipher("wrong") });
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus(Ct)).Health == SiteHealth.CredentialsRejected, "the PBX refuses twice", TimeSpan.FromSeconds(5));
        await lab.DeactivateAsync("paris");
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.CredentialsRejected, "the new actor remembers");

        var run = await lab.RunAsync();

        run.Of("api.enabled").Should().Be((Notice, "login-not-tried"), "nobody asked the API this time");
        run.Of("api.credentials").Should().Be((Fail, "credentials-rejected"));
        lab.Fleet.Pbxs[0].Counters.LoginsTried.Should().Be(2);
    }

    [Fact]
    public async Task An_API_that_is_switched_off_is_named()
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        lab.Fleet.Pbxs[0].Faults.ApiOff = true;

        var run = await lab.RunAsync();

        run.Of("api.enabled").Should().Be((Fail, "api-off"));
        run.With(Fail).Should().Equal("api.enabled");
        SkippedBecauseOf(run, "api.enabled").Should().Contain(["api.credentials", "api.serial", "permissions.cdr", "webhook.push", "network.mtu"]);
    }

    [Theory]
    [InlineData("cdr/", "permissions.cdr")]
    [InlineData("call/dial", "permissions.originate")]
    [InlineData("call/hangup", "permissions.hangup")]
    [InlineData("extension/list", "permissions.extensions")]
    public async Task A_missing_permission_fails_alone(string endpoint, string item)
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        await ReportedAsync(lab);
        lab.Fleet.Pbxs[0].Faults.RevokedEndpoints = [endpoint];

        var run = await lab.RunAsync();

        run.With(Fail).Should().Equal(item);
        run.Of(item).Finding.Should().Be("right-missing");
    }

    [Fact]
    public async Task A_missing_right_to_recordings_is_named_once_there_is_a_recording()
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        (await lab.RunAsync()).Of("permissions.recording").Should().Be((Skipped, "no-recording-yet"));
        await lab.SqlAsync("INSERT INTO pbx.recording (recording_id, site_id, call_id, name, state, ages_from, first_named_at) VALUES (repeat('a', 32), 'paris', '1.1', 'a.wav', 'pending', now(), now())");
        (await lab.RunAsync()).Of("permissions.recording").Should().Be((Pass, "right-proven"), "the PBX looked for it");
        lab.Fleet.Pbxs[0].Faults.RevokedEndpoints = ["recording/"];

        (await lab.RunAsync()).Of("permissions.recording").Should().Be((Fail, "right-missing"));
    }

    [Fact]
    public async Task Reports_that_are_switched_off_are_found_out_by_what_polls_see()
    {
        await using var lab = await ChecklistLab.OnlineAsync(pbx => pbx.Faults.DropReports = true);
        await MissedAsync(lab);

        var run = await lab.RunAsync();

        run.With(Fail).Should().Equal("webhook.push");
        run.Of("webhook.push").Finding.Should().Be("push-missed");
        run.Of("network.inbound").Should().Be((Warn, "no-report-yet"));
        SkippedBecauseOf(run, "webhook.push").Should().Equal("webhook.format", "webhook.sender", "webhook.delay");
    }

    [Fact]
    public async Task A_wrong_report_address_in_the_PBX_is_found_out_the_same_way()
    {
        await using var lab = await ChecklistLab.OnlineAsync(pbx => pbx.Faults.ReportsTo = "127.0.0.1:9/elsewhere");
        await MissedAsync(lab);

        var run = await lab.RunAsync();

        run.With(Fail).Should().Equal("webhook.push");
        lab.Fleet.Pbxs[0].Counters.ReportsFailed.Should().BePositive("the PBX does push, but elsewhere");
    }

    [Theory]
    [InlineData(3, "clock-ahead")]
    [InlineData(-3, "clock-behind")]
    public async Task A_wrong_clock_fails(int hours, string finding)
    {
        await using var lab = await ChecklistLab.OnlineAsync(pbx => pbx.Faults.ClockSkew = TimeSpan.FromHours(hours));

        var run = await lab.RunAsync();

        run.With(Fail).Should().Equal("api.clock");
        run.Of("api.clock").Finding.Should().Be(finding);
        run.Items.Single(i => i.Id == "api.clock").Facts["off"].Should().Be("10800");
    }

    [Fact]
    public async Task Another_time_zone_than_the_sites_fails()
    {
        await using var lab = await ChecklistLab.OnlineAsync(pbx => pbx.Faults.TimeZone = "Asia/Tokyo");

        (await lab.RunAsync()).Of("api.clock").Should().Be((Fail, "zone-differs"));
    }

    [Fact]
    public async Task A_serial_number_of_another_site_fails()
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        await lab.RegisterAsync("lyon", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("lyon", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the other site comes online");

        var run = await lab.RunAsync();

        run.With(Fail).Should().Equal("api.serial");
        run.Items.Single(i => i.Id == "api.serial").Facts["sites"].Should().Be("lyon");
    }

    [Fact]
    public async Task A_blocked_address_is_named()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 5 });
        lab.Fleet.Pbxs[0].Faults.AddressBlocked = true;
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s.Reason == SiteHealthReason.AddressLocked, "the PBX blocks our address");

        var run = await lab.RunAsync();

        run.Of("api.credentials").Should().Be((Fail, "address-locked"));
        run.Of("api.enabled").Should().Be((Pass, "api-answers"));
        run.With(Fail).Should().Equal("api.credentials", "operation.knowledge");
    }

    [Fact]
    public async Task An_agents_phone_that_is_not_registered_fails_and_a_number_that_differs_does_too()
    {
        await using var lab = await ChecklistLab.OnlineAsync(options: new FleetOptions { Sites = 1, Extensions = 3 });
        await lab.Fleet.Pbxs[0].SetExtensionStatusAsync("1002", ExtensionStatus.Unavailable, Ct);
        await lab.Service<AgentDirectory>().UpsertAsync(
            [
                new AgentRow("ada", "Ada", "paris", "1001", Mobile: null),
                new AgentRow("bob", "Bob", "paris", "1002", Mobile: null),
                new AgentRow("cleo", "Cléo", "paris", "01003", Mobile: null),
                new AgentRow("dan", "Dan", "lyon", "9", Mobile: null),
            ],
            Ct);

        var run = await lab.RunAsync();

        run.With(Fail).Should().Equal("agents.exist", "agents.registered");
        run.Of("agents.exist").Finding.Should().Be("extension-differs");
        run.Items.Single(i => i.Id == "agents.exist").Facts["similar"].Should().Be("cleo: “01003” ≠ “1003”");
        run.Of("agents.registered").Finding.Should().Be("phone-unregistered");
        run.Items.Single(i => i.Id == "agents.registered").Facts["names"].Should().Be("bob → 1002");
        run.Of("agents.duplicates").Verdict.Should().Be(Pass);
        run.Of("agents.unassigned").Should().Be((Warn, "extensions-unassigned"));
    }

    [Fact]
    public async Task Nobody_home_fails_the_port_and_skips_the_rest()
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        lab.Fleet.Pbxs[0].Faults.Down = true;

        var run = await lab.RunAsync();

        run.Of("network.tcp").Should().Be((Fail, "port-refused"));
        run.With(Fail).Should().Equal("network.tcp");
        SkippedBecauseOf(run, "network.tcp").Should().Contain(["network.tls", "api.enabled", "api.credentials", "permissions.extensions", "addresses.local"]);
    }

    [Fact]
    public async Task A_tunnel_that_loses_large_packets_is_suspected_when_only_small_answers_come()
    {
        await using var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 30 }, answersWithin: TimeSpan.FromSeconds(60));
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
        lab.Fleet.Pbxs[0].Faults.LongestAnswer = 600;

        var start = await lab.Site("paris").StartChecklist(new ChecklistRequest(), Ct);
        _ = await Eventually.Holds(() => lab.Fleet.Pbxs[0].Counters.Requests.GetValueOrDefault("v2.0.0/extension/list") > 1, "the long list is asked for");
        await lab.PassUntilAsync(async () => (await lab.Service<ChecklistRuns>().FindAsync("paris", start.RunId!.Value, Ct))?.FinishedAt is not null, "the checklist comes to its end", TimeSpan.FromSeconds(1));
        var run = await lab.EndAsync(start.RunId!.Value);

        run.Of("network.mtu").Should().Be((Fail, "large-answers-hang"));
        run.Of("permissions.extensions").Should().Be((Fail, "pbx-silent"));
    }

    [Fact]
    public async Task Reports_of_another_PBX_and_unreadable_ones_are_named()
    {
        await using var lab = await ChecklistLab.OnlineAsync();
        await ReportedAsync(lab);
        _ = await TakeAsync(lab, """{"event":"BootUp","sn":"999999999999"}""");
        (await lab.RunAsync()).Of("webhook.sender").Should().Be((Fail, "foreign-reports"));

        _ = await TakeAsync(lab, "nonsense");
        (await lab.RunAsync()).Of("webhook.format").Should().Be((Fail, "reports-unreadable"));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IReadOnlyList<string> SkippedBecauseOf(ChecklistRun run, string item) =>
        [.. run.Items.Where(i => i is { Verdict: Skipped } && i.SkippedBecause == item).Select(i => i.Id)];

    private static Task<ReportReceipt> TakeAsync(SiteLab lab, string body) =>
        lab.Site("paris").TakeReport(new IncomingReport(ImmutableArray.Create(Encoding.UTF8.GetBytes(body)), lab.Clock.GetUtcNow(), "127.0.0.1", ReportProof.Secret));

    /// <summary>A report has arrived.</summary>
    private static async Task ReportedAsync(SiteLab lab)
    {
        _ = await lab.Fleet.Pbxs[0].PlaceCallAsync("1001", "1002", ct: Ct);
        _ = await lab.StatusAsync("paris", s => s.LastReportAt is not null, "the call is reported");
    }

    /// <summary>Polls have seen what no report told of.</summary>
    private static async Task MissedAsync(SiteLab lab)
    {
        await lab.Fleet.Pbxs[0].SetExtensionStatusAsync("1005", ExtensionStatus.Unavailable, Ct);
        await lab.PassUntilAsync(
            async () => (await lab.Site("paris").ListExtensions()).Any(e => e.Number.Value == "1005" && e.Status == Contracts.Extensions.ExtensionStatus.Unregistered), "a poll sees the change");
    }
}
