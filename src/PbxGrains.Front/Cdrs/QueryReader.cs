using System.Globalization;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Cdrs;

/// <summary>Reads parameters of an address one by one and notes what cannot be used; a parameter that is absent is null.</summary>
/// <param name="query">The address's parameters.</param>
/// <param name="errors">Where to note it.</param>
internal sealed class QueryReader(IQueryCollection query, FieldErrors errors)
{
    private const int LongestText = 200;

    private static readonly string[] InstantForms =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Notes every parameter that is none of these: a filter that is misspelt must not find everything.</summary>
    public void Only(IReadOnlyCollection<string> names)
    {
        foreach (var unknown in query.Keys.Where(key => !names.Contains(key, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Add(Problems.Problem.Shown(unknown), $"There is no such parameter here. Known are {string.Join(", ", names)}.");
        }
    }

    /// <summary>A text, trimmed.</summary>
    public string? Text(string name)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        if (values.Count == 1 && values[0]?.Trim() is { Length: > 0 and <= LongestText } text)
        {
            return text;
        }

        errors.Add(name, $"Give it once, with 1 to {LongestText} characters.");
        return null;
    }

    /// <summary>A list, repeated or separated by commas; null when absent.</summary>
    public IReadOnlyList<string>? List(string name)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        var items = values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal).ToList();
        if (items.Exists(item => item.Length is 0 or > LongestText))
        {
            errors.Add(name, "Leave no entry empty: repeat the parameter, or separate entries by commas.");
            return null;
        }

        return items;
    }

    /// <summary>An instant; a date alone is its midnight in a zone, UTC unless it is said.</summary>
    public DateTimeOffset? Instant(string name, TimeZoneInfo? zone = null)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (ReadInstant(text, zone) is { } instant)
        {
            return instant;
        }

        errors.Add(name, "Give a date such as 2026-11-22, or an instant such as 2026-11-22T10:00:00Z or 2026-11-22T11:00:00%2B01:00 (in an address a + is written %2B).");
        return null;
    }

    /// <summary>The instant a text means, UTC; null when it means none. A date alone is its midnight in a zone, UTC unless it is said.</summary>
    public static DateTimeOffset? ReadInstant(string text, TimeZoneInfo? zone = null)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return MidnightOf(date, zone ?? TimeZoneInfo.Utc);
        }

        // An instant without a zone would be read as whatever this machine's zone is.
        var zoned = text.Length > 0 && (text[^1] is 'Z' or 'z' || (text.Length > 6 && text[^6] is '+' or '-'));
        return zoned && DateTimeOffset.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) ? instant.ToUniversalTime() : null;
    }

    /// <summary>When a day begins; where the clocks skip midnight, when they go on.</summary>
    public static DateTimeOffset MidnightOf(DateOnly date, TimeZoneInfo zone)
    {
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(30);
        }

        // Of a midnight that comes twice, the first.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        var ticks = Math.Max(midnight.Ticks - offset.Ticks, 0);
        return new DateTimeOffset(Math.Min(ticks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
    }

    /// <summary>A whole number within bounds.</summary>
    public long? Number(string name, long least, long most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"Give a whole number from {least} to {most}."));
        return null;
    }

    /// <summary>Yes or no.</summary>
    public bool? Flag(string name) => Word(name, bool.TrueString.ToLowerInvariant(), bool.FalseString.ToLowerInvariant()) is { } word ? bool.Parse(word) : null;

    /// <summary>One of some words, in whatever case.</summary>
    public string? Word(string name, params IReadOnlyList<string> words)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } word)
        {
            return word;
        }

        errors.Add(name, $"Give {string.Join(", ", words.SkipLast(1))} or {words[^1]}.");
        return null;
    }
}
