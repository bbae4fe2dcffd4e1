using System.Text.Json;
using System.Text.Json.Serialization;

namespace PbxGrains.Contracts.Checklists;

/// <summary>How the items of a run are stored: camel case, states as words.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<ChecklistItem>))]
public sealed partial class ChecklistJson : JsonSerializerContext
{
    /// <summary>The one to read and write with.</summary>
    public static ChecklistJson Words { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    });
}
