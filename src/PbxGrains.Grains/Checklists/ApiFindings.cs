namespace PbxGrains.Grains.Checklists;

/// <summary>What can be found at the PBX's API.</summary>
internal static class ApiFindings
{
    public static readonly Finding ApiAnswers = Finding.Pass("api-answers");
    public static readonly Finding ApiOff = Finding.Fail("api-off");
    public static readonly Finding NoApi = Finding.Fail("no-api");
    public static readonly Finding LoginNotTried = Finding.Notice("login-not-tried");

    public static readonly Finding CredentialsAccepted = Finding.Pass("credentials-accepted");
    public static readonly Finding CredentialsRejected = Finding.Fail("credentials-rejected");
    public static readonly Finding AddressLocked = Finding.Fail("address-locked");
    public static readonly Finding LoginsUnanswered = Finding.Fail("logins-unanswered");

    public static readonly Finding DialectNew = Finding.Pass("dialect-new");
    public static readonly Finding DialectOld = Finding.Pass("dialect-old");
    public static readonly Finding FirmwareOld = Finding.Warn("firmware-old");
    public static readonly Finding FirmwareTooOld = Finding.Fail("firmware-too-old");
    public static readonly Finding FirmwareUnreadable = Finding.Notice("firmware-unreadable");

    public static readonly Finding SerialUnique = Finding.Pass("serial-unique");
    public static readonly Finding SerialDuplicate = Finding.Fail("serial-duplicate");
    public static readonly Finding SerialUntold = Finding.Notice("serial-untold");

    public static readonly Finding ClockRight = Finding.Pass("clock-right");
    public static readonly Finding ClockAhead = Finding.Fail("clock-ahead");
    public static readonly Finding ClockBehind = Finding.Fail("clock-behind");
    public static readonly Finding ZoneDiffers = Finding.Fail("zone-differs");
    public static readonly Finding ClockUntold = Finding.Notice("clock-untold");

    public static readonly Finding HeartbeatAccepted = Finding.Pass("heartbeat-accepted");
    public static readonly Finding HeartbeatRefused = Finding.Fail("heartbeat-refused");
}
