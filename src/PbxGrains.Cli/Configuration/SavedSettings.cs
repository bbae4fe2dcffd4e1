using System.Text.Json;
using System.Text.Json.Serialization;

namespace PbxGrains.Cli.Configuration;

/// <summary>What the settings file holds; null is not set.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SavedSettings
{
    /// <summary>Address of the front.</summary>
    public string? Url { get; init; }

    /// <summary>API key. Secret.</summary>
    public string? ApiKey { get; init; }

    /// <summary>File with the API key.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Language people are spoken to in, <c>en</c> or <c>fr</c>.</summary>
    public string? Language { get; init; }

    /// <inheritdoc />
    public override string ToString() => "(settings)";
}

/// <summary>JSON of the settings file, generated at build.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    WriteIndented = true)]
[JsonSerializable(typeof(SavedSettings))]
[JsonSerializable(typeof(IReadOnlyList<ShownSetting>))]
internal sealed partial class SettingsJson : JsonSerializerContext;
