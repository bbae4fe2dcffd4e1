using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Reports;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>The working parts of one site's actor, and the small decisions between them.</summary>
internal sealed class SiteWork(SiteId site, SiteConfigurations configurations, TimeProvider time)
{
    private readonly PollCadence _cadence = new(Random.Shared);
    private int _learntAtLogin;

    public required SiteHealthBook Health { get; init; }

    public required LoginBudget Budget { get; init; }

    public required SiteSession Session { get; init; }

    public required SitePicture Picture { get; init; }

    public required PollRound Round { get; init; }

    public required ReportIntake Intake { get; init; }

    public required OriginateDesk Desk { get; init; }

    public required CallCommands Commands { get; init; }

    public required SiteQuestions Questions { get; init; }

    public required SiteProbe Probe { get; init; }

    /// <summary>What the PBX said about itself at the last login; null before.</summary>
    public DeviceInformation? Device { get; private set; }

    /// <summary>Pause after a round that worked.</summary>
    public TimeSpan PauseAfterSuccess(SiteConfiguration configuration, DateTimeOffset now) =>
        _cadence.AfterSuccess(configuration.Periods, Picture.Calls.RunningCount > 0 || Desk.HasOpen, IsPushProven(now));

    /// <summary>Pause after a round that failed: what the login budget says, else growing.</summary>
    public TimeSpan PauseAfterFailure(SiteConfiguration configuration, DateTimeOffset now)
    {
        var pause = _cadence.AfterFailure(configuration.Periods);
        if (Budget.Stopped)
        {
            return configuration.Periods.BackoffLast;
        }

        return Session.NotBefore is { } instant && instant - now > pause ? instant - now : pause;
    }

    /// <summary>How old knowledge may be, given how often rounds come.</summary>
    public TimeSpan StaleAfter(SiteConfiguration configuration, DateTimeOffset now) =>
        configuration.Periods.BoundAt(PollCadence.Steady(configuration.Periods, Picture.Calls.RunningCount > 0, IsPushProven(now)));

    /// <summary>Once per login: asks the PBX who it is, and keeps what it says.</summary>
    public async Task LearnDeviceAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        if (_learntAtLogin == Session.Logins || Session.Client is not { } client)
        {
            return;
        }

        var device = await client.GetDeviceInformationAsync(ct);
        if (!device.Succeeded)
        {
            return;
        }

        _learntAtLogin = Session.Logins;
        Device = device.Value;
        var now = time.GetUtcNow();
        if (configuration.SerialNumber is { } known && Device.SerialNumber is { } found && known != found)
        {
            Health.Warn("serial-number-changed", $"The PBX at this address now has serial number {found}; it was {known}. Was it replaced?", now);
        }

        await configurations.RecordDeviceAsync(site, client.Dialect, Device, ct);
    }

    private bool IsPushProven(DateTimeOffset now) => Picture.Push.StateAt(now) == PushState.Proven;
}
