namespace PbxGrains.Grains.Checklists;

/// <summary>What can be found out about the PBX's reports.</summary>
internal static class WebhookFindings
{
    public static readonly Finding ReportArrived = Finding.Pass("report-arrived");
    public static readonly Finding NoReportYet = Finding.Warn("no-report-yet");
    public static readonly Finding ReportUnproven = Finding.Fail("report-unproven");

    public static readonly Finding PushArrives = Finding.Pass("push-arrives");
    public static readonly Finding PushQuiet = Finding.Pass("push-quiet");
    public static readonly Finding PushNever = Finding.Warn("push-never");
    public static readonly Finding PushMissed = Finding.Fail("push-missed");

    public static readonly Finding FormatRight = Finding.Pass("format-right");
    public static readonly Finding FormatUnseen = Finding.Skip("format-unseen");
    public static readonly Finding FormatDefault = Finding.Fail("format-default");
    public static readonly Finding FormatOther = Finding.Warn("format-other");
    public static readonly Finding ReportsUnreadable = Finding.Fail("reports-unreadable");

    public static readonly Finding ProvenBySecret = Finding.Pass("proven-by-secret");
    public static readonly Finding ProvenByAddress = Finding.Pass("proven-by-address");
    public static readonly Finding ProofUnknown = Finding.Notice("proof-unknown");
    public static readonly Finding SenderUnseen = Finding.Skip("sender-unseen");
    public static readonly Finding ForeignReports = Finding.Fail("foreign-reports");

    public static readonly Finding NoRecordsYet = Finding.Skip("no-records-yet");
    public static readonly Finding RecordsPrompt = Finding.Pass("records-prompt");
    public static readonly Finding RecordsLate = Finding.Warn("records-late");

    public static readonly Finding AllPushed = Finding.Pass("all-pushed");
    public static readonly Finding SomeCaughtUp = Finding.Warn("some-caught-up");
    public static readonly Finding MostCaughtUp = Finding.Fail("most-caught-up");

    public static readonly Finding NotAsked = Finding.Skip("not-asked");
    public static readonly Finding PhoneUnusable = Finding.Fail("phone-unusable");
    public static readonly Finding CallRefused = Finding.Fail("call-refused");
    public static readonly Finding CallUnknown = Finding.Fail("call-unknown");
    public static readonly Finding RecordCameBack = Finding.Pass("record-came-back");
    public static readonly Finding RecordNeverCame = Finding.Fail("record-never-came");
}
