using System.Globalization;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>What is to be said about a PBX's clock.</summary>
internal static class PbxClock
{
    private const double SkewWorthMentioningSeconds = 5;

    /// <summary>That it goes fast or slow; null when it does not, or when the probe could not tell.</summary>
    /// <param name="found">What the probe found.</param>
    public static string? Skew(SiteProbeResult found) =>
        found.ClockSkewSeconds is { } seconds && Math.Abs(seconds) >= SkewWorthMentioningSeconds
            ? Sentence.Of(seconds > 0 ? Text.Clock_fast : Text.Clock_slow, Math.Abs(seconds))
            : null;

    /// <summary>That it is set to another time zone than the site's; null when it is not, or when the probe could not tell.</summary>
    /// <param name="found">What the probe found.</param>
    /// <param name="timeZone">The site's time zone.</param>
    /// <param name="now">The time, UTC.</param>
    public static string? Contradiction(SiteProbeResult found, string timeZone, DateTimeOffset now)
    {
        var expected = (int)TimeZoneInfo.FindSystemTimeZoneById(timeZone).GetUtcOffset(now).TotalMinutes;
        return found.UtcOffsetMinutes is { } minutes && minutes != expected
            ? Sentence.Of(Text.Clock_offset, Written(minutes), timeZone, Written(expected))
            : null;
    }

    private static string Written(int minutes) =>
        string.Create(CultureInfo.InvariantCulture, $"UTC{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:00}:{Math.Abs(minutes) % 60:00}");
}
