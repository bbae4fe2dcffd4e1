using System.Text.Json.Serialization;
using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Client;

/// <summary>Reads the PBX's answers: unknown fields are passed over, texts and numbers are interchangeable.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    MaxDepth = 16,
    AllowTrailingCommas = true,
    Converters = [typeof(TextConverter)])]
[JsonSerializable(typeof(PbxAnswer))]
[JsonSerializable(typeof(LoginAnswer))]
[JsonSerializable(typeof(DialAnswer))]
[JsonSerializable(typeof(RandomAnswer))]
[JsonSerializable(typeof(DeviceAnswer))]
[JsonSerializable(typeof(ExtensionsAnswer))]
[JsonSerializable(typeof(TrunksAnswer))]
[JsonSerializable(typeof(QueuesAnswer))]
[JsonSerializable(typeof(InboundAnswer))]
[JsonSerializable(typeof(OutboundAnswer))]
[JsonSerializable(typeof(CallsAnswer))]
[JsonSerializable(typeof(DeviceRow))]
[JsonSerializable(typeof(ExtensionRow))]
[JsonSerializable(typeof(TrunkRow))]
[JsonSerializable(typeof(QueueRow))]
[JsonSerializable(typeof(QueueStatusRow))]
[JsonSerializable(typeof(QueueAgentRow))]
[JsonSerializable(typeof(TrunkLegRowV1))]
[JsonSerializable(typeof(CalleeRowV1))]
[JsonSerializable(typeof(CallRowV2))]
[JsonSerializable(typeof(MemberRowV2))]
[JsonSerializable(typeof(LegRowV2))]
internal sealed partial class PbxJson : JsonSerializerContext;
