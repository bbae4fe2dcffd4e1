namespace PbxGrains.Simulator.Reports;

/// <summary>What a party of a call is.</summary>
internal enum PartyKind
{
    Extension,
    Inbound,
    Outbound,
}

/// <summary>One party as it stood when the report was made.</summary>
/// <param name="Kind">Telephone or trunk leg.</param>
/// <param name="Number">Extension number; empty for trunk legs.</param>
/// <param name="From">Trunk legs: who calls.</param>
/// <param name="To">Trunk legs: who is called.</param>
/// <param name="Trunk">Trunk legs: name of the trunk.</param>
/// <param name="LegId">Trunk legs: v1 handle.</param>
/// <param name="ChannelId">v2 handle.</param>
/// <param name="Status">v2 <c>memberstatus</c>; empty leaves it out.</param>
/// <param name="CallPath">Number of the queue, IVR or ring group the call came through; empty leaves it out.</param>
internal sealed record Party(PartyKind Kind, string Number, string From, string To, string Trunk, string LegId, string ChannelId, string Status, string CallPath);

/// <summary>Something the PBX tells, before it takes the shape the receiver asked for.</summary>
internal sealed record Report
{
    /// <summary>Name in the v1 formats; null when v1 does not report it.</summary>
    public string? Action { get; init; }

    /// <summary>Name in v2; null when v2 does not report it.</summary>
    public string? Event { get; init; }

    /// <summary>Call id; null for reports that are not about a call.</summary>
    public string? CallId { get; init; }

    /// <summary>Parties, the one the verb is about first; null when the report has none.</summary>
    public IReadOnlyList<Party>? Parties { get; init; }

    /// <summary>v1 puts the parties at the root, even in 1.0.2 (CallFailed, PlayPromptEnd).</summary>
    public bool PartiesAtRoot { get; init; }

    /// <summary>Members besides those above, per format, in order.</summary>
    public Func<ReportFormat, IEnumerable<(string Name, string Value)>> Members { get; init; } = static _ => [];

    /// <summary>The PBX has started.</summary>
    public static Report BootUp { get; } = new() { Action = "BootUp", Event = "BootUp" };

    /// <summary>A monitored telephone changed.</summary>
    public static Report ExtensionStatus(string number, string status, string registeredAddress) => new()
    {
        Action = "ExtensionStatus",
        Event = "ExtensionStatus",
        Members = format => format is ReportFormat.V200
            ? [("extension", number), ("status", status), ("registeredIP", registeredAddress)]
            : [("extension", number), ("status", status)],
    };

    /// <summary>Settings changed.</summary>
    public static Report ConfigChange(string type, string name, string operation) => new()
    {
        Action = "ConfigChange",
        Event = "ConfigChange",
        Members = _ => [("type", type), (type is "trunk" ? "trunkname" : "extid", name), ("operation", operation)],
    };

    /// <summary>A step of a call that only v1 reports this way: RING, ALERT, ANSWER, ANSWERED, BYE.</summary>
    public static Report Progress(string action, string callId, params IReadOnlyList<Party> parties) =>
        new() { Action = action, CallId = callId, Parties = parties };

    /// <summary>The state of all parties, as v2 reports it.</summary>
    public static Report CallStatus(string callId, IReadOnlyList<Party> members) =>
        new() { Event = "CallStatus", CallId = callId, Parties = members };

    /// <summary>The caller pressed a key.</summary>
    public static Report Dtmf(string callId, Party party, char key, int flag, string all) => new()
    {
        Action = "DTMF",
        Event = "DTMF",
        CallId = callId,
        Parties = [party],
        Members = _ => all.Length > 0
            ? [("info", key.ToString()), ("flag", Text(flag)), ("infos", all)]
            : [("info", key.ToString()), ("flag", Text(flag))],
    };

    /// <summary>A caller judged a call.</summary>
    public static Report Satisfaction(string callId, string result) =>
        new() { Action = "satisfaction", Event = "satisfaction", CallId = callId, Members = _ => [("surveyresult", result)] };

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
