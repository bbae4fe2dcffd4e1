using System.Globalization;

namespace PbxGrains.Yeastar.Time;

/// <summary>Reads the wall clock of a PBX: local time without a zone (fact sheet S-Series §5).</summary>
public static class WallClock
{
    /// <summary>How a PBX writes and expects times.</summary>
    public const string Format = "yyyy-MM-dd HH:mm:ss";

    private static readonly string[] Tolerated =
    [
        "yyyy-M-d H:m:s",
        "yyyy-M-d H:m:s.FFFFFFF",
        "yyyy-M-d'T'H:m:s",
        "yyyy-M-d'T'H:m:s.FFFFFFF",
        "yyyy/M/d H:m:s",
        "yyyy/M/d H:m:s.FFFFFFF",
        "yyyy-M-d H:m",
        "yyyy/M/d H:m",
    ];

    /// <summary>Reads a wall clock time.</summary>
    /// <param name="text">
    /// <c>2019-01-13 23:09:02</c>; slashes, a <c>T</c>, missing leading zeros, fractions, missing seconds and further
    /// space are tolerated. Texts that name a zone are not wall clock times.
    /// </param>
    /// <returns>The time with <see cref="DateTimeKind.Unspecified"/>; null when the text is none.</returns>
    public static DateTime? Parse(string? text)
    {
        if (DateTime.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact))
        {
            return exact;
        }

        return DateTime.TryParseExact(text, Tolerated, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var tolerated)
            ? tolerated
            : null;
    }

    /// <summary>Writes a time the way a PBX expects it.</summary>
    /// <param name="time">Local time of the PBX.</param>
    public static string Write(DateTime time) => time.ToString(Format, CultureInfo.InvariantCulture);
}
