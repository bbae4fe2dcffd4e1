using System.Text.Json;
using System.Text.Json.Serialization;

namespace PbxGrains.Contracts.Events;

/// <summary>How the particulars of events are written: camel case, states as words, unknown as null.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SiteHealthEvent))]
[JsonSerializable(typeof(SiteWarningEvent))]
[JsonSerializable(typeof(ChecklistChangedEvent))]
[JsonSerializable(typeof(ExtensionStatusEvent))]
[JsonSerializable(typeof(CallEvent))]
[JsonSerializable(typeof(OriginateEvent))]
[JsonSerializable(typeof(SubscriptionDisabledEvent))]
[JsonSerializable(typeof(SubscriptionTestEvent))]
public sealed partial class EventJson : JsonSerializerContext
{
    /// <summary>The one to write with.</summary>
    public static EventJson Words { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    });
}
