using System.Text.Json.Serialization;

namespace PbxGrains.Cli.Api;

/// <summary>JSON of the API, generated at build.</summary>
[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(SiteInput))]
[JsonSerializable(typeof(SiteResource))]
[JsonSerializable(typeof(IReadOnlyList<SiteResource>))]
[JsonSerializable(typeof(SiteSaved))]
[JsonSerializable(typeof(SiteProbe))]
[JsonSerializable(typeof(SiteProbeResult))]
[JsonSerializable(typeof(SuspendInput))]
[JsonSerializable(typeof(WebhookSecretInput))]
[JsonSerializable(typeof(WebhookResource))]
[JsonSerializable(typeof(IReadOnlyList<ExtensionResource>))]
[JsonSerializable(typeof(OriginateInput))]
[JsonSerializable(typeof(OriginateResource))]
[JsonSerializable(typeof(IReadOnlyList<CallResource>))]
[JsonSerializable(typeof(KeyInput))]
[JsonSerializable(typeof(KeyResource))]
[JsonSerializable(typeof(IReadOnlyList<KeyResource>))]
[JsonSerializable(typeof(IReadOnlyList<AgentResource>))]
[JsonSerializable(typeof(AgentSet))]
[JsonSerializable(typeof(CallRecordPage))]
[JsonSerializable(typeof(CallRecordResource))]
[JsonSerializable(typeof(CallHistory))]
[JsonSerializable(typeof(ImportInput))]
[JsonSerializable(typeof(ImportResource))]
[JsonSerializable(typeof(IReadOnlyList<ImportResource>))]
[JsonSerializable(typeof(CompletenessResource))]
[JsonSerializable(typeof(RetentionResource))]
[JsonSerializable(typeof(RecordingResource))]
[JsonSerializable(typeof(EventResource))]
[JsonSerializable(typeof(EventParticulars))]
[JsonSerializable(typeof(EventGap))]
internal sealed partial class ApiJson : JsonSerializerContext;
