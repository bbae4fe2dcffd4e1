using System.Text.Json;
using System.Text.Json.Serialization;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>What lies in the database as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<DeliveryAttempt>))]
[JsonSerializable(typeof(DeliveryAttempt))]
internal sealed partial class DeliveryJson : JsonSerializerContext;
