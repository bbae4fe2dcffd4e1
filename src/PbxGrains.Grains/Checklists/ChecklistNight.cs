using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PbxGrains.Contracts;

namespace PbxGrains.Grains.Checklists;

/// <summary>When the checklist of a site runs by itself: once a night by the clock of the site, each site at its own minute. Pure.</summary>
internal static class ChecklistNight
{
    /// <summary>From when on the first sites run.</summary>
    public static readonly TimeOnly Begins = new(3, 0);

    /// <summary>From when on none does: the people of the site come to work, and the next night will do.</summary>
    public static readonly TimeOnly Ends = new(6, 0);

    private const int SpreadOverMinutes = 120;

    /// <summary>The minute of a site.</summary>
    public static TimeOnly MinuteOf(SiteId site) =>
        Begins.AddMinutes(BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(site.Value))) % SpreadOverMinutes);

    /// <summary>Whether it is time.</summary>
    /// <param name="site">The site.</param>
    /// <param name="last">When its last nightly run began; null for never.</param>
    /// <param name="now">Now.</param>
    /// <param name="zone">The zone of the site.</param>
    public static bool IsDue(SiteId site, DateTimeOffset? last, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var time = TimeOnly.FromDateTime(local);
        return time >= MinuteOf(site) && time < Ends && !(last is { } at && TimeZoneInfo.ConvertTime(at, zone).Date >= local.Date);
    }
}
