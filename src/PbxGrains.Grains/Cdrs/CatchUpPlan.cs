namespace PbxGrains.Grains.Cdrs;

/// <summary>A span of a PBX's wall clock: whole seconds, kind unspecified.</summary>
/// <param name="From">First moment.</param>
/// <param name="To">Its end.</param>
public sealed record WallSpan(DateTime From, DateTime To)
{
    /// <summary>What the clock shows more at its end; more or less time may have passed.</summary>
    public TimeSpan Length => To - From;
}

/// <summary>
/// Decides what a catch-up downloads. It goes by the PBX's own wall clock throughout, because that is what a PBX lists
/// its records by: whatever that clock did in between (set right, another zone, daylight saving) the span from where it was
/// read to what it shows now has no gap. A PBX lists records by their start but writes them at the end of the call, so each
/// catch-up reaches back by more than the longest call. Pure.
/// </summary>
public static class CatchUpPlan
{
    /// <summary>Longest window asked for at once.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    /// <summary>Shortest window a slow PBX is asked for.</summary>
    public static readonly TimeSpan ShortestWindow = TimeSpan.FromHours(1);

    /// <summary>How far a catch-up reaches back behind what was read before: longer than the longest call.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(4);

    /// <summary>What a wall clock may jump by twice a year: so much more of it is read, forwards and backwards.</summary>
    public static readonly TimeSpan ClockChange = TimeSpan.FromHours(1);

    /// <summary>How far the nightly comparison reaches back.</summary>
    public static readonly TimeSpan NightlyReach = TimeSpan.FromDays(3);

    /// <summary>First contact without an import reaches back this far.</summary>
    public static readonly TimeSpan FirstReach = TimeSpan.FromDays(1);

    /// <summary>How far it reaches beyond what the PBX's clock is believed to show.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(2);

    /// <summary>From when on the nightly comparison is due, by the clock of the site.</summary>
    public static readonly TimeOnly Night = new(3, 0);

    /// <summary>What a comparison of the recent past reads.</summary>
    /// <param name="watermark">Up to where everything was read; null before the first time.</param>
    /// <param name="wallNow">What the PBX's clock shows now.</param>
    /// <remarks>A watermark beyond now is from a clock that was set back since: what it wrote until then lies ahead of it.</remarks>
    public static WallSpan Recent(DateTime? watermark, DateTime wallNow)
    {
        var from = watermark is { } read ? Earlier(read, wallNow) - Overlap - ClockChange : wallNow - FirstReach;
        return Whole(from, Later(watermark ?? wallNow, wallNow) + Ahead);
    }

    /// <summary>What the nightly comparison reads: at least as much.</summary>
    /// <inheritdoc cref="Recent" path="/param" />
    public static WallSpan Nightly(DateTime? watermark, DateTime wallNow)
    {
        var recent = Recent(watermark, wallNow);
        return Whole(Earlier(recent.From, wallNow - NightlyReach), recent.To);
    }

    /// <summary>Whether the nightly comparison is due.</summary>
    /// <param name="last">The day of the last one; null for never.</param>
    /// <param name="local">Date and time at the site.</param>
    public static bool IsNightDue(DateOnly? last, DateTime local) =>
        TimeOnly.FromDateTime(local) >= Night && (last is not { } day || day < DateOnly.FromDateTime(local));

    /// <summary>The first window of a span: no longer than asked.</summary>
    public static WallSpan First(WallSpan span, TimeSpan longest) =>
        span.Length > longest ? span with { To = span.From + longest } : span;

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;

    private static WallSpan Whole(DateTime from, DateTime to) =>
        new(Second(from), Second(to.AddTicks(TimeSpan.TicksPerSecond - 1)));

    private static DateTime Second(DateTime time) => DateTime.SpecifyKind(time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond)), DateTimeKind.Unspecified);
}
