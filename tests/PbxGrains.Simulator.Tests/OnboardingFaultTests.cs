using System.Text.Json;
using PbxGrains.Testing;

namespace PbxGrains.Simulator.Tests;

/// <summary>What goes wrong when a PBX is set up.</summary>
public sealed class OnboardingFaultTests
{
    [Fact]
    public async Task A_blocked_address_may_not_log_in_and_a_living_token_stays()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync();
        site.Pbx.Faults.AddressBlocked = true;

        (await site.TryLogInAsync()).Errno().Should().Be("20002");
        (await site.PostAsync("v1.1.0/heartbeat?token=" + token)).Errno().Should().BeNull();
        site.Pbx.Faults.Clear();

        (await site.TryLogInAsync()).Errno().Should().BeNull();
        site.Pbx.Counters.LoginsFailed.Should().Be(0);
    }

    [Fact]
    public async Task Reports_go_elsewhere_when_the_PBX_says_so()
    {
        await using var site = await Site.StartAsync();
        _ = await site.LogInAsync(version: "1.0.2");
        await using var elsewhere = new ReportReceiver();
        site.Pbx.Faults.ReportsTo = $"127.0.0.1:{elsewhere.Port}/elsewhere";

        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);

        await Eventually.Holds(() => elsewhere.Bodies.Count == 1, "the report arrives elsewhere");
        site.Receiver.Bodies.Should().BeEmpty();
    }

    [Fact]
    public async Task A_PBX_may_claim_another_serial_number()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync(version: "1.0.2");
        site.Pbx.Faults.SerialNumber = "1234567890";

        await site.Pbx.SetExtensionStatusAsync("1001", ExtensionStatus.Unavailable, Site.Ct);

        (await site.PostAsync("v1.1.0/deviceinfo/query?token=" + token)).GetProperty("deviceinfo").Text("sn").Should().Be("1234567890");
        await Eventually.Holds(() => site.Receiver.Bodies.Count == 1, "the report arrives");
        JsonDocument.Parse(site.Receiver.Bodies[0]).RootElement.Text("sn").Should().Be("1234567890");
    }

    [Fact]
    public async Task A_large_answer_hangs_after_its_head_and_a_small_one_comes()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync();
        site.Pbx.Faults.LongestAnswer = 600;

        (await site.PostAsync("v1.1.0/deviceinfo/query?token=" + token)).Errno().Should().BeNull();
        var large = site.PostAsync("v1.1.0/extensionlist/query?token=" + token);

        // Asked later, and answered: the large answer would be here by now.
        (await site.PostAsync("v1.1.0/heartbeat?token=" + token)).Errno().Should().BeNull();
        large.IsCompleted.Should().BeFalse();
    }
}
