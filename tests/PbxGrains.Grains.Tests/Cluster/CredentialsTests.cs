using PbxGrains.Contracts.Sites;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>Credentials are replaced in two phases: proven first, dropped then.</summary>
public sealed class CredentialsTests
{
    [Fact]
    public async Task Proven_credentials_take_over_the_session_without_a_refused_login()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);
        var pbx = lab.Fleet.Pbxs[0];
        pbx.Password = "New-Password-1";

        var change = await lab.Site("paris").ChangeCredentials(Credentials("New-Password-1"));

        change.Outcome.Should().Be(CredentialsOutcome.Changed);
        change.Proof!.SerialNumber.Should().Be(pbx.SerialNumber);
        _ = await Eventually.Holds(() => pbx.Counters.LoginsTried == 3, "one login, its proof and one more");
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()) is { Health: SiteHealth.Online, LastPollAt: not null }, "the site is polled with the new ones");
        _ = await Eventually.Holds(() => pbx.Counters.LiveSessions == 1, "the session of the old ones and that of the proof are logged out");
        pbx.Counters.LoginsFailed.Should().Be(0);
        await lab.DeactivateAsync("paris");
        await lab.PassUntilAsync(async () => (await lab.Site("paris").GetStatus()).Health == SiteHealth.Online, "the stored ones are the new ones");
        pbx.Counters.LoginsFailed.Should().Be(0);
    }

    [Fact]
    public async Task Wrong_credentials_cost_one_login_and_change_nothing()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);
        var before = await lab.Registry.FindAsync("paris", TestContext.Current.CancellationToken);

        var change = await lab.Site("paris").ChangeCredentials(Credentials("wrong"));

        change.Should().BeEquivalentTo(new { Outcome = CredentialsOutcome.NotProven, Proof = new { Reached = SiteProbeStep.Login, Failure = "wrong-credentials" } });
        (await lab.Registry.FindAsync("paris", TestContext.Current.CancellationToken))!.RowVersion.Should().Be(before!.RowVersion, "every change of the row makes a new version");
        lab.Fleet.Pbxs[0].Counters.Should().BeEquivalentTo(new { LoginsTried = 2L, LoginsFailed = 1L, LiveSessions = 1 });
        (await lab.Site("paris").GetStatus()).Should().BeEquivalentTo(new { Health = SiteHealth.Online, LoginFailures = 0 });
    }

    [Fact]
    public async Task A_PBX_cannot_be_made_to_lock_us_out_by_guessing()
    {
        await using var lab = await SiteLab.StartAsync();
        await OnlineAsync(lab);
        foreach (var guess in new[] { "one", "two", "three", "four", "five", "six" })
        {
            (await lab.Site("paris").ChangeCredentials(Credentials(guess))).Outcome.Should().Be(CredentialsOutcome.NotProven);
        }

        lab.Fleet.Pbxs[0].Counters.Should().BeEquivalentTo(new { LoginsFailed = 2L, LockOuts = 0L });
        (await lab.Site("paris").ChangeCredentials(Credentials("seven"))).Proof!.Failure.Should().Be("login-budget-spent");
    }

    [Fact]
    public async Task A_site_that_is_not_registered_has_no_credentials()
    {
        await using var lab = await SiteLab.StartAsync();

        (await lab.Site("lyon").ChangeCredentials(Credentials("any"))).Should().Be(new CredentialsChange(CredentialsOutcome.SiteUnknown));
    }

    private static SiteCredentials Credentials(string password) => new() { PasswordMd5 = PbxPassword.FromPlainText(password).Reveal() };

    private static async Task OnlineAsync(SiteLab lab)
    {
        await lab.RegisterAsync("paris", lab.Fleet.Pbxs[0]);
        _ = await lab.StatusAsync("paris", s => s is { Health: SiteHealth.Online, SerialNumber: not null }, "the site comes online");
    }
}
