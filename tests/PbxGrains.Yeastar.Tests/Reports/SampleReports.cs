using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Yeastar.Tests.Reports;

/// <summary>What every sample report must be read as.</summary>
internal static class SampleReports
{
    private const string V1Serial = "369362000001";
    private const string V2Serial = "369451000001";

    /// <summary>Expected report by the sample's name.</summary>
    public static IReadOnlyDictionary<string, Report> Expected { get; } = new Dictionary<string, Report>(StringComparer.Ordinal)
    {
        ["s-series-v1/report-102-alert-internal.json"] = V102("1550710849.199", CallMoment.Alert, Extension("1001", PbxLegStatus.Alert)),
        ["s-series-v1/report-102-answer-internal.json"] = V102("1547375031.65", CallMoment.Answer, Extension("1006", PbxLegStatus.Answer), Extension("1005")),
        ["s-series-v1/report-102-answered-internal.json"] = V102("1547375031.65", CallMoment.Answered, Extension("1005", PbxLegStatus.Answered), Extension("1006")),
        ["s-series-v1/report-102-bye-1.json"] = V102("1547375817.78", CallMoment.Bye, Extension("1006", PbxLegStatus.Bye), Extension("1005")),
        ["s-series-v1/report-102-bye-2.json"] = V102("1547375817.78", CallMoment.Bye, Extension("1005", PbxLegStatus.Bye), Extension("1006")),
        ["s-series-v1/report-102-ring-internal.json"] = V102("1550710849.199", CallMoment.Ring, Extension("1002", PbxLegStatus.Ring), Extension("1001")),
        ["s-series-v1/report-102-callfailed.json"] = new CallFailedReport
        {
            CallId = "1536976927.37",
            Reason = "486 Busy Here",
            Class = CallFailureClass.Busy,
            Legs =
            [
                new PbxLeg { Kind = PbxLegKind.Outbound, From = "1002", To = "97005550142", Trunk = "Wanatel-1", Handle = "1536976927.38" },
                Extension("1002"),
            ],
            SerialNumber = V1Serial,
        },
        ["s-series-v1/report-102-dtmf.json"] = new DtmfReport
        {
            CallId = "1547389829.281",
            Key = "2",
            Index = 0,
            Legs = [Extension("1005")],
            SerialNumber = V1Serial,
            Shape = ReportShape.V102,
        },
        ["s-series-v1/report-102-incoming.json"] = new CallNoticeReport
        {
            CallId = "1547393303.354",
            Kind = CallNoticeKind.Incoming,
            Legs = [new PbxLeg { Kind = PbxLegKind.Inbound, From = "7005550142", To = "1005", Trunk = "SPS-6-36", Handle = "1547393303.354" }],
            SerialNumber = V1Serial,
            Shape = ReportShape.V102,
        },
        ["s-series-v1/report-102-invite.json"] = new CallNoticeReport
        {
            CallId = "1547389566.275",
            Kind = CallNoticeKind.Invite,
            Legs = [new PbxLeg { Kind = PbxLegKind.Inbound, From = "7005550142", To = "1005", Trunk = "SPS-6-36", Handle = "1547389566.275" }],
            SerialNumber = V1Serial,
            Shape = ReportShape.V102,
        },
        ["s-series-v1/report-102-tranfer-internal.json"] = new CallNoticeReport
        {
            CallId = "1547378727.152",
            Kind = CallNoticeKind.Transferred,
            Legs = [Extension("1005"), Extension("1001")],
            SerialNumber = V1Serial,
            Shape = ReportShape.V102,
        },
        ["s-series-v1/report-bootup.json"] = new BootUpReport { SerialNumber = V1Serial },
        ["s-series-v1/report-wire-bootup.http"] = new BootUpReport { SerialNumber = V1Serial },
        ["s-series-v1/report-configchange-trunk.json"] = new ConfigurationChangedReport { Subject = "trunk", Name = "SIP-142", Operation = "del", SerialNumber = V1Serial },
        ["s-series-v1/report-default-alert.body.txt"] = new CallProgressReport
        {
            CallId = "1495706238.328",
            Moment = CallMoment.Alert,
            Legs = [Extension("1002", PbxLegStatus.Alert)],
            Shape = ReportShape.Default,
        },
        ["s-series-v1/report-default-ring-internal.body.txt"] = new CallProgressReport
        {
            CallId = "1495706238.328",
            Moment = CallMoment.Ring,
            Legs = [Extension("1000", PbxLegStatus.Ring), Extension("1002")],
            Shape = ReportShape.Default,
        },
        ["s-series-v1/report-extensionstatus.json"] = new ExtensionStatusReport
        {
            Extension = "1006",
            Status = PbxExtensionStatus.Idle,
            RawStatus = "Registered",
            SerialNumber = V1Serial,
        },
        ["s-series-v1/report-newcdr-internal.json"] = new CallRecordReport
        {
            Record = new PbxCallRecord
            {
                CallId = "1547391782.318",
                StartText = "2019-01-13 23:03:02",
                StartWallClock = new DateTime(2019, 1, 13, 23, 3, 2, DateTimeKind.Unspecified),
                From = "1001",
                To = "1005",
                TotalSeconds = 21,
                TalkSeconds = 10,
                Status = "ANSWERED",
                Disposition = CallDisposition.Answered,
                Type = "Internal",
                Recording = "20190113230313-1547391782.318-1001-1005-Internal.wav",
            },
            SerialNumber = V1Serial,
        },
        ["s-series-v1/report-newcdr-outbound.json"] = new CallRecordReport
        {
            Record = new PbxCallRecord
            {
                CallId = "1547392142.330",
                StartText = "2019-01-13 23:09:02",
                StartWallClock = new DateTime(2019, 1, 13, 23, 9, 2, DateTimeKind.Unspecified),
                From = "1005",
                To = "97005550142",
                TotalSeconds = 6,
                TalkSeconds = 3,
                DestinationTrunk = "SPS-6-36",
                Status = "ANSWERED",
                Disposition = CallDisposition.Answered,
                Type = "Outbound",
            },
            SerialNumber = V1Serial,
        },
        ["s-series-v1/report-playpromptend-external.json"] = new PromptEndedReport
        {
            CallId = "1505352996.281",
            Prompt = "appletest",
            Legs = [new PbxLeg { Kind = PbxLegKind.Outbound, Trunk = "Apple_test" }],
        },
        ["s-series-v1/report-satisfaction.json"] = new SatisfactionReport { CallId = "1504460713.60", Result = "1" },
        ["s-series-v2/event-callfailed.json"] = new CallFailedReport
        {
            CallId = "1571906000.101",
            Reason = "User Busy",
            Class = CallFailureClass.Busy,
            Legs = [Channel("1023", "0000003a")],
            SerialNumber = V2Serial,
            Shape = ReportShape.V2,
        },
        ["s-series-v2/event-callstatus-inbound-answer.json"] = V2("1571898400.14", SipTrunkIn(PbxLegStatus.Answered), Channel("1023", "00000009", PbxLegStatus.Answer)),
        ["s-series-v2/event-callstatus-inbound-bye.json"] = V2("1571898400.14", SipTrunkIn(PbxLegStatus.Bye), Channel("1023", "00000009", PbxLegStatus.Bye)),
        ["s-series-v2/event-callstatus-inbound-ring.json"] = V2("1571898400.14", SipTrunkIn(PbxLegStatus.Alert), Channel("1023", "00000009", PbxLegStatus.Ring)),
        ["s-series-v2/event-callstatus-outbound-ring.json"] = V2(
            "1571898100.9",
            Channel("1023", "00000005", PbxLegStatus.Alert),
            new PbxLeg
            {
                Kind = PbxLegKind.Outbound,
                From = "1023",
                To = "97005550142",
                Trunk = "siptrunk",
                Handle = "PJSIP/trunk-siptrunk-endpoint-00000006",
                Status = PbxLegStatus.Ring,
            }),
        ["s-series-v2/event-configchange.json"] = new ConfigurationChangedReport { Subject = "extension", Name = "1000", Operation = "update", SerialNumber = V2Serial },
        ["s-series-v2/event-dtmf.json"] = new DtmfReport
        {
            CallId = "1571905397.97",
            Key = "2",
            Index = 0,
            Legs = [Channel("1023", "00000039", PbxLegStatus.Answered) with { Via = "6500" }],
            SerialNumber = V2Serial,
            Shape = ReportShape.V2,
        },
        ["s-series-v2/event-extensionstatus.json"] = new ExtensionStatusReport
        {
            Extension = "1023",
            Status = PbxExtensionStatus.Ringing,
            RawStatus = "Ringing",
            RegisteredAddress = "192.0.2.100",
            SerialNumber = V2Serial,
        },
        ["s-series-v2/event-forward.json"] = new CallNoticeReport
        {
            CallId = "1571901993.46",
            Kind = CallNoticeKind.Forwarded,
            Legs = [new PbxLeg { Kind = PbxLegKind.Inbound, From = "7005550142", To = "1020", Trunk = "siptrunk", Handle = "PJSIP/trunk-siptrunk-endpoint-0000001c" }],
            SerialNumber = V2Serial,
            Shape = ReportShape.V2,
        },
        ["s-series-v2/event-invite.json"] = new CallNoticeReport
        {
            CallId = "1571896991.2",
            Kind = CallNoticeKind.Invite,
            Legs = [new PbxLeg { Kind = PbxLegKind.Inbound, From = "7005550142", To = "1023", Trunk = "siptrunk", Handle = "PJSIP/trunk-siptrunk-endpoint-00000001" }],
            SerialNumber = V2Serial,
            Shape = ReportShape.V2,
        },
        ["s-series-v2/event-newcdr-inbound.json"] = new CallRecordReport
        {
            Record = new PbxCallRecord
            {
                CallId = "1571898400.14",
                StartText = "2019-10-23 22:26:40",
                StartWallClock = new DateTime(2019, 10, 23, 22, 26, 40, DateTimeKind.Unspecified),
                From = "7005550142",
                To = "1023",
                TotalSeconds = 25,
                TalkSeconds = 16,
                SourceTrunk = "siptrunk",
                Status = "ANSWERED",
                Disposition = CallDisposition.Answered,
                Type = "Inbound",
                Did = "31612340",
                AgentRingSeconds = 0,
            },
            SerialNumber = V2Serial,
        },
        ["s-series-v2/event-newcdr-internal.json"] = new CallRecordReport
        {
            Record = new PbxCallRecord
            {
                CallId = "1571897930.5",
                StartText = "2019-10-23 22:18:50",
                StartWallClock = new DateTime(2019, 10, 23, 22, 18, 50, DateTimeKind.Unspecified),
                From = "1023",
                To = "2023",
                TotalSeconds = 19,
                TalkSeconds = 14,
                Status = "ANSWERED",
                Disposition = CallDisposition.Answered,
                Type = "Internal",
                Recording = "20191023221855-1571897930.5-1023-2023-Internal.wav",
                AgentRingSeconds = 0,
            },
            SerialNumber = V2Serial,
        },
        ["s-series-v2/event-queueautopause.json"] = new QueueReport
        {
            Paused = true,
            Queue = "6700",
            Agent = "1000",
            Missed = [new MissedQueueCall("2000", "1711360264.92")],
            SerialNumber = V2Serial,
        },
    };

    /// <summary>Samples that are no reports: requests, answers and files, which the client reads.</summary>
    public static IReadOnlySet<string> OfTheClient { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "s-series-v1/callback-dial-request.json",
        "s-series-v1/calltransfer-request.json",
        "s-series-v1/cdr-download.csv",
        "s-series-v1/cdr-get-random-request.json",
        "s-series-v1/cdr-get-random-response.json",
        "s-series-v1/deviceinfo-response.json",
        "s-series-v1/dial-extension-request.json",
        "s-series-v1/dial-outbound-request.json",
        "s-series-v1/dial-response.json",
        "s-series-v1/error-token-timeout.json",
        "s-series-v1/extension-query-response.json",
        "s-series-v1/extensionlist-response.json",
        "s-series-v1/hangup-extension-request.json",
        "s-series-v1/hangup-response-no-call.json",
        "s-series-v1/heartbeat-request.json",
        "s-series-v1/inbound-query-response.json",
        "s-series-v1/login-request.json",
        "s-series-v1/login-response-failed.json",
        "s-series-v1/login-response-locked.json",
        "s-series-v1/login-response-success.json",
        "s-series-v1/queuestatus-response.json",
        "s-series-v1/recording-get-random-request.json",
        "s-series-v1/recording-get-random-response.json",
        "s-series-v1/status-success.json",
        "s-series-v1/trunklist-response.json",
        "s-series-v2/call-attended-transfer-operate-request.json",
        "s-series-v2/call-attended-transfer-request.json",
        "s-series-v2/call-dial-external-request.json",
        "s-series-v2/call-dial-request.json",
        "s-series-v2/call-dial-response.json",
        "s-series-v2/call-hangup-request.json",
        "s-series-v2/call-hangup-response.json",
        "s-series-v2/call-listen-request.json",
        "s-series-v2/call-mute-request.json",
        "s-series-v2/call-query-request.json",
        "s-series-v2/call-query-response-ended.json",
        "s-series-v2/call-query-response.json",
        "s-series-v2/call-transfer-blind-request.json",
        "s-series-v2/cdr-download.csv",
        "s-series-v2/cdr-get-random-request.json",
        "s-series-v2/cdr-get-random-response.json",
        "s-series-v2/extension-list-response.json",
        "s-series-v2/heartbeat-request.json",
        "s-series-v2/login-request.json",
        "s-series-v2/login-response-failed.json",
        "s-series-v2/login-response-success.json",
        "s-series-v2/queue-query-status-response.json",
        "s-series-v2/recording-get-random-response.json",
        "s-series-v2/tcp-login.txt",
        "s-series-v2/trunk-list-response.json",
    };

    private static CallProgressReport V102(string callId, CallMoment moment, params PbxLeg[] legs) =>
        new() { CallId = callId, Moment = moment, Legs = legs, SerialNumber = V1Serial, Shape = ReportShape.V102 };

    private static CallProgressReport V2(string callId, params PbxLeg[] legs) =>
        new() { CallId = callId, Moment = CallMoment.PerLeg, Legs = legs, SerialNumber = V2Serial, Shape = ReportShape.V2 };

    private static PbxLeg Extension(string number, PbxLegStatus status = PbxLegStatus.Unknown) =>
        new() { Kind = PbxLegKind.Extension, Extension = number, Status = status };

    private static PbxLeg Channel(string number, string suffix, PbxLegStatus status = PbxLegStatus.Unknown) =>
        Extension(number, status) with { Handle = $"PJSIP/{number}-{suffix}" };

    private static PbxLeg SipTrunkIn(PbxLegStatus status) => new()
    {
        Kind = PbxLegKind.Inbound,
        From = "7005550142",
        To = "1023",
        Trunk = "siptrunk",
        Handle = "PJSIP/trunk-siptrunk-endpoint-00000008",
        Status = status,
    };
}
