using System.Globalization;
using System.Text;

namespace PbxGrains.Cli.Terminals;

/// <summary>
/// Makes text from the network harmless on a screen. A caller chooses the name a PBX shows for him: with an escape character
/// in it, it could recolour the screen, retitle the window or write over what stood before; with a direction mark it could
/// make a number read backwards. The characters that do this are left out, everything readable stays.
/// </summary>
internal static class Printable
{
    /// <summary>A cell of a table: one line, without tabs, which separate cells where there is no table.</summary>
    public static string Cell(string text) => Clean(text, keepLines: false);

    /// <summary>Sentences: their line breaks stay.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    /// <summary>JSON: the same value, with every such character inside its strings written as an escape of JSON.</summary>
    public static string Json(string json)
    {
        if (!json.Any(c => IsHarmful(c) && c is not ('\n' or '\r' or '\t')))
        {
            return json;
        }

        var written = new StringBuilder(json.Length + 16);
        foreach (var c in json)
        {
            _ = IsHarmful(c) && c is not ('\n' or '\r' or '\t')
                ? written.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : written.Append(c);
        }

        return written.ToString();
    }

    private static string Clean(string text, bool keepLines)
    {
        if (!text.Any(IsHarmful))
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!IsHarmful(c) || (keepLines && c is '\n' or '\r'))
            {
                _ = kept.Append(c);
            }
            else if (c is '\t' or '\n' or '\r' or '\u0085' or '\u2028' or '\u2029')
            {
                _ = kept.Append(' ');
            }
        }

        return kept.ToString();
    }

    // Control characters of ISO 6429 (C0, delete, C1), line separators, and the marks that turn the direction of writing.
    private static bool IsHarmful(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
