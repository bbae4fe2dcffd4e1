using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PbxGrains.Yeastar.Http;

/// <summary>
/// One field of a request. Null leaves it out. Nearly all values are texts, numbers included, as in the PBX's samples.
/// </summary>
internal readonly record struct PbxField(string Name, string? Text, int? Number = null)
{
    public static implicit operator PbxField((string Name, string? Text) field) => new(field.Name, field.Text);

    public static implicit operator PbxField((string Name, int Number) field) => new(field.Name, null, field.Number);

    /// <summary>The name alone: values may be secrets.</summary>
    public override string ToString() => Name;
}

/// <summary>Writes request bodies: one flat JSON object.</summary>
internal static class PbxRequestBody
{
    // A "+" in a number stays a "+": nothing says that the PBX's parser understands \u002B.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>No body, as the PBX's list requests are.</summary>
    public static ReadOnlyMemory<byte> None => default;

    /// <summary>A flat object with the fields that have a value.</summary>
    public static ReadOnlyMemory<byte> Of(params ReadOnlySpan<PbxField> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        foreach (var field in fields)
        {
            if (field.Text is not null)
            {
                json.WriteString(field.Name, field.Text);
            }
            else if (field.Number is { } number)
            {
                json.WriteNumber(field.Name, number);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
