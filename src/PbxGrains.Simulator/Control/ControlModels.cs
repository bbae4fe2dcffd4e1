using System.Text.Json.Serialization;

namespace PbxGrains.Simulator.Control;

/// <summary>A PBX as the control API lists it.</summary>
internal sealed record PbxView(int Index, Uri Address, string? CertificatePin, string SerialNumber, string UserName, string Firmware, string TimeZone, int Extensions, int RunningCalls);

/// <summary>A telephone as the control API lists it.</summary>
internal sealed record ExtensionView(string Number, string UserName, string Status, string Type, bool IsMonitored);

/// <summary>Counters of one PBX.</summary>
internal sealed record CountersView(
    long LoginsTried,
    long LoginsFailed,
    long LockOuts,
    long OldSessionsUsed,
    int LiveSessions,
    long Heartbeats,
    long Originates,
    long ReportsSent,
    long ReportsAcknowledged,
    long ReportsFailed,
    long ReportsDropped,
    int ReportsWaiting,
    IReadOnlyDictionary<string, long> Requests);

/// <summary>What all PBXs together have seen.</summary>
/// <param name="LoginsTried">Logins.</param>
/// <param name="LoginsFailed">Logins refused for a wrong user or password.</param>
/// <param name="LockOuts">Lock-outs.</param>
/// <param name="Requests">Requests by path.</param>
/// <param name="SecondsSinceListed">For each PBX the time since its extensions were last listed; null before.</param>
internal sealed record FleetCountersView(
    long LoginsTried, long LoginsFailed, long LockOuts, IReadOnlyDictionary<string, long> Requests, IReadOnlyList<double?> SecondsSinceListed);

/// <summary>What to change about the faults of a PBX; what is absent stays. Spans are seconds.</summary>
internal sealed record FaultsBody
{
    public bool? Down { get; init; }

    public bool? BlackHole { get; init; }

    public double? SlowSeconds { get; init; }

    public bool? DropReports { get; init; }

    public int? ServerError { get; init; }

    public bool? CutBodies { get; init; }

    public double? ClockSkewSeconds { get; init; }

    public bool? ApiOff { get; init; }

    public bool? OutboundRevoked { get; init; }

    public string[]? RevokedEndpoints { get; init; }

    public bool? LoseOriginateAnswer { get; init; }

    public bool? RejectLogins { get; init; }

    public bool? AddressBlocked { get; init; }

    /// <summary>Empty: off.</summary>
    public string? ReportsTo { get; init; }

    /// <summary>Empty: off.</summary>
    public string? SerialNumber { get; init; }

    public int? LongestAnswer { get; init; }

    public bool? ReportsDuplicated { get; init; }

    public double? ReportsLateSeconds { get; init; }

    public bool? ReportsSwapped { get; init; }

    public bool? TelephonesFlap { get; init; }

    public RecordingFault? Recordings { get; init; }

    public RecordingFormat? RecordingFormat { get; init; }

    public double? RecordingsLateSeconds { get; init; }

    public static FaultsBody Of(PbxFaults faults) => new()
    {
        Down = faults.Down,
        BlackHole = faults.BlackHole,
        SlowSeconds = faults.Slow.TotalSeconds,
        DropReports = faults.DropReports,
        ServerError = faults.ServerError,
        CutBodies = faults.CutBodies,
        ClockSkewSeconds = faults.ClockSkew.TotalSeconds,
        ApiOff = faults.ApiOff,
        OutboundRevoked = faults.OutboundRevoked,
        RevokedEndpoints = [.. faults.RevokedEndpoints],
        LoseOriginateAnswer = faults.LoseOriginateAnswer,
        RejectLogins = faults.RejectLogins,
        AddressBlocked = faults.AddressBlocked,
        ReportsTo = faults.ReportsTo,
        SerialNumber = faults.SerialNumber,
        LongestAnswer = faults.LongestAnswer,
        ReportsDuplicated = faults.ReportsDuplicated,
        ReportsLateSeconds = faults.ReportsLate.TotalSeconds,
        ReportsSwapped = faults.ReportsSwapped,
        TelephonesFlap = faults.TelephonesFlap,
        Recordings = faults.Recordings,
        RecordingFormat = faults.RecordingFormat,
        RecordingsLateSeconds = faults.RecordingsLate.TotalSeconds,
    };

    public void ApplyTo(PbxFaults faults)
    {
        faults.Slow = Seconds(SlowSeconds) ?? faults.Slow;
        faults.DropReports = DropReports ?? faults.DropReports;
        faults.ServerError = ServerError ?? faults.ServerError;
        faults.CutBodies = CutBodies ?? faults.CutBodies;
        faults.ClockSkew = Seconds(ClockSkewSeconds) ?? faults.ClockSkew;
        faults.ApiOff = ApiOff ?? faults.ApiOff;
        faults.OutboundRevoked = OutboundRevoked ?? faults.OutboundRevoked;
        faults.RevokedEndpoints = RevokedEndpoints ?? faults.RevokedEndpoints;
        faults.LoseOriginateAnswer = LoseOriginateAnswer ?? faults.LoseOriginateAnswer;
        faults.RejectLogins = RejectLogins ?? faults.RejectLogins;
        faults.AddressBlocked = AddressBlocked ?? faults.AddressBlocked;
        faults.ReportsTo = ReportsTo is null ? faults.ReportsTo : TextOrNull(ReportsTo);
        faults.SerialNumber = SerialNumber is null ? faults.SerialNumber : TextOrNull(SerialNumber);
        faults.LongestAnswer = LongestAnswer ?? faults.LongestAnswer;
        faults.ReportsDuplicated = ReportsDuplicated ?? faults.ReportsDuplicated;
        faults.ReportsLate = Seconds(ReportsLateSeconds) ?? faults.ReportsLate;
        faults.ReportsSwapped = ReportsSwapped ?? faults.ReportsSwapped;
        faults.TelephonesFlap = TelephonesFlap ?? faults.TelephonesFlap;
        faults.Recordings = Recordings ?? faults.Recordings;
        faults.RecordingFormat = RecordingFormat ?? faults.RecordingFormat;
        faults.RecordingsLate = Seconds(RecordingsLateSeconds) ?? faults.RecordingsLate;
        faults.BlackHole = BlackHole ?? faults.BlackHole;
        faults.Down = Down ?? faults.Down;
    }

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;

    private static TimeSpan? Seconds(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
}

/// <summary>Somebody shall call.</summary>
/// <param name="From">Outside number; or a telephone of the PBX, which then dials by hand.</param>
/// <param name="To">Extension, 6200, 6700, 6500, DID; or an outside number when a telephone dials.</param>
/// <param name="Outcome">What becomes of it; absent: answered.</param>
/// <param name="RingSeconds">How long it rings; absent: by lot.</param>
/// <param name="TalkSeconds">How long they talk; absent: by lot.</param>
internal sealed record CallBody(string From, string To, CallOutcome? Outcome, double? RingSeconds, double? TalkSeconds)
{
    public CallPlan Plan() => new()
    {
        Outcome = Outcome ?? CallOutcome.Answered,
        Ring = RingSeconds is { } ring ? TimeSpan.FromSeconds(ring) : null,
        Talk = TalkSeconds is { } talk ? TimeSpan.FromSeconds(talk) : null,
    };
}

/// <summary>A telephone shall change its state.</summary>
internal sealed record StatusBody(ExtensionStatus Status);

/// <summary>Id of a call that was started.</summary>
internal sealed record CallStarted(string CallId);

/// <summary>Why a request was refused.</summary>
internal sealed record Refused(string Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<PbxView>))]
[JsonSerializable(typeof(List<ExtensionView>))]
[JsonSerializable(typeof(IReadOnlyList<SimulatedCall>))]
[JsonSerializable(typeof(IReadOnlyList<CdrRow>))]
[JsonSerializable(typeof(CountersView))]
[JsonSerializable(typeof(FleetCountersView))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, long>))]
[JsonSerializable(typeof(FaultsBody))]
[JsonSerializable(typeof(CallBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(CallStarted))]
[JsonSerializable(typeof(Refused))]
internal sealed partial class ControlJson : JsonSerializerContext;
