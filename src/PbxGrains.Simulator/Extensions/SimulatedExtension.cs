namespace PbxGrains.Simulator;

/// <summary>The states of a telephone, by their names on the wire (lists say <c>Unavailable</c> where reports say <c>Unregistered</c>).</summary>
public enum ExtensionStatus
{
    /// <summary>A SIP telephone at rest.</summary>
    Registered,

    /// <summary>An analogue telephone at rest.</summary>
    Idle,

    /// <summary>Not registered: nobody can call it.</summary>
    Unavailable,

    /// <summary>It rings.</summary>
    Ringing,

    /// <summary>Somebody talks on it.</summary>
    Busy,

    /// <summary>Its call is on hold. Lists show it; there is no report of it.</summary>
    Hold,

    /// <summary>The telephone is broken.</summary>
    Malfunction,

    /// <summary>The analogue port does not exist.</summary>
    Fxsnoport,
}

/// <summary>How the calls of a telephone may be monitored.</summary>
public enum MonitorMode
{
    /// <summary>In every way.</summary>
    Extensive,

    /// <summary>Listening only.</summary>
    Listen,

    /// <summary>Whispering to the telephone only.</summary>
    Whisper,

    /// <summary>Joining the call only.</summary>
    BargeIn,

    /// <summary>Not at all.</summary>
    Disabled,
}

/// <summary>One telephone of a simulated PBX. Safe to read from any thread; switches take effect with the next request or call.</summary>
public sealed class SimulatedExtension
{
    private volatile int _status;
    private volatile bool _monitored = true;
    private volatile bool _mayDialOut = true;
    private volatile int _monitorMode;
    private volatile string _mobile = "";

    internal SimulatedExtension(string number, string userName, bool isFxs, int port, string registeredAddress)
    {
        Number = number;
        UserName = userName;
        IsFxs = isFxs;
        Port = isFxs ? $"Span1_Port{port}" : "";
        RegisteredAddress = registeredAddress;
        _status = (int)RestingStatus;
    }

    /// <summary>Its number.</summary>
    public string Number { get; }

    /// <summary>Whose telephone it is.</summary>
    public string UserName { get; }

    /// <summary>Analogue (FXS) instead of SIP.</summary>
    public bool IsFxs { get; }

    /// <summary>Analogue port, <c>Span1_Port3</c> for example; empty for SIP.</summary>
    public string Port { get; }

    /// <summary>Where the telephone registered from, as v2 reports it (<c>registeredIP</c>).</summary>
    public string RegisteredAddress { get; }

    /// <summary>What it does now.</summary>
    public ExtensionStatus Status
    {
        get => (ExtensionStatus)_status;
        internal set => _status = (int)value;
    }

    /// <summary>The administrator ticked it in the extension status monitor: changes are reported.</summary>
    public bool IsMonitored
    {
        get => _monitored;
        set => _monitored = value;
    }

    /// <summary>It may use the outbound route; else dialling out gives 10024.</summary>
    public bool MayDialOut
    {
        get => _mayDialOut;
        set => _mayDialOut = value;
    }

    /// <summary>How others may listen to its calls: 10009 when not at all, 10010 when not in that way.</summary>
    public MonitorMode MonitorMode
    {
        get => (MonitorMode)_monitorMode;
        set => _monitorMode = (int)value;
    }

    /// <summary>Mobile number that rings together with the telephone; empty: none.</summary>
    public string Mobile
    {
        get => _mobile;
        set => _mobile = value ?? "";
    }

    /// <summary>Reachable: neither unregistered nor broken.</summary>
    public bool IsRegistered => Status is not (ExtensionStatus.Unavailable or ExtensionStatus.Malfunction or ExtensionStatus.Fxsnoport);

    /// <summary>Neither ringing nor talking, and reachable.</summary>
    public bool IsFree => Status is ExtensionStatus.Registered or ExtensionStatus.Idle;

    internal ExtensionStatus RestingStatus => IsFxs ? ExtensionStatus.Idle : ExtensionStatus.Registered;
}
