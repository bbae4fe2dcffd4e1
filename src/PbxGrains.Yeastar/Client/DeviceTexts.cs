using System.Globalization;
using System.Text.RegularExpressions;

namespace PbxGrains.Yeastar.Client;

/// <summary>Reads the texts in which a PBX describes itself (fact sheet S-Series §4.1).</summary>
internal static partial class DeviceTexts
{
    /// <summary>
    /// <c>2017-05-24 23:25:20 UTC-8</c>, also <c>UTC+5:30</c> and plain <c>UTC</c>: the only place where a PBX tells its
    /// offset. Without one the instant is unknown.
    /// </summary>
    public static DateTimeOffset? Clock(string? text)
    {
        var match = ClockPattern().Match(text ?? "");
        if (!match.Success || !DateTime.TryParseExact(match.Groups["time"].Value, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var wallClock))
        {
            return null;
        }

        var offset = new TimeSpan(Number(match.Groups["hours"]), Number(match.Groups["minutes"]), 0);
        if (offset > TimeSpan.FromHours(14) || wallClock.Year is < 1970 or > 9000)
        {
            return null;
        }

        return new DateTimeOffset(wallClock, match.Groups["sign"].ValueSpan is "-" ? -offset : offset);
    }

    /// <summary><c>03:25:04</c>; hours may pass 24, days may stand in front.</summary>
    public static TimeSpan? Uptime(string? text)
    {
        var match = UptimePattern().Match(text ?? "");
        return match.Success
            ? new TimeSpan(Number(match.Groups["days"]), Number(match.Groups["hours"]), Number(match.Groups["minutes"]), Number(match.Groups["seconds"]))
            : null;
    }

    /// <summary><c>7/100</c>: registered and all extensions.</summary>
    public static (int? Registered, int? Total) Extensions(string? text)
    {
        var parts = (text ?? "").Split('/');
        return parts.Length == 2 ? (Count(parts[0]), Count(parts[1])) : (null, null);
    }

    /// <summary>A count; null when it is none.</summary>
    public static int? Count(string? text) =>
        int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static int Number(Group group) =>
        group.Success ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^\s*(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})\s+(UTC|GMT)\s*((?<sign>[+-])(?<hours>[0-9]{1,2})(:?(?<minutes>[0-5][0-9]))?)?\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ClockPattern();

    [GeneratedRegex(@"^\s*((?<days>[0-9]{1,5})\s*days?,?\s+)?(?<hours>[0-9]{1,6}):(?<minutes>[0-5][0-9]):(?<seconds>[0-5][0-9])\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UptimePattern();
}
