namespace PbxGrains.Yeastar.Reports;

/// <summary>What a report is about.</summary>
internal enum ReportKind
{
    Unknown,
    BootUp,
    ConfigurationChanged,
    ExtensionStatus,
    Alert,
    Ring,
    Answer,
    Answered,
    Bye,
    CallStatus,
    Transferred,
    Forwarded,
    Invite,
    Incoming,
    Conference,
    PhoneControl,
    CallFailed,
    Dtmf,
    CallRecord,
    PromptEnded,
    Satisfaction,
    Sms,
    QueueAutoPause,
    QueueRingTimeout,
}

/// <summary>Finds what a report is about.</summary>
internal static class ReportKinds
{
    /// <summary>
    /// By the discriminator, <c>event</c> or <c>action</c> wherever it stands; by the fields when there is none.
    /// </summary>
    public static ReportKind Of(ReportFields fields)
    {
        var kind = OfWord(fields[ReportField.Event]);
        if (kind == ReportKind.Unknown)
        {
            kind = OfWord(fields[ReportField.Action]);
        }

        return kind == ReportKind.Unknown && Word(fields) is null ? OfFields(fields) : kind;
    }

    /// <summary>The discriminator as sent; null when there is none.</summary>
    public static string? Word(ReportFields fields) => fields[ReportField.Event] ?? fields[ReportField.Action];

    private static ReportKind OfWord(string? word) => ReportText.Fold(word) switch
    {
        "BOOTUP" => ReportKind.BootUp,
        "CONFIGCHANGE" => ReportKind.ConfigurationChanged,
        "EXTENSIONSTATUS" => ReportKind.ExtensionStatus,
        "ALERT" => ReportKind.Alert,
        "RING" => ReportKind.Ring,
        "ANSWER" => ReportKind.Answer,
        "ANSWERED" => ReportKind.Answered,
        "BYE" => ReportKind.Bye,
        "CALLSTATUS" => ReportKind.CallStatus,
        "TRANFER" or "TRANSFER" => ReportKind.Transferred,
        "FORWARD" or "CALLFORWARD" => ReportKind.Forwarded,
        "INVITE" => ReportKind.Invite,
        "INCOMING" => ReportKind.Incoming,
        "CONFERENCESTATUS" => ReportKind.Conference,
        "UACSTACALL" => ReportKind.PhoneControl,
        "CALLFAILED" => ReportKind.CallFailed,
        "DTMF" or "DTMFEVENT" => ReportKind.Dtmf,
        "NEWCDR" => ReportKind.CallRecord,
        "PLAYPROMPTEND" => ReportKind.PromptEnded,
        "SATISFACTION" => ReportKind.Satisfaction,
        "SMSSEND" => ReportKind.Sms,
        "QUEUEAUTOPAUSE" => ReportKind.QueueAutoPause,
        "QUEUEAGENTRINGNOANSWERTIMEOUT" => ReportKind.QueueRingTimeout,
        _ => ReportKind.Unknown,
    };

    /// <summary>Only what no other report looks like.</summary>
    private static ReportKind OfFields(ReportFields fields)
    {
        bool Has(ReportField field) => fields[field] is not null;

        var call = Has(ReportField.CallId);
        return fields switch
        {
            _ when call && Has(ReportField.Start) => ReportKind.CallRecord,
            _ when call && Has(ReportField.Reason) => ReportKind.CallFailed,
            _ when call && Has(ReportField.SurveyResult) => ReportKind.Satisfaction,
            _ when call && Has(ReportField.ConferenceNumber) => ReportKind.Conference,
            _ when call && (Has(ReportField.Keys) || (Has(ReportField.Key) && Has(ReportField.KeyIndex))) => ReportKind.Dtmf,
            _ when call && fields.HasMembers => ReportKind.CallStatus,
            _ when fields.Extensions.Count == 1 && Has(ReportField.Status) => ReportKind.ExtensionStatus,
            _ when Has(ReportField.SmsId) && Has(ReportField.Status) => ReportKind.Sms,
            _ when Has(ReportField.Type) && Has(ReportField.Operation) => ReportKind.ConfigurationChanged,
            _ when Has(ReportField.Queue) && fields.Missed.Count > 0 => ReportKind.QueueAutoPause,
            _ => ReportKind.Unknown,
        };
    }
}
