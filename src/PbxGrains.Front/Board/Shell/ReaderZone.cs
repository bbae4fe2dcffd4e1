using PbxGrains.Front.Cdrs.Statistics;

namespace PbxGrains.Front.Board.Shell;

/// <summary>
/// The reader's time zone, by which dates are read and days are counted. A small script puts the browser's into a cookie
/// while the reader signs in; without scripts it is UTC, and pages say so.
/// </summary>
internal static class ReaderZone
{
    /// <summary>The script.</summary>
    public const string Module = "zone.js";

    private const string CookieName = "pbxgrains-zone";

    /// <summary>The zone.</summary>
    public static TimeZoneInfo Of(HttpRequest request) =>
        request.Cookies.TryGetValue(CookieName, out var name) && CallStatisticsQuery.FindZone(name) is { } zone ? zone : TimeZoneInfo.Utc;
}
