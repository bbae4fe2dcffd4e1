using System.Text.Json;
using System.Text.Json.Serialization;

namespace PbxGrains.Storage.Sites;

/// <summary>
/// How fast one site is polled; null anywhere means the product's default. Stored as JSON, seconds by camel-case name,
/// e.g. <c>{"busy": 2, "backoffLast": 300}</c>. Each must be at least a millisecond and at most a week.
/// </summary>
public sealed record SitePolling
{
    /// <summary>Between two polls while calls run.</summary>
    public TimeSpan? Busy { get; init; }

    /// <summary>Between two polls while the PBX does not push.</summary>
    public TimeSpan? PushSilent { get; init; }

    /// <summary>Between two polls while push is proven to work.</summary>
    public TimeSpan? PushProven { get; init; }

    /// <summary>First pause after the PBX became unreachable.</summary>
    public TimeSpan? BackoffFirst { get; init; }

    /// <summary>Longest pause while it stays unreachable.</summary>
    public TimeSpan? BackoffLast { get; init; }

    /// <summary>Age at which knowledge of an extension no longer counts.</summary>
    public TimeSpan? StaleAfter { get; init; }

    /// <summary>Between two heartbeats that keep the session.</summary>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>Longest wait for a connection to the PBX.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Longest wait for an answer of the PBX.</summary>
    public TimeSpan? AnswerTimeout { get; init; }

    internal string ToJson() => JsonSerializer.Serialize(this, SitePollingJson.Default.SitePolling);

    internal static SitePolling FromJson(string json) => JsonSerializer.Deserialize(json, SitePollingJson.Default.SitePolling)!;
}

/// <summary>Seconds as a JSON number: what people write in SQL.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new((long)(reader.GetDecimal() * TimeSpan.TicksPerSecond));

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((decimal)value.Ticks / TimeSpan.TicksPerSecond);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(SecondsConverter)])]
[JsonSerializable(typeof(SitePolling))]
internal sealed partial class SitePollingJson : JsonSerializerContext;
