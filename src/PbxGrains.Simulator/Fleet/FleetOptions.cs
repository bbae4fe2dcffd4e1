namespace PbxGrains.Simulator;

/// <summary>
/// What a simulated fleet looks like. The defaults are a small company: three sites, twenty telephones each, quiet.
/// Everything that is drawn by lot follows <see cref="Seed" />: the same options give the same fleet and the same calls.
/// </summary>
public sealed record FleetOptions
{
    /// <summary>Firmware of the sites with an odd index when <see cref="Firmware" /> is null: it knows the v1 dialect only.</summary>
    public const string OldFirmware = "30.11.0.7";

    /// <summary>Firmware of the sites with an even index when <see cref="Firmware" /> is null: it knows both dialects.</summary>
    public const string NewFirmware = "30.13.0.30";

    /// <summary>Number of PBXs at the start.</summary>
    public int Sites { get; init; } = 3;

    /// <summary>Telephones per PBX.</summary>
    public int Extensions { get; init; } = 20;

    /// <summary>Number of the first telephone; the others count up from it.</summary>
    public int FirstExtension { get; init; } = 1001;

    /// <summary>How many of the last telephones are analogue (FXS): those rest in <c>Idle</c>, not in <c>Registered</c>.</summary>
    public int FxsExtensions { get; init; }

    /// <summary>Port of the web interface; 0 lets the system pick one for each PBX, which tests want.</summary>
    public int Port { get; init; } = 8088;

    /// <summary>HTTPS with a self-signed certificate for each PBX, or plain HTTP.</summary>
    public bool Https { get; init; } = true;

    /// <summary>Decides serial numbers, keys, call outcomes, durations and traffic.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Calls that the traffic generator starts per site and minute; 0 leaves the fleet quiet.</summary>
    public double CallsPerMinute { get; init; }

    /// <summary>IANA name of the zone of every PBX's wall clock.</summary>
    public string TimeZone { get; init; } = "Europe/Paris";

    /// <summary>Firmware of every PBX; null alternates <see cref="NewFirmware" /> (even index) and <see cref="OldFirmware" /> (odd index).</summary>
    public string? Firmware { get; init; }

    /// <summary>What old firmware answers to a v2 path; the fact is not documented, so both guesses can be chosen.</summary>
    public UnknownPathAnswer UnknownPath { get; init; } = UnknownPathAnswer.ErrorCode;

    /// <summary>Name of the API user.</summary>
    public string UserName { get; init; } = "api";

    /// <summary>Password of the API user, in clear; the wire carries its MD5.</summary>
    public string Password { get; init; } = "Password1";

    /// <summary>Pause before a report that was not answered 200 is sent again. The true interval is not documented.</summary>
    public TimeSpan ReportRepeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the answer to a report, in real time, before the try counts as failed.</summary>
    public TimeSpan ReportTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reports a PBX sends at the same time; 1 keeps them in order when the receiver answers.</summary>
    public int ReportParallelism { get; init; } = 1;

    /// <summary>Reports print <c>Host: 192.168.5.150: 8260</c> with a space before the port, as every official sample does.</summary>
    public bool ReportHostHasSpace { get; init; } = true;

    /// <summary>Reports list <c>Accept: application/json</c> twice, as the v2 samples do.</summary>
    public bool ReportAcceptIsDoubled { get; init; } = true;

    /// <summary>A heartbeat without <c>version</c> sets the report format back to the malformed default. Not documented, therefore an option.</summary>
    public bool HeartbeatWithoutVersionResetsFormat { get; init; }

    /// <summary>How long telephones ring before they are picked up.</summary>
    public TimeSpanRange RingTime { get; init; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6));

    /// <summary>How long people talk.</summary>
    public TimeSpanRange TalkTime { get; init; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40));

    /// <summary>How long a telephone rings in vain before the PBX gives up.</summary>
    public TimeSpan RingTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Share of the answered calls that are recorded, 0 to 1.</summary>
    public double RecordedShare { get; init; } = 1;

    /// <summary>Loopback address of the control API, <c>http://127.0.0.1:8089</c> for example; null: no control API.</summary>
    public Uri? ControlAddress { get; init; }
}

/// <summary>What a PBX with old firmware answers to a path of the v2 dialect.</summary>
public enum UnknownPathAnswer
{
    /// <summary>HTTP 200 with <c>{"status":"Failed","errno":"10003"}</c>.</summary>
    ErrorCode,

    /// <summary>HTTP 404 with a small HTML page.</summary>
    NotFound,
}

/// <summary>A span of time drawn by lot, both ends included.</summary>
/// <param name="Shortest">Lower end.</param>
/// <param name="Longest">Upper end.</param>
public sealed record TimeSpanRange(TimeSpan Shortest, TimeSpan Longest)
{
    internal TimeSpan Draw(Random random) =>
        TimeSpan.FromSeconds(Math.Round(Shortest.TotalSeconds + (random.NextDouble() * (Longest - Shortest).TotalSeconds)));
}
