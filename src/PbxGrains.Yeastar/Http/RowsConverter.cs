using System.Text.Json;
using System.Text.Json.Serialization;

namespace PbxGrains.Yeastar.Http;

/// <summary>
/// Reads a list of objects. A single object is a list of one; elements that are no objects are passed over; anything
/// else (<c>""</c>, null) is an empty list.
/// </summary>
internal sealed class RowsConverter<TRow> : JsonConverter<List<TRow>>
    where TRow : class
{
    public override bool HandleNull => true;

    public override List<TRow> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var rows = new List<TRow>();
        var shape = (JsonConverter<TRow>)options.GetConverter(typeof(TRow));
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadRow(ref reader, shape, options, rows);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                ReadRow(ref reader, shape, options, rows);
            }
        }

        return rows;
    }

    public override void Write(Utf8JsonWriter writer, List<TRow> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Answers are read, never written.");

    private static void ReadRow(ref Utf8JsonReader reader, JsonConverter<TRow> shape, JsonSerializerOptions options, List<TRow> rows)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
        }
        else if (shape.Read(ref reader, typeof(TRow), options) is { } row)
        {
            rows.Add(row);
        }
    }
}
