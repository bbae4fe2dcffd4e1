using PbxGrains.Yeastar.Time;

namespace PbxGrains.Yeastar.Reports;

/// <summary>Reads a call record from a report's fields (fact sheet S-Series §7.5 and §8.3).</summary>
internal static class CallRecordReader
{
    /// <summary>Reads the record; only the call is required.</summary>
    public static PbxCallRecord Read(string callId, ReportFields fields) => new()
    {
        CallId = callId,
        RecordId = fields[ReportField.RecordId],
        StartText = fields[ReportField.Start],
        StartWallClock = WallClock.Parse(fields[ReportField.Start]),
        From = fields[ReportField.CallFrom],
        To = fields[ReportField.CallTo],
        TotalSeconds = ReportText.Seconds(fields[ReportField.TotalDuration]),
        TalkSeconds = ReportText.Seconds(fields[ReportField.TalkDuration]),
        SourceTrunk = fields[ReportField.SourceTrunk],
        DestinationTrunk = fields[ReportField.DestinationTrunk],
        Status = fields[ReportField.Status],
        Disposition = DispositionOf(fields[ReportField.Status]),
        Type = fields[ReportField.Type],
        HadPinCode = fields.HadPinCode,
        Recording = fields[ReportField.Recording],
        Did = fields[ReportField.Did],
        AgentRingSeconds = ReportText.Seconds(fields[ReportField.AgentRingTime]),
    };

    /// <summary>
    /// Classifies the PBX's word. The documentation spells the same outcome <c>ANSWERED</c> and <c>ANSWERD</c>,
    /// <c>NO ANSWER</c> and <c>NO ANSWERED</c>.
    /// </summary>
    public static CallDisposition DispositionOf(string? status) => ReportText.Fold(status) switch
    {
        ['N', 'O', .. var rest] when rest.Contains("ANSWER", StringComparison.Ordinal) => CallDisposition.NoAnswer,
        ['A', 'N', 'S', 'W', 'E', 'R', ..] => CallDisposition.Answered,
        "BUSY" => CallDisposition.Busy,
        "FAILED" => CallDisposition.Failed,
        "VOICEMAIL" => CallDisposition.Voicemail,
        _ => CallDisposition.Unknown,
    };
}
