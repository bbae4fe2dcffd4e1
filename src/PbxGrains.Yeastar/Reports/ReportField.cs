using System.Text.Json;

namespace PbxGrains.Yeastar.Reports;

/// <summary>A field of a report, all its spellings folded.</summary>
internal enum ReportField
{
    None,

    // What it is about.
    Action,
    Event,
    CallId,
    SerialNumber,

    // Where parties are.
    Call,
    Members,
    ExtensionParty,
    InboundParty,
    OutboundParty,

    // What a party is.
    Extension,
    From,
    To,
    Trunk,
    InboundId,
    OutboundId,
    ChannelId,
    MemberStatus,
    CallPath,

    // Status and settings.
    Status,
    RegisteredAddress,
    Type,
    Operation,

    // Calls.
    Reason,
    Key,
    KeyIndex,
    Keys,
    ConferenceNumber,
    ConferenceName,
    Prompt,
    Ivr,
    PlayedTo,
    SurveyResult,
    SmsId,

    // Queues.
    Queue,
    Agent,
    MissedCalls,
    Caller,

    // Call records.
    RecordId,
    Start,
    CallFrom,
    CallTo,
    TotalDuration,
    TalkDuration,
    SourceTrunk,
    DestinationTrunk,
    PinCode,
    Recording,
    Did,
    AgentRingTime,

    /// <summary>Number of fields.</summary>
    Count,
}

/// <summary>Names of fields as the PBXs spell them (fact sheet S-Series §2.2, §7.4, §7.5, §8).</summary>
internal static class ReportFieldNames
{
    private const int LongestName = 48;

    /// <summary>Tells the field whose name the reader stands on.</summary>
    public static ReportField Of(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return Of(json.ValueSpan);
        }

        // Escaped, a letter takes up to six bytes.
        Span<byte> name = stackalloc byte[LongestName * 6];
        return json.ValueSpan.Length > name.Length ? ReportField.None : Of(name[..json.CopyString(name)]);
    }

    /// <summary>
    /// Tells the field of a name. Case, underscores, hyphens and spaces do not count.
    /// </summary>
    /// <param name="name">The name in UTF-8, unescaped.</param>
    public static ReportField Of(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName)
        {
            return ReportField.None;
        }

        Span<char> folded = stackalloc char[LongestName];
        var length = 0;
        foreach (var b in name)
        {
            if (b is (byte)'_' or (byte)'-' or (byte)' ')
            {
                continue;
            }

            folded[length++] = b is >= (byte)'A' and <= (byte)'Z' ? (char)(b | 0x20) : (char)b;
        }

        return Of(folded[..length]);
    }

    private static ReportField Of(ReadOnlySpan<char> folded) => folded switch
    {
        "action" => ReportField.Action,
        "event" => ReportField.Event,
        "callid" => ReportField.CallId,
        "sn" or "serialnumber" => ReportField.SerialNumber,
        "call" or "calls" => ReportField.Call,
        "members" or "member" => ReportField.Members,
        "ext" => ReportField.ExtensionParty,
        "inbound" => ReportField.InboundParty,
        "outbound" => ReportField.OutboundParty,
        "extid" or "number" or "extension" or "extnumber" => ReportField.Extension,
        "from" => ReportField.From,
        "to" => ReportField.To,
        "trunk" or "trunkname" => ReportField.Trunk,
        "inboundid" => ReportField.InboundId,
        "outboundid" => ReportField.OutboundId,
        "channelid" => ReportField.ChannelId,
        "memberstatus" => ReportField.MemberStatus,
        "callpath" => ReportField.CallPath,
        "status" => ReportField.Status,
        "registeredip" => ReportField.RegisteredAddress,
        "type" => ReportField.Type,
        "operation" => ReportField.Operation,
        "reason" => ReportField.Reason,
        "info" => ReportField.Key,
        "flag" => ReportField.KeyIndex,
        "infos" => ReportField.Keys,
        "conferencenumber" => ReportField.ConferenceNumber,
        "conferencename" => ReportField.ConferenceName,
        "prompt" => ReportField.Prompt,
        "ivr" or "ivrid" => ReportField.Ivr,
        "playtonum" => ReportField.PlayedTo,
        "surveyresult" => ReportField.SurveyResult,
        "smsid" => ReportField.SmsId,
        "queue" or "queuenumber" or "queueid" => ReportField.Queue,
        "agent" => ReportField.Agent,
        "misscall" or "misscalls" or "missedcall" or "missedcalls" => ReportField.MissedCalls,
        "caller" => ReportField.Caller,
        "cdrid" => ReportField.RecordId,
        "timestart" => ReportField.Start,
        "callfrom" => ReportField.CallFrom,
        "callto" => ReportField.CallTo,
        "callduraction" or "callduration" => ReportField.TotalDuration,
        "talkduraction" or "talkduration" => ReportField.TalkDuration,
        "srctrunkname" or "srctrunk" => ReportField.SourceTrunk,
        "desttrunkname" or "dstrunkname" or "dsttrcunkname" or "dsttrunkname" => ReportField.DestinationTrunk,
        "pincode" => ReportField.PinCode,
        "recording" => ReportField.Recording,
        "didnumber" => ReportField.Did,
        "agentringtime" => ReportField.AgentRingTime,
        _ => ReportField.None,
    };
}
