using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Reports;

/// <summary>Stable words for what a report is about, as the API shows them.</summary>
public static class ReportWords
{
    /// <summary>A report that cannot be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A report too long to be shown whole, of whatever kind.</summary>
    public const string Long = "long";

    /// <summary>Every word.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "bootUp", "configurationChanged", "extensionStatus", "callProgress", "callNotice", "callFailed", "dtmf", "callRecord",
        "promptEnded", "satisfaction", "sms", "queue", "unknown", Unreadable, Long,
    ];

    /// <summary>The word for a report.</summary>
    public static string Of(Report report) => report switch
    {
        BootUpReport => "bootUp",
        ConfigurationChangedReport => "configurationChanged",
        ExtensionStatusReport => "extensionStatus",
        CallProgressReport => "callProgress",
        CallNoticeReport => "callNotice",
        CallFailedReport => "callFailed",
        DtmfReport => "dtmf",
        CallRecordReport => "callRecord",
        PromptEndedReport => "promptEnded",
        SatisfactionReport => "satisfaction",
        SmsReport => "sms",
        QueueReport => "queue",
        UnreadableReport => Unreadable,
        _ => "unknown",
    };
}
