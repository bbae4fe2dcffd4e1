using System.Runtime.InteropServices;

namespace PbxGrains.Grains.Cdrs;

/// <summary>A span of a PBX's wall clock to be downloaded.</summary>
/// <param name="From">First moment, kind unspecified.</param>
/// <param name="To">Last moment, kind unspecified.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WallClockWindow(DateTime From, DateTime To);

/// <summary>
/// Decides what a catch-up downloads. A PBX lists records by their start but writes them at the end of the call, so each
/// catch-up reaches back by more than the longest call; it asks in the PBX's wall clock, which may be a little wrong and
/// is ambiguous when clocks are set back, so it reaches over at both ends. Pure.
/// </summary>
public static class CatchUpPlan
{
    /// <summary>Longest window asked for at once.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    /// <summary>Shortest window a slow PBX is asked for.</summary>
    public static readonly TimeSpan ShortestWindow = TimeSpan.FromHours(1);

    /// <summary>How far a catch-up reaches back behind what was read before: longer than the longest call.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(4);

    /// <summary>How far the nightly comparison reaches back.</summary>
    public static readonly TimeSpan NightlyReach = TimeSpan.FromDays(3);

    /// <summary>First contact without an import reaches back this far.</summary>
    public static readonly TimeSpan FirstReach = TimeSpan.FromDays(1);

    /// <summary>How far it reaches beyond now, for a PBX whose clock runs ahead or whose zone is configured wrongly.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(2);

    /// <summary>The instant a catch-up of the recent past starts from.</summary>
    /// <param name="watermark">Everything before it was read whole, UTC; null before the first catch-up.</param>
    /// <param name="now">The clock's time.</param>
    public static DateTimeOffset StartAfter(DateTimeOffset? watermark, DateTimeOffset now) =>
        watermark is { } read && read < now ? read - Overlap : now - FirstReach;

    /// <summary>Cuts a span of time into windows of the PBX's wall clock, oldest first, without gaps.</summary>
    /// <param name="from">First instant.</param>
    /// <param name="to">Last instant.</param>
    /// <param name="longest">Longest window.</param>
    /// <param name="zone">The site's zone.</param>
    public static IEnumerable<WallClockWindow> Windows(DateTimeOffset from, DateTimeOffset to, TimeSpan longest, TimeZoneInfo zone)
    {
        var start = TimeZoneInfo.ConvertTime(from, zone).DateTime;
        var end = TimeZoneInfo.ConvertTime(to, zone).DateTime;
        while (start < end)
        {
            var next = end - start > longest ? start + longest : end;
            yield return new WallClockWindow(start, next);
            start = next;
        }
    }

    /// <summary>The window size to go on with after a PBX answered too slowly.</summary>
    /// <returns>Half of it; null when it is as short as may be.</returns>
    public static TimeSpan? Smaller(TimeSpan window) =>
        window > ShortestWindow ? (window / 2 > ShortestWindow ? window / 2 : ShortestWindow) : null;
}
