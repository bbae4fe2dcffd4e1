using System.Globalization;
using System.Text.RegularExpressions;

namespace PbxGrains.Front.Checklists;

/// <summary>
/// Puts facts into sentences: <c>{port}</c> as it is, <c>{age:span}</c> as a span of time, <c>{at:time}</c> as an instant at
/// the site, <c>{share:percent}</c>, <c>{bytes:size}</c>, <c>{ms:ms}</c>. Facts that were not measured read as a dash. A part in
/// square brackets is left out when a fact in it was not measured. Pure.
/// </summary>
internal static partial class FactWords
{
    private const string Unknown = "–";

    /// <summary>Fills a sentence.</summary>
    public static string Fill(string sentence, IReadOnlyDictionary<string, string> facts, TimeZoneInfo zone, CultureInfo culture)
    {
        var told = Optional().Replace(sentence, part => Place().Matches(part.Groups["text"].Value).All(place => facts.ContainsKey(place.Groups["name"].Value)) ? part.Groups["text"].Value : "");
        return Place().Replace(told, place => facts.TryGetValue(place.Groups["name"].Value, out var fact) ? Word(fact, place.Groups["as"].Value, zone, culture) : Unknown);
    }

    /// <summary>An instant as people at a site read it.</summary>
    public static string Instant(DateTimeOffset instant, TimeZoneInfo zone, CultureInfo culture)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return culture.TwoLetterISOLanguageName == "fr"
            ? local.ToString("d MMMM yyyy 'à' HH:mm:ss", culture)
            : local.ToString("d MMMM yyyy, HH:mm:ss", culture);
    }

    private static string Word(string fact, string how, TimeZoneInfo zone, CultureInfo culture) => how switch
    {
        "time" when DateTimeOffset.TryParse(fact, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) => Instant(instant, zone, culture),
        "day" when DateTimeOffset.TryParse(fact, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) =>
            TimeZoneInfo.ConvertTime(instant, zone).ToString("d MMMM yyyy", culture),
        "span" when Number(fact) is { } seconds => Span(TimeSpan.FromSeconds(Math.Abs(seconds)), culture),
        "percent" when Number(fact) is { } share => (share * 100).ToString(share is > 0 and < 0.1 ? "0.#" : "0", culture) + "\u00a0%",
        "size" when Number(fact) is { } bytes => Size(bytes, culture),
        "ms" when Number(fact) is { } ms => ms.ToString(ms < 10 ? "0.#" : "0", culture) + "\u00a0ms",
        _ => fact,
    };

    private static double? Number(string fact) => double.TryParse(fact, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Span(TimeSpan span, CultureInfo culture)
    {
        var day = culture.TwoLetterISOLanguageName == "fr" ? "j" : "d";
        return span switch
        {
            { TotalDays: >= 2 } => string.Create(culture, $"{span.TotalDays:0}\u00a0{day}"),
            { TotalHours: >= 1 } => string.Create(culture, $"{(int)span.TotalHours}\u00a0h{(span.Minutes == 0 ? "" : $" {span.Minutes}\u00a0min")}"),
            { TotalMinutes: >= 2 } => string.Create(culture, $"{span.TotalMinutes:0}\u00a0min"),
            { TotalSeconds: >= 10 } => string.Create(culture, $"{span.TotalSeconds:0}\u00a0s"),
            _ => string.Create(culture, $"{span.TotalSeconds:0.#}\u00a0s"),
        };
    }

    private static string Size(double bytes, CultureInfo culture)
    {
        var unit = culture.TwoLetterISOLanguageName == "fr" ? "o" : "B";
        return bytes switch
        {
            >= 1L << 30 => string.Create(culture, $"{bytes / (1L << 30):0.#}\u00a0Gi{unit}"),
            >= 1 << 20 => string.Create(culture, $"{bytes / (1 << 20):0.#}\u00a0Mi{unit}"),
            >= 1 << 10 => string.Create(culture, $"{bytes / (1 << 10):0.#}\u00a0Ki{unit}"),
            _ => string.Create(culture, $"{bytes:0}\u00a0{(unit == "o" ? "octets" : "bytes")}"),
        };
    }

    [GeneratedRegex(@"\{(?<name>[A-Za-z0-9]+)(:(?<as>[a-z]+))?\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();

    [GeneratedRegex(@"\[(?<text>[^\[\]]*)\]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Optional();
}
