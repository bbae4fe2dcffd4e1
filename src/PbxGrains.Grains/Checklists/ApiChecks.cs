using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Checklists;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Checklists;

/// <summary>The PBX's API: whether it answers, takes our login, and is what we take it for.</summary>
internal sealed class ApiChecks(SiteEvidence evidence, TimeProvider time)
{
    public const string Enabled = "api.enabled";
    public const string Credentials = "api.credentials";
    public const string Dialect = "api.dialect";
    public const string Serial = "api.serial";
    public const string Clock = "api.clock";
    public const string Session = "api.session";

    private const string FirstWithReliableRecords = "30.10.0.67";
    private const string FirstWithRecords = "30.10.0.59";

    public IEnumerable<Check> All =>
    [
        new(Enabled, [NetworkChecks.Tcp, WebChecks.Tls], EnabledAsync),
        Check.Judging(Credentials, [Enabled], CredentialsOf),
        Check.Judging(Dialect, [Credentials], round => JudgeDialect(round.Work.Session.Client?.Dialect ?? PbxDialect.V1, round.Device?.Firmware)),
        new(Serial, [Credentials], SerialAsync),
        Check.Judging(Clock, [Credentials], round => JudgeClock(round.Device?.Clock, round.DeviceAsked, round.Configuration.Zone)),
        new(Session, [Credentials], SessionAsync),
    ];

    /// <summary>Whether a firmware can do what we need. Pure.</summary>
    public static Measured JudgeDialect(PbxDialect dialect, string? firmware)
    {
        var finding = PbxFirmware.IsAtLeast(firmware, FirstWithRecords) switch
        {
            null => ApiFindings.FirmwareUnreadable,
            false => ApiFindings.FirmwareTooOld,
            _ when dialect == PbxDialect.V2 => ApiFindings.DialectNew,
            _ when PbxFirmware.IsAtLeast(firmware, FirstWithReliableRecords) == false => ApiFindings.FirmwareOld,
            _ => ApiFindings.DialectOld,
        };
        return finding.With(("firmware", firmware), ("dialect", SiteConfigurations.DialectText(dialect)));
    }

    /// <summary>What the PBX's clock shows compared with ours. Pure.</summary>
    public static Measured JudgeClock(DateTimeOffset? told, (DateTimeOffset AskedAt, DateTimeOffset AnsweredAt) asked, TimeZoneInfo zone)
    {
        if (told is not { } clock)
        {
            return ApiFindings.ClockUntold.With();
        }

        var reading = PbxClockReading.Of(clock, asked.AskedAt, asked.AnsweredAt, zone);
        var finding = reading switch
        {
            { IsWrong: true, Ahead: var ahead } => ahead > TimeSpan.Zero ? ApiFindings.ClockAhead : ApiFindings.ClockBehind,
            { ZoneDiffers: var differs } when differs != TimeSpan.Zero => ApiFindings.ZoneDiffers,
            _ => ApiFindings.ClockRight,
        };
        return finding.With(
            ("shown", clock.DateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)),
            ("off", reading.Ahead.Duration()),
            ("pbxOffset", OffsetText(clock.Offset)),
            ("siteOffset", OffsetText(zone.GetUtcOffset(clock))),
            ("zone", zone.Id));
    }

    /// <summary>What a failed login or first question says of the API itself; null when the API answered, and it is about the login. Pure.</summary>
    public static Measured? JudgeApi(PbxFailure failure) => failure switch
    {
        { Kind: PbxFailureKind.CredentialsRejected or PbxFailureKind.AddressLocked or PbxFailureKind.SessionEnded } => null,
        { Code: PbxErrorCode.ApiProcessDown or PbxErrorCode.ApiProcessUnreachable } => ApiFindings.ApiOff.With(("code", failure.RawCode)),
        { Kind: PbxFailureKind.NotSupported } => ApiFindings.NoApi.With(("code", failure.RawCode), ("detail", failure.Message)),
        _ => GeneralFindings.Of(failure),
    };

    private static string OffsetText(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "UTC\u2212" : "UTC+") + offset.ToString("h\\:mm", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Logs in when nobody is logged in, which costs one try of the budget at most, and asks the smallest question there is.</summary>
    private async Task<Measured> EnabledAsync(CheckRound round, CancellationToken ct)
    {
        var session = round.Work.Session;
        var login = await session.EnsureAsync(round.Configuration, ct);
        if (!login.Succeeded)
        {
            round.LoginFailure = login.Failure;
            return JudgeApi(login.Failure)
                ?? (session.LastLogin is { Failure.Kind: PbxFailureKind.CredentialsRejected or PbxFailureKind.AddressLocked } last
                    ? ApiFindings.ApiAnswers.With(("at", last.At))
                    : ApiFindings.LoginNotTried.With(("notBefore", session.NotBefore)));
        }

        var askedAt = time.GetUtcNow();
        var device = await round.AskAsync((client, token) => client.GetDeviceInformationAsync(token), ct);
        round.DeviceAsked = (askedAt, time.GetUtcNow());
        round.Device = device.Value;
        return device.Succeeded
            ? ApiFindings.ApiAnswers.With(("at", round.DeviceAsked.AnsweredAt), ("name", device.Value.Name))
            : JudgeApi(device.Failure) ?? GeneralFindings.Of(device.Failure);
    }

    private static Measured CredentialsOf(CheckRound round)
    {
        var session = round.Work.Session;
        var user = round.Configuration.Connection!.UserName;
        if (round.LoginFailure is null)
        {
            return ApiFindings.CredentialsAccepted.With(("user", user), ("at", session.LastLogin?.At));
        }

        var finding = round.Work.Health.Reason switch
        {
            SiteHealthReason.AddressLocked => ApiFindings.AddressLocked,
            SiteHealthReason.LoginUnresolved => ApiFindings.LoginsUnanswered,
            _ => ApiFindings.CredentialsRejected,
        };
        return finding.With(("user", user), ("at", session.LastLogin?.At), ("rejected", round.Work.Budget.Rejected), ("notBefore", session.NotBefore));
    }

    private async Task<Measured> SerialAsync(CheckRound round, CancellationToken ct)
    {
        if (round.Device?.SerialNumber is not { } serial)
        {
            return ApiFindings.SerialUntold.With();
        }

        var others = await evidence.SitesWithSerialNumberAsync(serial, round.Site.Value, ct);
        return (others.Count == 0 ? ApiFindings.SerialUnique : ApiFindings.SerialDuplicate).With(("serial", serial), ("sites", others.Count == 0 ? null : others));
    }

    private static async Task<Measured> SessionAsync(CheckRound round, CancellationToken ct)
    {
        var beat = await round.AskAsync((client, token) => round.Work.Session.HeartbeatAsync(client, round.Configuration, token), ct);
        return beat.Succeeded
            ? ApiFindings.HeartbeatAccepted.With(("since", round.Work.Session.LastLogin?.At))
            : beat.Failure.Kind == PbxFailureKind.Refused ? ApiFindings.HeartbeatRefused.With(("code", beat.Failure.RawCode)) : GeneralFindings.Of(beat.Failure);
    }
}
