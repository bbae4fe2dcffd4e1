using System.Globalization;
using System.Text;

namespace PbxGrains.Grains.Agents;

/// <summary>What makes two numbers that people take for the same one different for a PBX.</summary>
public enum NumberDifference
{
    /// <summary>Zeros in front: <c>0010</c> and <c>10</c>.</summary>
    LeadingZeros = 0,

    /// <summary>Ordinary spaces or tabs.</summary>
    Spaces = 1,

    /// <summary>Spaces that do not break, as typewriters and web pages put them between digits.</summary>
    NoBreakSpaces = 2,

    /// <summary>Characters nobody sees: zero-width spaces, direction marks.</summary>
    InvisibleCharacters = 3,

    /// <summary>Full-width characters, as East Asian keyboards write them.</summary>
    FullWidth = 4,

    /// <summary>Digits of another script, Arabic ones for example.</summary>
    OtherDigits = 5,

    /// <summary>Letters that look like digits: O for 0, l or I for 1.</summary>
    LettersForDigits = 6,

    /// <summary>Dots, hyphens, slashes or brackets between the digits.</summary>
    Separators = 7,

    /// <summary>Small letters for capitals.</summary>
    LetterCase = 8,
}

/// <summary>
/// Compares numbers the way a tired reader does, and says exactly what he overlooks. Pure. For a PBX two numbers are the
/// same only when every character is.
/// </summary>
public static class NumberLikeness
{
    private static readonly NumberDifference[] All = Enum.GetValues<NumberDifference>();

    /// <summary>What differs between two numbers that look alike.</summary>
    /// <returns>The differences, at least one; null when the numbers are identical, or do not look alike.</returns>
    public static IReadOnlyList<NumberDifference>? Between(string one, string other)
    {
        if (string.Equals(one, other, StringComparison.Ordinal) || !Alike(one, other, overlooked: null))
        {
            return null;
        }

        // A difference counts when, seen by itself, it keeps the two apart.
        var differences = All.Where(difference => !Alike(one, other, difference)).ToList();

        // Two letters for one digit hide each other: O and o.
        return differences.Count > 0 ? differences : [NumberDifference.LettersForDigits];
    }

    /// <summary>What is left of a number when everything is overlooked: only numbers of the same gist look alike.</summary>
    public static string Gist(string number) => Seen(number, except: null);

    /// <summary>The number somebody means who writes this: plain characters, leading zeros kept.</summary>
    public static string Plain(string number) => Seen(number, NumberDifference.LeadingZeros);

    private static bool Alike(string one, string other, NumberDifference? overlooked)
    {
        var seen = Seen(one, overlooked);
        return seen.Length > 0 && string.Equals(seen, Seen(other, overlooked), StringComparison.Ordinal);
    }

    /// <summary>A number as it is taken in when everything is overlooked but one kind.</summary>
    private static string Seen(string number, NumberDifference? except)
    {
        var seen = new StringBuilder(number.Length);
        foreach (var rune in number.EnumerateRunes())
        {
            if (!IsDropped(rune, except))
            {
                _ = seen.Append(Read(rune, except));
            }
        }

        var text = seen.ToString();
        if (except == NumberDifference.LeadingZeros)
        {
            return text;
        }

        var trimmed = text.TrimStart('0');
        return trimmed.Length == 0 && text.Length > 0 ? "0" : trimmed;
    }

    private static bool IsDropped(Rune rune, NumberDifference? except)
    {
        NumberDifference? kind = rune switch
        {
            { Value: 0x00A0 or 0x202F or 0x2007 } => NumberDifference.NoBreakSpaces,
            { Value: '\t' or '\r' or '\n' } => NumberDifference.Spaces,
            { Value: '.' or '/' or '(' or ')' or '_' or 0x2212 } => NumberDifference.Separators,
            _ => Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => NumberDifference.Spaces,
                UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.NonSpacingMark => NumberDifference.InvisibleCharacters,
                UnicodeCategory.DashPunctuation => NumberDifference.Separators,
                _ => null,
            },
        };
        return kind is not null && kind != except;
    }

    private static Rune Read(Rune rune, NumberDifference? except)
    {
        var read = rune;
        if (read.Value is >= 0xFF01 and <= 0xFF5E && except != NumberDifference.FullWidth)
        {
            read = new Rune(read.Value - 0xFEE0);
        }

        if (!read.IsAscii && Rune.GetUnicodeCategory(read) == UnicodeCategory.DecimalDigitNumber && except != NumberDifference.OtherDigits && read.Value is < 0xFF10 or > 0xFF19)
        {
            read = new Rune('0' + (int)Rune.GetNumericValue(read));
        }

        if (except != NumberDifference.LettersForDigits)
        {
            // Latin, Cyrillic and Greek ones.
            read = read.Value switch
            {
                'O' or 'o' or 0x041E or 0x043E or 0x039F or 0x03BF => new Rune('0'),
                'l' or 'I' or '|' or 0x0406 or 0x0399 => new Rune('1'),
                _ => read,
            };
        }

        return except == NumberDifference.LetterCase ? read : Rune.ToUpperInvariant(read);
    }
}
