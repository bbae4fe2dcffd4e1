using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests;

/// <summary>An administrator changes the API password of a PBX, then tells the installation, with the command line.</summary>
public sealed class CredentialsTests
{
    private const string Password = "Geheim-4711-Brücke";
    private const string NewPassword = "Geheim-4713-Brücke";

    [Fact]
    public async Task A_new_password_is_proven_before_the_old_one_is_dropped()
    {
        await using var installation = await Installation.CreateAsync(new FleetOptions { Sites = 1, Extensions = 5, Password = Password });
        await installation.StartFrontAsync("silo");
        var terminal = new AdministratorTerminal(installation, "C.UTF-8");
        var pbx = installation.Fleet.Pbxs[0];
        var added = await terminal.PbxAsync(
            [
                "site", "add", "--non-interactive", "--id", "lyon", "--name", "Lyon", "--address", pbx.Address.Authority, "--user", pbx.UserName, "--password-stdin",
                "--time-zone", pbx.TimeZone, "--pin", pbx.CertificatePin!, "--no-check",
            ],
            Password + "\n");
        added.ExitCode.Should().Be(0, added.Screen);
        pbx.Password = NewPassword;

        var wrong = await terminal.PbxAsync(["site", "credentials", "lyon", "--password-stdin"], Password + "\n");
        var stillOnline = await installation.GetAsync("/api/pbx/sites/lyon");
        var right = await terminal.PbxAsync(["site", "credentials", "lyon", "--password-stdin"], NewPassword + "\n");
        var status = await terminal.PbxAsync(["status"]);

        wrong.ExitCode.Should().Be(1, wrong.Screen);
        wrong.Screen.Should().Contain("Nothing was changed");
        stillOnline["status"]!["health"]!.GetValue<string>().Should().Be("online", "the session of the old password serves on");
        right.ExitCode.Should().Be(0, right.Screen);
        right.Screen.Should().Contain("The site is supervised");
        pbx.Counters.LoginsFailed.Should().Be(1, "only the password that was typed wrong was refused");
        _ = await Eventually.Holds(() => pbx.Counters.LiveSessions == 1, "the session of the old password is logged out");
        status.ExitCode.Should().Be(0, status.Screen);
        status.Screen.Should().Contain("online 1").And.Contain("with sites: 1");
        (added.Screen + wrong.Screen + right.Screen).Should().NotContain(Password).And.NotContain(NewPassword);
    }
}
