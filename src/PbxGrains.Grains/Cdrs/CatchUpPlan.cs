namespace PbxGrains.Grains.Cdrs;

/// <summary>A span of time to be downloaded, and the same span in the PBX's wall clock.</summary>
/// <param name="Start">First instant, UTC.</param>
/// <param name="End">Last instant, UTC.</param>
/// <param name="From">First moment of the wall clock, kind unspecified.</param>
/// <param name="To">Last moment of the wall clock, kind unspecified.</param>
public sealed record CatchUpSpan(DateTimeOffset Start, DateTimeOffset End, DateTime From, DateTime To);

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

    /// <summary>The first window of a span of time: no longer than asked.</summary>
    /// <param name="from">First instant of the span.</param>
    /// <param name="to">Last instant of the span.</param>
    /// <param name="longest">Longest window.</param>
    /// <param name="zone">The site's zone.</param>
    public static CatchUpSpan First(DateTimeOffset from, DateTimeOffset to, TimeSpan longest, TimeZoneInfo zone)
    {
        var end = to - from > longest ? from + longest : to;
        var wallFrom = TimeZoneInfo.ConvertTime(from, zone).DateTime;
        var wallTo = TimeZoneInfo.ConvertTime(end, zone).DateTime;

        // When clocks are set back within the window, the wall clock shows less time than passes.
        return new CatchUpSpan(from.ToUniversalTime(), end.ToUniversalTime(), wallFrom, wallTo - wallFrom < end - from ? wallFrom + (end - from) : wallTo);
    }

    /// <summary>The window size to go on with after a PBX answered too slowly.</summary>
    /// <returns>Half of it; null when it is as short as may be.</returns>
    public static TimeSpan? Smaller(TimeSpan window) =>
        window > ShortestWindow ? (window / 2 > ShortestWindow ? window / 2 : ShortestWindow) : null;
}
