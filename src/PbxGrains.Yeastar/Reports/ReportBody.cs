using System.Text.Json;

namespace PbxGrains.Yeastar.Reports;

/// <summary>The bytes of a report: what surrounds them, how they are read, and why they cannot be.</summary>
internal static class ReportBody
{
    /// <summary>Reports nest four deep; the rest is room for fields we do not know.</summary>
    private const int DepthLimit = 16;

    /// <summary>What a tolerant reader of reports tolerates.</summary>
    public static readonly JsonReaderOptions Tolerant = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = DepthLimit,
    };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads JSON; throws <see cref="JsonException"/> or <see cref="InvalidOperationException"/> when it is none.</summary>
    public delegate T Reading<out T>(ReadOnlySpan<byte> json);

    /// <summary>Reads the body as it is, or else mended; null when neither can be read.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> body, Reading<T> reading)
        where T : class
    {
        var json = Trim(body);
        if (json.IsEmpty)
        {
            return null;
        }

        if (TryRead(json, reading) is { } asItIs)
        {
            return asItIs;
        }

        foreach (var mixedQuotes in (ReadOnlySpan<bool>)[false, true])
        {
            if (ReportRepair.Mend(json, mixedQuotes) is { } mended && TryRead(mended, reading) is { } read)
            {
                return read;
            }
        }

        return null;
    }

    /// <summary>Says in one sentence why a body cannot be read, without quoting it.</summary>
    public static string WhyUnreadable(ReadOnlySpan<byte> body)
    {
        var json = Trim(body);
        if (json.IsEmpty)
        {
            return "The body is empty.";
        }

        // As a first block of more to come, so that "too short" and "wrong" can be told apart.
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Tolerant));
        try
        {
            while (reader.Read())
            {
            }

            return HasEnded(reader)
                ? "The body is JSON, but not one report."
                : "The body is cut off.";
        }
        catch (JsonException)
        {
            return reader switch
            {
                _ when HasEnded(reader) => "The body holds more than one report, or text after the report.",
                { CurrentDepth: DepthLimit - 1, TokenType: JsonTokenType.StartObject or JsonTokenType.StartArray } => $"The body nests deeper than {DepthLimit}.",
                _ => $"The body is not JSON: wrong near byte {reader.BytesConsumed}.",
            };
        }
    }

    /// <summary>True when one JSON value was read to its end.</summary>
    private static bool HasEnded(in Utf8JsonReader reader) =>
        reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.None or JsonTokenType.StartObject or JsonTokenType.StartArray);

    /// <summary>Takes away byte order marks, white space and NULs (C strings sent with their end) around the JSON.</summary>
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> body)
    {
        while (true)
        {
            if (body.StartsWith(ByteOrderMark))
            {
                body = body[ByteOrderMark.Length..];
            }
            else if (body is [<= (byte)' ', ..])
            {
                body = body[1..];
            }
            else if (body is [.., <= (byte)' '])
            {
                body = body[..^1];
            }
            else
            {
                return body;
            }
        }
    }

    private static T? TryRead<T>(ReadOnlySpan<byte> json, Reading<T> reading)
        where T : class
    {
        try
        {
            return reading(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how Utf8JsonReader refuses text that is not UTF-8 or half a surrogate pair.
            return null;
        }
    }
}
