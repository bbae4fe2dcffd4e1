using System.Text.Json.Serialization;

namespace PbxGrains.Storage.Cdrs;

/// <summary>What a record said before a change, camel-case and without what it does not know.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallRecordRow))]
internal sealed partial class CallRecordJson : JsonSerializerContext;
