using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Reports;

/// <summary>Makes the typed report of what stood in the body. Fields count, not the dialect they belong to.</summary>
internal static class ReportFactory
{
    private const int LongestName = 64;

    /// <summary>Makes the report.</summary>
    /// <param name="fields">What stood in the body.</param>
    /// <param name="missing">Why there is no report; empty when there is one.</param>
    /// <returns>Null when something is missing without which the report means nothing.</returns>
    public static Report? Make(ReportFields fields, out string missing)
    {
        if (fields.TooMany)
        {
            missing = $"The report names more than {ReportParser.PartyLimit} parties.";
            return null;
        }

        var kind = ReportKinds.Of(fields);
        if (fields.HasPartyOfNoKind && (AboutACall(kind) || kind is ReportKind.Conference or ReportKind.Unknown))
        {
            missing = "The report names a party without saying whether it is an extension, inbound or outbound.";
            return null;
        }

        if (AboutACall(kind))
        {
            fields.TakeRootExtensions();
        }

        var report = Make(kind, fields, out missing);
        return report is null ? null : report with
        {
            SerialNumber = fields[ReportField.SerialNumber],
            Shape = ShapeOf(kind, fields),
        };
    }

    private static Report? Make(ReportKind kind, ReportFields fields, out string missing)
    {
        missing = "";
        switch (kind)
        {
            case ReportKind.BootUp:
                return new BootUpReport();
            case ReportKind.ConfigurationChanged:
                return ConfigurationChanged(fields);
            case ReportKind.ExtensionStatus:
                return ExtensionStatus(fields, out missing);
            case ReportKind.Transferred:
                return Notice(CallNoticeKind.Transferred, fields);
            case ReportKind.Forwarded:
                return Notice(CallNoticeKind.Forwarded, fields);
            case ReportKind.Invite:
                return Notice(CallNoticeKind.Invite, fields);
            case ReportKind.Incoming:
                return Notice(CallNoticeKind.Incoming, fields);
            case ReportKind.Conference:
                return Notice(CallNoticeKind.Conference, fields);
            case ReportKind.PhoneControl:
                return Notice(CallNoticeKind.PhoneControl, fields);
            case ReportKind.PromptEnded:
                return PromptEnded(fields);
            case ReportKind.Satisfaction:
                return new SatisfactionReport { CallId = fields[ReportField.CallId], Result = fields[ReportField.SurveyResult] };
            case ReportKind.Sms:
                return new SmsReport { SmsId = fields[ReportField.SmsId], Status = fields[ReportField.Status] };
            case ReportKind.QueueAutoPause:
                return Queue(fields, paused: true);
            case ReportKind.QueueRingTimeout:
                return Queue(fields, paused: false);
            case ReportKind.Unknown:
                return Unknown(fields, out missing);
            default:
                return OfCall(kind, fields, out missing);
        }
    }

    /// <summary>Reports that mean nothing without their call.</summary>
    private static Report? OfCall(ReportKind kind, ReportFields fields, out string missing)
    {
        if (fields[ReportField.CallId] is not { } callId)
        {
            missing = $"The {kind} report does not name its call.";
            return null;
        }

        missing = "";
        return kind switch
        {
            ReportKind.CallRecord => new CallRecordReport { Record = CallRecordReader.Read(callId, fields) },
            ReportKind.CallFailed => CallFailed(callId, fields),
            ReportKind.Dtmf => Dtmf(callId, fields),
            _ => Progress(kind, callId, fields),
        };
    }

    private static CallProgressReport Progress(ReportKind kind, string callId, ReportFields fields)
    {
        var (moment, implied) = kind switch
        {
            ReportKind.Alert => (CallMoment.Alert, PbxLegStatus.Alert),
            ReportKind.Ring => (CallMoment.Ring, PbxLegStatus.Ring),
            ReportKind.Answer => (CallMoment.Answer, PbxLegStatus.Answer),
            ReportKind.Answered => (CallMoment.Answered, PbxLegStatus.Answered),
            ReportKind.Bye => (CallMoment.Bye, PbxLegStatus.Bye),
            _ => (CallMoment.PerLeg, PbxLegStatus.Unknown),
        };
        fields.Imply(implied);
        return new CallProgressReport { CallId = callId, Moment = moment, Legs = fields.Legs };
    }

    private static CallNoticeReport Notice(CallNoticeKind kind, ReportFields fields) => new()
    {
        CallId = fields[ReportField.CallId],
        Kind = kind,
        Legs = fields.Legs,
        Conference = fields[ReportField.ConferenceNumber],
        ConferenceName = fields[ReportField.ConferenceName],
    };

    private static CallFailedReport CallFailed(string callId, ReportFields fields) => new()
    {
        CallId = callId,
        Reason = fields[ReportField.Reason],
        Class = CallFailureClasses.Of(fields[ReportField.Reason]),
        Legs = fields.Legs,
    };

    private static DtmfReport Dtmf(string callId, ReportFields fields) => new()
    {
        CallId = callId,
        Key = fields[ReportField.Key],
        Index = ReportText.Count(fields[ReportField.KeyIndex]),
        Keys = fields[ReportField.Keys],
        Legs = fields.Legs,
    };

    private static PromptEndedReport PromptEnded(ReportFields fields) => new()
    {
        CallId = fields[ReportField.CallId],
        Prompt = fields[ReportField.Prompt],
        Ivr = fields[ReportField.Ivr],
        PlayedTo = fields[ReportField.PlayedTo],
        Legs = fields.Legs,
    };

    private static ConfigurationChangedReport ConfigurationChanged(ReportFields fields) => new()
    {
        Subject = fields[ReportField.Type],
        Name = fields[ReportField.Trunk] ?? (fields.Extensions.Count > 0 ? string.Join(',', fields.Extensions) : null),
        Operation = fields[ReportField.Operation],
    };

    private static ExtensionStatusReport? ExtensionStatus(ReportFields fields, out string missing)
    {
        string[] extensions = fields.Extensions.Count > 0
            ? [.. fields.Extensions]
            : [.. fields.Legs.Select(leg => leg.Extension).OfType<string>()];
        if (extensions is not [var extension] || fields[ReportField.Status] is not { } status)
        {
            missing = "The ExtensionStatus report does not name one extension and its status.";
            return null;
        }

        missing = "";
        return new ExtensionStatusReport
        {
            Extension = extension,
            Status = PbxExtensionStatuses.Parse(status),
            RawStatus = status,
            RegisteredAddress = fields[ReportField.RegisteredAddress],
        };
    }

    private static QueueReport Queue(ReportFields fields, bool paused)
    {
        var (caller, callId) = (fields[ReportField.Caller], fields[ReportField.CallId]);
        return new QueueReport
        {
            Paused = paused,
            Queue = WithoutPrefix(fields[ReportField.Queue]),
            Agent = fields[ReportField.Agent],
            Missed = caller is null && callId is null ? fields.Missed : [new MissedQueueCall(caller, callId), .. fields.Missed],
        };
    }

    /// <summary>One of the two queue reports writes <c>queue-6700</c> (fact sheet S-Series §8.2).</summary>
    private static string? WithoutPrefix(string? queue)
    {
        const string Prefix = "queue-";
        return queue is not null && queue.Length > Prefix.Length && queue.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? queue[Prefix.Length..]
            : queue;
    }

    private static UnknownReport? Unknown(ReportFields fields, out string missing)
    {
        if (ReportKinds.Word(fields) is not { } word)
        {
            missing = "The report does not say what it is about, and its fields do not tell.";
            return null;
        }

        missing = "";
        return new UnknownReport { Name = ReportText.Cut(word, LongestName), CallId = fields[ReportField.CallId], Legs = fields.Legs };
    }

    /// <summary>Reports whose parties, rather than a configuration or a record, are what they tell.</summary>
    private static bool AboutACall(ReportKind kind) => kind is
        ReportKind.Alert or ReportKind.Ring or ReportKind.Answer or ReportKind.Answered or ReportKind.Bye or
        ReportKind.CallStatus or ReportKind.CallFailed or ReportKind.Transferred or ReportKind.Forwarded or
        ReportKind.Invite or ReportKind.Incoming or ReportKind.PhoneControl or ReportKind.Dtmf or ReportKind.PromptEnded;

    /// <summary>
    /// CallFailed and PlayPromptEnd have their parties at the root in format 1.0.2 too (fact sheet S-Series §7.4), so
    /// there the root tells nothing unless a key comes twice.
    /// </summary>
    private static ReportShape ShapeOf(ReportKind kind, ReportFields fields) => fields switch
    {
        { HasMembers: true } => ReportShape.V2,
        { HasCall: true } => ReportShape.V102,
        { RepeatsParty: true } => ReportShape.Default,
        { HasRootParty: true } when kind is not (ReportKind.CallFailed or ReportKind.PromptEnded) => ReportShape.Default,
        _ => ReportShape.Unspecific,
    };
}
