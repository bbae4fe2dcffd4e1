using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PbxGrains.Cli.Api;

/// <summary>An id that is only shown and given back: whether JSON writes it as a string or as a number does not matter.</summary>
internal sealed class TextOrNumber : JsonConverter<string>
{
    /// <inheritdoc />
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan) : reader.GetString();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
