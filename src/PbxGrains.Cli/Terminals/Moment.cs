using System.Globalization;
using System.Text.RegularExpressions;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Terminals;

/// <summary>
/// A moment as people type it: a date, a date and time, <c>today</c>, <c>yesterday</c>, or how long ago (<c>30m</c>,
/// <c>2h</c>, <c>7d</c>, <c>2w</c>). Without an offset it is meant in the terminal's zone; a date alone is its midnight.
/// </summary>
internal static partial class Moment
{
    private static readonly string[] Dates = ["yyyy-MM-dd"];

    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmzzz", "yyyy-MM-dd HH:mm:sszzz"];

    /// <summary>Reads a moment.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="time">Now, and the terminal's zone.</param>
    /// <returns>The instant, or a sentence that helps to correct what was typed.</returns>
    public static (DateTimeOffset? At, string? Complaint) Read(string text, TimeProvider time)
    {
        var typed = text.Trim();
        var zone = time.LocalTimeZone;
        var today = time.GetLocalNow().Date;
        if (typed.Equals("today", StringComparison.OrdinalIgnoreCase))
        {
            return (InZone(today, zone), null);
        }

        if (typed.Equals("yesterday", StringComparison.OrdinalIgnoreCase))
        {
            return (InZone(today.AddDays(-1), zone), null);
        }

        if (Ago().Match(typed) is { Success: true } ago)
        {
            // Five digits at most: ninety-nine thousand weeks are 1900 years, which a date can still go back.
            var number = int.Parse(ago.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
            var span = ago.Groups["unit"].Value.ToLowerInvariant() switch
            {
                "m" => TimeSpan.FromMinutes(number),
                "h" => TimeSpan.FromHours(number),
                "d" => TimeSpan.FromDays(number),
                _ => TimeSpan.FromDays(7L * number),
            };
            return (time.GetUtcNow() - span, null);
        }

        if (DateTime.TryParseExact(typed, [.. Dates, .. Times], CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
        {
            return (InZone(wall, zone), null);
        }

        return DateTimeOffset.TryParseExact(typed, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? (instant.ToUniversalTime(), null)
            : (null, Sentence.Of(Text.Rule_moment, typed));
    }

    /// <summary>A moment as the API takes it.</summary>
    public static string Written(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    // A time that an autumn night has twice is its first; one that a spring night skips is taken as if the clock had gone on.
    private static DateTimeOffset InZone(DateTime wall, TimeZoneInfo zone) =>
        new DateTimeOffset(wall, zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall)).ToUniversalTime();

    [GeneratedRegex(@"\A(?<number>[0-9]{1,5})(?<unit>[mhdwMHDW])\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ago();
}
