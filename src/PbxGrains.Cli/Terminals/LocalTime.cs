using System.Globalization;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Terminals;

/// <summary>Instants, spans and amounts as they are written for the reader; what is not known is a dash, never a zero.</summary>
internal static class LocalTime
{
    /// <summary>What stands where nothing is known.</summary>
    public const string Unknown = "–";

    /// <summary>Name of the terminal's time zone.</summary>
    public static string Zone(TimeProvider time) => time.LocalTimeZone.Id;

    /// <summary>An instant in the terminal's zone, with its distance to UTC: in the hour that an autumn night has twice, too, it is one instant.</summary>
    public static string Of(DateTimeOffset? instant, TimeProvider time) => Written(instant, time, "yyyy-MM-dd HH:mm:sszzz");

    /// <summary>The minute of an instant in the terminal's zone, with its distance to UTC.</summary>
    public static string Minute(DateTimeOffset? instant, TimeProvider time) => Written(instant, time, "yyyy-MM-dd HH:mmzzz");

    /// <summary>The time of day of an instant in the terminal's zone, for somebody who is watching; with its date when that is not today's.</summary>
    public static string Clock(DateTimeOffset? instant, TimeProvider time) =>
        Written(instant, time, instant is { } at && Day(at, time) == Day(time.GetUtcNow(), time) ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss");

    /// <summary>The day an instant belongs to in the terminal's zone.</summary>
    public static DateOnly Day(DateTimeOffset instant, TimeProvider time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, time.LocalTimeZone).DateTime);

    /// <summary>A number of seconds as <c>m:ss</c>.</summary>
    public static string Duration(long? seconds) =>
        seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known / 60}:{Math.Abs(known % 60):00}") : Unknown;

    /// <summary>How long something will still take: seconds, minutes or hours.</summary>
    public static string Remaining(TimeSpan span) => span switch
    {
        { TotalSeconds: < 100 } => Sentence.Of(Text.Span_seconds, Math.Ceiling(span.TotalSeconds)),
        { TotalMinutes: < 100 } => Sentence.Of(Text.Span_minutes, Math.Ceiling(span.TotalMinutes)),
        _ => Sentence.Of(Text.Span_hours, Math.Ceiling(span.TotalHours)),
    };

    /// <summary>A number of bytes in megabytes.</summary>
    public static string Megabytes(long bytes) => (bytes / 1e6).ToString("N1", CultureInfo.CurrentCulture);

    private static string Written(DateTimeOffset? instant, TimeProvider time, string format) =>
        instant is { } at ? TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString(format, CultureInfo.InvariantCulture) : Unknown;
}
