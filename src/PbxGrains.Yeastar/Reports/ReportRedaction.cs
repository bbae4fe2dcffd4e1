using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PbxGrains.Yeastar.Reports;

/// <summary>
/// Reports as they may be stored or shown: without the PIN code a caller dialled with. Never throws.
/// </summary>
public static partial class ReportRedaction
{
    private const string Nothing = "{}";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body as JSON with the value of every <c>pincode</c> (any case, <c>pin_code</c> too, any depth) blanked.</summary>
    /// <param name="body">A report that <see cref="ReportParser"/> can read, damaged typography or not.</param>
    /// <returns>
    /// One JSON text without white space and comments, with all fields in their order, repeated keys too; so not for a
    /// column or mapper that keeps only the last of them. NULs within texts become spaces. <c>{}</c> for a body that
    /// cannot be read or is longer than <see cref="ReportParser.BodyLimit"/>.
    /// </returns>
    public static string WithoutPinCode(ReadOnlyMemory<byte> body) =>
        body.Length > ReportParser.BodyLimit ? Nothing : ReportBody.Read(body.Span, Copy) ?? Nothing;

    /// <summary>
    /// An unreadable body as text for people: bytes that are not UTF-8 read as Latin-1, control characters but line
    /// breaks and tabs as spaces, and what follows a <c>pincode</c> blanked up to the first letter after the next comma or
    /// bracket, as far as it can be recognised in a damaged body.
    /// </summary>
    /// <param name="body">Any bytes.</param>
    public static string Legible(ReadOnlyMemory<byte> body)
    {
        var text = new StringBuilder(ReportRepair.Decode(body.Span));
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\n' or '\r' or '\t'))
            {
                text[i] = ' ';
            }
        }

        return PinCode().Replace(text.ToString(), "${name}…");
    }

    [GeneratedRegex(@"(?<name>pin[\\_\- ]{0,4}code)[^,}\]\r\n]*[^\p{L}\r\n]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PinCode();

    private static string Copy(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ReportBody.Tolerant);
        var copy = new ArrayBufferWriter<byte>(json.Length + 1);
        using (var writer = new Utf8JsonWriter(copy, Readable))
        {
            while (reader.Read())
            {
                Copy(ref reader, writer);
            }
        }

        return Encoding.UTF8.GetString(copy.WrittenSpan);
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                CopyName(ref reader, writer);
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(WithoutNul(reader.GetString()!));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private static void CopyName(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        writer.WritePropertyName(WithoutNul(reader.GetString()!));
        if (ReportFieldNames.Of(ref reader) == ReportField.PinCode)
        {
            reader.Read();
            reader.Skip();
            writer.WriteStringValue("");
        }
    }

    private static string WithoutNul(string text) => text.Replace('\0', ' ');
}
