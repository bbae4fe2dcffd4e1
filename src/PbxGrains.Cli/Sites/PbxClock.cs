using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>What is to be said about a PBX's clock; null where nothing is.</summary>
/// <param name="Skew">It goes fast or slow.</param>
/// <param name="Offset">It is set to another time zone than the site's.</param>
internal readonly record struct PbxClock(string? Skew, string? Offset)
{
    private const double SkewWorthMentioningSeconds = 5;

    /// <summary>Compares a PBX's clock with ours and with the site's zone.</summary>
    /// <param name="found">What the probe found.</param>
    /// <param name="zone">The site's time zone.</param>
    /// <param name="now">The time, UTC.</param>
    public static PbxClock Compare(SiteProbeResult found, TimeZoneInfo zone, DateTimeOffset now)
    {
        var skew = found.ClockSkewSeconds is { } seconds && Math.Abs(seconds) >= SkewWorthMentioningSeconds
            ? Sentence.Of(seconds > 0 ? Text.Clock_fast : Text.Clock_slow, Math.Abs(seconds))
            : null;
        var expected = (int)zone.GetUtcOffset(now).TotalMinutes;
        var offset = found.UtcOffsetMinutes is { } minutes && minutes != expected
            ? Sentence.Of(Text.Clock_offset, Written(minutes), zone.Id, Written(expected))
            : null;
        return new PbxClock(skew, offset);
    }

    private static string Written(int minutes) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"UTC{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:00}:{Math.Abs(minutes) % 60:00}");
}
