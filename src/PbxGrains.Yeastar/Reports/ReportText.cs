using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PbxGrains.Yeastar.Reports;

/// <summary>Texts and numbers of a report as we keep them.</summary>
internal static class ReportText
{
    /// <summary>No call lasts longer; a larger number is damage.</summary>
    private const int LongestSeconds = 31 * 24 * 60 * 60;

    /// <summary>
    /// The value the reader stands on as text: a number as it is spelled, an object or array (which is passed over) as
    /// null.
    /// </summary>
    public static string? Read(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return Clean(json.GetString());
            case JsonTokenType.Number:
                return Clean(Encoding.UTF8.GetString(json.ValueSpan));
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            default:
                json.Skip();
                return null;
        }
    }

    /// <summary>
    /// Trimmed, control characters (which no log and no database column takes gladly) as spaces, at most
    /// <see cref="ReportParser.TextLimit"/> long; null when nothing is left.
    /// </summary>
    public static string? Clean(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (text.AsSpan().ContainsAnyInRange('\0', '\x1F') || text.AsSpan().ContainsAnyInRange('\x7F', '\x9F'))
        {
            text = string.Create(text.Length, text, static (kept, source) =>
            {
                for (var i = 0; i < kept.Length; i++)
                {
                    kept[i] = char.IsControl(source[i]) ? ' ' : source[i];
                }
            });
        }

        text = Cut(text.Trim(), ReportParser.TextLimit);
        return text.Length == 0 ? null : text;
    }

    /// <summary>At most so many UTF-16 units, never half a surrogate pair.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    /// <summary>Letters and digits only, upper case: how words with many spellings are compared.</summary>
    public static string Fold(string? text) =>
        text is null ? "" : string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    /// <summary>Whole seconds; null when absent, negative, not a number, or longer than a month.</summary>
    public static int? Seconds(string? text) => Count(text) is <= LongestSeconds and var seconds ? seconds : null;

    /// <summary>A count; null when absent, negative or not a whole number.</summary>
    public static int? Count(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
