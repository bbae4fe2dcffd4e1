using System.Globalization;
using System.Text;

namespace PbxGrains.Cli.Agents;

/// <summary>Shows a number so that nothing in it stays unseen: spaces stand between quotation marks, what is no plain character is named.</summary>
internal static class ShownNumber
{
    /// <summary>The number: as it is when all of it can be seen, <c>"1&lt;U+00A0&gt;001"</c> otherwise.</summary>
    public static string Of(string? number)
    {
        if (number is null || number.All(c => c is > ' ' and < (char)127))
        {
            return number ?? string.Empty;
        }

        var shown = new StringBuilder("\"");
        foreach (var rune in number.EnumerateRunes())
        {
            _ = rune.Value is >= ' ' and < 127 ? shown.Append(rune) : shown.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
        }

        return shown.Append('"').ToString();
    }
}
