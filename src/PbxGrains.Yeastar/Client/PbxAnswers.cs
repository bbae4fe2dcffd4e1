using System.Text.Json.Serialization;
using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Client;

// The PBX's answers, both dialects: where they differ in a field's name only, both names are read. Classes, not
// records: a record would print its token.

internal sealed class LoginAnswer : PbxAnswer
{
    [JsonPropertyName("token")]
    public string? Token { get; set; }

    [JsonPropertyName("transport")]
    public string? Transport { get; set; }
}

internal sealed class DialAnswer : PbxAnswer
{
    [JsonPropertyName("callid")]
    public string? CallId { get; set; }
}

internal sealed class RandomAnswer : PbxAnswer
{
    [JsonPropertyName("random")]
    public string? Random { get; set; }
}

internal sealed class DeviceAnswer : PbxAnswer
{
    [JsonPropertyName("deviceinfo"), JsonConverter(typeof(RowsConverter<DeviceRow>))]
    public List<DeviceRow> Devices { get; set; } = [];
}

internal sealed class DeviceRow
{
    [JsonPropertyName("devicename")]
    public string? Name { get; set; }

    [JsonPropertyName("sn")]
    public string? SerialNumber { get; set; }

    [JsonPropertyName("firmwarever")]
    public string? Firmware { get; set; }

    [JsonPropertyName("systemtime")]
    public string? SystemTime { get; set; }

    [JsonPropertyName("uptime")]
    public string? Uptime { get; set; }

    [JsonPropertyName("extensionstatus")]
    public string? ExtensionStatus { get; set; }
}

internal sealed class ExtensionsAnswer : PbxAnswer
{
    [JsonPropertyName("extlist"), JsonConverter(typeof(RowsConverter<ExtensionRow>))]
    public List<ExtensionRow> Rows { get; set; } = [];
}

internal sealed class ExtensionRow
{
    [JsonPropertyName("number")]
    public string? Number { get; set; }

    [JsonPropertyName("extnumber")]
    public string? NumberV1 { get; set; }

    [JsonPropertyName("status")]
    public string? Status { get; set; }

    [JsonPropertyName("type")]
    public string? Type { get; set; }

    [JsonPropertyName("username")]
    public string? Name { get; set; }
}

internal sealed class TrunksAnswer : PbxAnswer
{
    [JsonPropertyName("trunklist"), JsonConverter(typeof(RowsConverter<TrunkRow>))]
    public List<TrunkRow> Rows { get; set; } = [];
}

internal sealed class TrunkRow
{
    [JsonPropertyName("trunkname")]
    public string? Name { get; set; }

    [JsonPropertyName("status")]
    public string? Status { get; set; }

    [JsonPropertyName("type")]
    public string? Type { get; set; }
}

internal sealed class QueuesAnswer : PbxAnswer
{
    [JsonPropertyName("queues"), JsonConverter(typeof(RowsConverter<QueueRow>))]
    public List<QueueRow> Rows { get; set; } = [];
}

internal sealed class QueueRow
{
    [JsonPropertyName("number")]
    public string? Number { get; set; }

    [JsonPropertyName("queuenumber")]
    public string? NumberV1 { get; set; }

    [JsonPropertyName("queuestatus"), JsonConverter(typeof(RowsConverter<QueueStatusRow>))]
    public List<QueueStatusRow> Statuses { get; set; } = [];
}

internal sealed class QueueStatusRow
{
    [JsonPropertyName("callercount")]
    public string? Callers { get; set; }

    [JsonPropertyName("members"), JsonConverter(typeof(RowsConverter<QueueAgentRow>))]
    public List<QueueAgentRow> Agents { get; set; } = [];
}

internal sealed class QueueAgentRow
{
    [JsonPropertyName("agent")]
    public string? Extension { get; set; }

    [JsonPropertyName("agentstatus")]
    public string? Status { get; set; }
}

internal sealed class InboundAnswer : PbxAnswer
{
    [JsonPropertyName("inbound"), JsonConverter(typeof(RowsConverter<TrunkLegRowV1>))]
    public List<TrunkLegRowV1> Rows { get; set; } = [];
}

internal sealed class OutboundAnswer : PbxAnswer
{
    [JsonPropertyName("outbound"), JsonConverter(typeof(RowsConverter<TrunkLegRowV1>))]
    public List<TrunkLegRowV1> Rows { get; set; } = [];
}

internal sealed class TrunkLegRowV1
{
    [JsonPropertyName("inboundid")]
    public string? InboundId { get; set; }

    [JsonPropertyName("outboundid")]
    public string? OutboundId { get; set; }

    [JsonPropertyName("from")]
    public string? From { get; set; }

    [JsonPropertyName("to")]
    public string? To { get; set; }

    [JsonPropertyName("trunk")]
    public string? Trunk { get; set; }

    [JsonPropertyName("status")]
    public string? Status { get; set; }

    [JsonPropertyName("callee"), JsonConverter(typeof(RowsConverter<CalleeRowV1>))]
    public List<CalleeRowV1> Callees { get; set; } = [];
}

internal sealed class CalleeRowV1
{
    [JsonPropertyName("extid")]
    public string? Extension { get; set; }

    [JsonPropertyName("ivrid")]
    public string? IvrId { get; set; }

    // The guide names this callee "IVR" without printing its key.
    [JsonPropertyName("ivr")]
    public string? Ivr { get; set; }

    [JsonPropertyName("outboundid")]
    public string? OutboundId { get; set; }
}

internal sealed class CallsAnswer : PbxAnswer
{
    [JsonPropertyName("calls"), JsonConverter(typeof(RowsConverter<CallRowV2>))]
    public List<CallRowV2> Rows { get; set; } = [];
}

internal sealed class CallRowV2
{
    [JsonPropertyName("callid")]
    public string? CallId { get; set; }

    [JsonPropertyName("callpath")]
    public string? CallPath { get; set; }

    [JsonPropertyName("members"), JsonConverter(typeof(RowsConverter<MemberRowV2>))]
    public List<MemberRowV2> Members { get; set; } = [];
}

internal sealed class MemberRowV2
{
    [JsonPropertyName("inbound"), JsonConverter(typeof(RowsConverter<LegRowV2>))]
    public List<LegRowV2> Inbound { get; set; } = [];

    [JsonPropertyName("outbound"), JsonConverter(typeof(RowsConverter<LegRowV2>))]
    public List<LegRowV2> Outbound { get; set; } = [];

    [JsonPropertyName("ext"), JsonConverter(typeof(RowsConverter<LegRowV2>))]
    public List<LegRowV2> Extensions { get; set; } = [];
}

internal sealed class LegRowV2
{
    [JsonPropertyName("number")]
    public string? Number { get; set; }

    [JsonPropertyName("from")]
    public string? From { get; set; }

    [JsonPropertyName("to")]
    public string? To { get; set; }

    [JsonPropertyName("trunkname")]
    public string? Trunk { get; set; }

    [JsonPropertyName("channelid")]
    public string? Channel { get; set; }

    [JsonPropertyName("memberstatus")]
    public string? Status { get; set; }
}
