namespace PbxGrains.Cli.Tests;

/// <summary>Answers of the API as its contract describes them.</summary>
internal static class Samples
{
    public const string Password = "Geheim-4711";

    public const string Pin = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";

    public const string OtherPin = "EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=";

    public const string WebhookUrl = "http://192.0.2.20:8260/api/pbx/webhook/paris/s3cr3t-s3cr3t-s3cr3t-s3cr3t";

    public static readonly string Online = Site("online", "polling", "The PBX answers and is polled.", "\"2026-11-22T10:00:05Z\"");

    public static readonly string Connecting = Site("connecting", "firstContact", "The first contact with the PBX is under way.", "null");

    public static readonly string Rejected = Site("credentialsRejected", "wrongCredentials", "The PBX rejects user or password.", "null");

    public static readonly string Saved = $$"""{"site":{{Connecting}},"webhook":{"url":"{{WebhookUrl}}","secret":"s3cr3t-s3cr3t-s3cr3t-s3cr3t"} }""";

    public static readonly string SavedUpdate = $$"""{"site":{{Connecting}},"webhook":null}""";

    /// <summary>The certificate is shown; it is not the pinned one, so nothing was sent.</summary>
    public static readonly string ProbeCertificate = $$"""
        {"reached":"certificate","failure":"certificate-changed","message":"The certificate is not pinned; nothing was sent.",
         "certificatePin":"{{Pin}}","certificateSubject":"CN=Yeastar","certificateExpires":"2031-01-01T00:00:00Z"}
        """;

    public static readonly string ProbeNoConnection = """{"reached":"connection","failure":"no-connection","message":"Nobody answers at 10.1.0.254 port 8088."}""";

    public static readonly string ProbeWrongLogin = $$"""{"reached":"login","failure":"wrong-credentials","message":"User or password is wrong.","certificatePin":"{{Pin}}"}""";

    public static string ProbeDone(int utcOffsetMinutes = 0, double skew = 0.4) => $$"""
        {"reached":"done","failure":null,"message":null,"certificatePin":"{{Pin}}","certificateSubject":"CN=Yeastar","certificateExpires":"2031-01-01T00:00:00Z",
         "dialect":"2.0.0","firmware":"30.13.0.30","serialNumber":"3642A1234567","deviceName":"S50","clockSkewSeconds":{{skew}},"utcOffsetMinutes":{{utcOffsetMinutes}} }
        """;

    /// <summary>Options of <c>site add</c> that leave nothing to ask.</summary>
    public static readonly string[] AddFlags =
    [
        "site", "add", "--non-interactive", "--id", "paris", "--name", "Paris", "--address", "10.1.0.254", "--user", "api",
        "--time-zone", "Etc/UTC", "--password-stdin",
    ];

    private static string Site(string health, string reason, string message, string lastPoll) => $$"""
        {"siteId":"paris","name":"Paris","address":"https://10.1.0.254:8088","userName":"api","hasPassword":true,"timeZone":"Etc/UTC","country":null,
         "certificatePins":["{{Pin}}"],"allowPlainHttp":false,"sourceAddresses":[],"reportAddress":null,"suspended":false,"dialect":"2.0.0","firmware":"30.13.0.30",
         "serialNumber":"3642A1234567","version":1,
         "status":{"health":"{{health}}","reason":"{{reason}}","message":"{{message}}","since":"2026-11-22T10:00:00Z","lastPollAt":{{lastPoll}},
          "lastPollMilliseconds":41.5,"nextPollAt":null,"pollRounds":1,"lastReportAt":null,"push":"silent","extensions":{"idle":18,"busy":2,"unknown":0},
          "runningCalls":1,"warnings":[{"code":"serial-number-contradicts","message":"A report carried another serial number.","at":"2026-11-22T10:00:00Z"}],
          "loginFailures":0,"silo":"S127.0.0.1:11111"} }
        """;
}
