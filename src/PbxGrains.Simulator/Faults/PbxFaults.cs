using System.Collections.Immutable;

namespace PbxGrains.Simulator;

/// <summary>
/// What is wrong with one PBX right now. Every property may be set at any time from any thread and takes effect with the next
/// connection, request or report. A new PBX has no fault.
/// </summary>
public sealed class PbxFaults
{
    private readonly Action<PbxFaults> _changed;
    private volatile bool _down;
    private volatile bool _blackHole;
    private volatile bool _dropReports;
    private volatile bool _cutBodies;
    private volatile bool _apiOff;
    private volatile bool _outboundRevoked;
    private volatile bool _loseOriginateAnswer;
    private volatile bool _rejectLogins;
    private volatile bool _addressBlocked;
    private volatile string? _reportsTo;
    private volatile string? _serialNumber;
    private volatile int _longestAnswer;
    private volatile bool _reportsDuplicated;
    private volatile bool _reportsSwapped;
    private volatile bool _telephonesFlap;
    private volatile int _serverError;
    private volatile RecordingFault _recordings;
    private volatile RecordingFormat _recordingFormat;
    private long _recordingsLate;
    private volatile ImmutableArrayBox _revoked = new([]);
    private volatile TimeZoneInfo? _zone;
    private volatile Moment? _damagedCdrAt;
    private long _longestCdrWindow;
    private long _slow;
    private long _clockSkew;
    private long _reportsLate;

    internal PbxFaults(Action<PbxFaults> changed) => _changed = changed;

    /// <summary>Nothing listens: connections are refused. What is connected already may finish.</summary>
    public bool Down
    {
        get => _down;
        set
        {
            _down = value;
            _changed(this);
        }
    }

    /// <summary>Connections are accepted and never answered. Turning it off closes those that wait.</summary>
    public bool BlackHole
    {
        get => _blackHole;
        set
        {
            _blackHole = value;
            _changed(this);
        }
    }

    /// <summary>Every answer waits this long on the simulator's clock; zero: no delay.</summary>
    public TimeSpan Slow
    {
        get => new(Interlocked.Read(ref _slow));
        set => Interlocked.Exchange(ref _slow, value.Ticks);
    }

    /// <summary>Reports are not sent and not kept.</summary>
    public bool DropReports
    {
        get => _dropReports;
        set => _dropReports = value;
    }

    /// <summary>Every request is answered with this HTTP status (500, 502, 504) and an HTML page; 0: off.</summary>
    public int ServerError
    {
        get => _serverError;
        set => _serverError = value;
    }

    /// <summary>Answers announce their full length, send half of it and break the connection.</summary>
    public bool CutBodies
    {
        get => _cutBodies;
        set => _cutBodies = value;
    }

    /// <summary>How far the PBX's clock is ahead (positive) or behind (negative): its wall clock and the epoch in its call ids.</summary>
    public TimeSpan ClockSkew
    {
        get => new(Interlocked.Read(ref _clockSkew));
        set => Interlocked.Exchange(ref _clockSkew, value.Ticks);
    }

    /// <summary>The administrator switched the API off: every request fails with 30003.</summary>
    public bool ApiOff
    {
        get => _apiOff;
        set => _apiOff = value;
    }

    /// <summary>No extension may dial out any more: 10024.</summary>
    public bool OutboundRevoked
    {
        get => _outboundRevoked;
        set => _outboundRevoked = value;
    }

    /// <summary>Endpoints that answer 10003, by the beginning of their path: <c>cdr/</c>, <c>call/dial</c>, <c>recording/</c>.</summary>
    public IReadOnlyList<string> RevokedEndpoints
    {
        get => _revoked.Paths;
        set => _revoked = new ImmutableArrayBox([.. value]);
    }

    /// <summary>The next originates start their call, but their HTTP answer is never sent.</summary>
    public bool LoseOriginateAnswer
    {
        get => _loseOriginateAnswer;
        set => _loseOriginateAnswer = value;
    }

    /// <summary>Every login is wrong (20003, and the lock-out counts), as after a password change. Living tokens stay valid.</summary>
    public bool RejectLogins
    {
        get => _rejectLogins;
        set => _rejectLogins = value;
    }

    /// <summary>Every login is answered 20002: the caller's address is in the list of blocked addresses. Living tokens stay valid.</summary>
    public bool AddressBlocked
    {
        get => _addressBlocked;
        set => _addressBlocked = value;
    }

    /// <summary>Where reports go instead of the address told at login, without a scheme: <c>192.0.2.20:8260/elsewhere</c>; null: off.</summary>
    public string? ReportsTo
    {
        get => _reportsTo;
        set => _reportsTo = value;
    }

    /// <summary>Serial number it claims to have, in its description and its reports; null: its own.</summary>
    public string? SerialNumber
    {
        get => _serialNumber;
        set => _serialNumber = value;
    }

    /// <summary>Answers longer than this, in bytes, hang after their head until the caller gives up, as in a tunnel that loses large packets; 0: off.</summary>
    public int LongestAnswer
    {
        get => _longestAnswer;
        set => _longestAnswer = value;
    }

    /// <summary>Every report is delivered twice.</summary>
    public bool ReportsDuplicated
    {
        get => _reportsDuplicated;
        set => _reportsDuplicated = value;
    }

    /// <summary>Every report waits this long on the simulator's clock before it is sent; zero: off.</summary>
    public TimeSpan ReportsLate
    {
        get => new(Interlocked.Read(ref _reportsLate));
        set => Interlocked.Exchange(ref _reportsLate, value.Ticks);
    }

    /// <summary>Each two neighbouring reports change places, so that NewCdr overtakes the last call status. One without a neighbour leaves after a second.</summary>
    public bool ReportsSwapped
    {
        get => _reportsSwapped;
        set => _reportsSwapped = value;
    }

    /// <summary>Each list of extensions shows the telephones at rest without the registration they had in the one before, or with it again. No report tells of it.</summary>
    public bool TelephonesFlap
    {
        get => _telephonesFlap;
        set => _telephonesFlap = value;
    }

    /// <summary>What is wrong with recordings.</summary>
    public RecordingFault Recordings
    {
        get => _recordings;
        set => _recordings = value;
    }

    /// <summary>In which format recordings come; the names of new ones end accordingly.</summary>
    public RecordingFormat RecordingFormat
    {
        get => _recordingFormat;
        set => _recordingFormat = value;
    }

    /// <summary>How long after the end of its call the PBX does not know a recording yet, on the simulator's clock; zero: off.</summary>
    public TimeSpan RecordingsLate
    {
        get => new(Interlocked.Read(ref _recordingsLate));
        set => Interlocked.Exchange(ref _recordingsLate, value.Ticks);
    }

    /// <summary>Records of a span longer than this are answered 504, as by firmware that is too slow for it; zero: off.</summary>
    public TimeSpan LongestCdrWindow
    {
        get => new(Interlocked.Read(ref _longestCdrWindow));
        set => Interlocked.Exchange(ref _longestCdrWindow, value.Ticks);
    }

    /// <summary>A record that began at this wall-clock time can be read by nobody: its row in the CSV is cut; null: off.</summary>
    public DateTime? DamagedCdrAt
    {
        get => _damagedCdrAt is { } at ? at.Time : null;
        set => _damagedCdrAt = value is { } time ? new Moment(time) : null;
    }

    /// <summary>Zone an administrator has chosen instead of the PBX's own, as an IANA name; null: its own.</summary>
    public string? TimeZone
    {
        get => _zone?.Id;
        set => _zone = value is null ? null : TimeZoneInfo.FindSystemTimeZoneById(value);
    }

    internal TimeZoneInfo? Zone => _zone;

    /// <summary>Everything works again. A clock or zone that was set wrong is right again too.</summary>
    public void Clear()
    {
        Slow = ReportsLate = ClockSkew = LongestCdrWindow = RecordingsLate = TimeSpan.Zero;
        Recordings = RecordingFault.None;
        RecordingFormat = RecordingFormat.Pcm;
        (DamagedCdrAt, TimeZone) = (null, null);
        (ReportsTo, SerialNumber) = (null, null);
        DropReports = CutBodies = ApiOff = OutboundRevoked = LoseOriginateAnswer = RejectLogins = AddressBlocked = false;
        ReportsDuplicated = ReportsSwapped = TelephonesFlap = false;
        ServerError = LongestAnswer = 0;
        RevokedEndpoints = [];
        _blackHole = false;
        Down = false;
    }

    private sealed record Moment(DateTime Time);

    private sealed record ImmutableArrayBox(ImmutableArray<string> Paths);
}
