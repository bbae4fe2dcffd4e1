using System.Globalization;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Cdrs.Completeness;

/// <summary>Whether the records of an hour are known to be all there are.</summary>
internal enum HourState
{
    /// <summary>Compared with the PBX when every call of the hour had ended: complete.</summary>
    Verified,

    /// <summary>Will be verified by itself.</summary>
    Pending,

    /// <summary>Cannot be verified unless something is done.</summary>
    Unverifiable,
}

/// <summary>Stable codes of why an hour is not verified.</summary>
internal static class HourReason
{
    public const string HourNotOver = "hour-not-over";
    public const string CallsMayStillRun = "calls-may-still-run";
    public const string AwaitingComparison = "awaiting-comparison";
    public const string NeverCompared = "never-compared";
    public const string ComparisonFailed = "comparison-failed";
    public const string SiteSuspended = "site-suspended";
    public const string SiteUnreachable = "site-unreachable";
}

/// <summary>What is said of an hour.</summary>
/// <param name="State">Whether it is complete.</param>
/// <param name="Reason">Why not, one of <see cref="HourReason" />; null when verified.</param>
/// <param name="Detail">The same as an English sentence that says what to do.</param>
internal sealed record HourVerdict(HourState State, string? Reason = null, string? Detail = null);

/// <summary>What keeps a site's PBX from being compared at all.</summary>
/// <param name="Reason">One of <see cref="HourReason" />.</param>
/// <param name="Detail">The same as an English sentence.</param>
internal sealed record Hindrance(string Reason, string Detail);

/// <summary>Judges whether the records of an hour are complete. Pure.</summary>
/// <param name="asOf">Now.</param>
/// <param name="siteId">The site, for what to do.</param>
/// <param name="zone">Its zone, for what to do.</param>
/// <param name="watermark">Up to where its records were read whole, UTC; null when they never were.</param>
/// <param name="hindrance">What keeps it from being compared now; null for nothing we know of.</param>
internal sealed class HourJudge(DateTimeOffset asOf, string siteId, TimeZoneInfo zone, DateTimeOffset? watermark, Hindrance? hindrance)
{
    /// <summary>
    /// A record is listed under the start of its call but written at its end, so an hour is complete when it was compared so
    /// long after its end. Catch-up reaches back from where it was by <see cref="CatchUpPlan.Overlap" />, which holds for the
    /// start of an hour: its end is compared that much less one hour later.
    /// </summary>
    public static readonly TimeSpan LongestCall = CatchUpPlan.Overlap - TimeSpan.FromHours(1);

    /// <summary>The nightly comparison may be a day away: what it then reaches is a day less from now.</summary>
    private static readonly TimeSpan CertainReach = CatchUpPlan.NightlyReach - TimeSpan.FromDays(1);

    private readonly DateTimeOffset _reach = watermark - CatchUpPlan.Overlap is { } resumed && resumed < asOf - CertainReach ? resumed : asOf - CertainReach;

    /// <summary>Judges one hour.</summary>
    public HourVerdict Of(HourCompleteness hour)
    {
        var end = hour.Hour.AddHours(1);
        if (end > asOf)
        {
            return new HourVerdict(HourState.Pending, HourReason.HourNotOver, "The hour is not over.");
        }

        if (hour.LastComparedAt >= end + LongestCall)
        {
            return new HourVerdict(HourState.Verified);
        }

        var failed = hour.LastFailedAt is { } at && !(hour.LastComparedAt > at);
        if (hour.Hour < _reach)
        {
            return failed
                ? Unverifiable(HourReason.ComparisonFailed, $"{Failure(hour)} {Import(hour)}")
                : Unverifiable(HourReason.NeverCompared, hour.LastComparedAt is { } early
                    ? $"It was last compared at {Time(early)}, when calls of this hour may still have been running, and no comparison reaches back here any more. {Import(hour)}"
                    : $"It was never compared with the PBX, and no comparison reaches back here. {Import(hour)}");
        }

        return (hindrance, failed, hour.LastComparedAt) switch
        {
            ({ } known, _, _) => Unverifiable(known.Reason, known.Detail),
            (_, true, _) => Unverifiable(HourReason.ComparisonFailed, $"{Failure(hour)} It is tried again by itself."),
            (_, _, { } compared) => new HourVerdict(
                HourState.Pending, HourReason.CallsMayStillRun, $"Last compared at {Time(compared)}; a comparison after {Time(end + LongestCall)} will find the calls that were still running then."),
            _ => new HourVerdict(HourState.Pending, HourReason.AwaitingComparison, "It was not compared with the PBX yet; a comparison that is due will do so."),
        };
    }

    private static HourVerdict Unverifiable(string reason, string detail) => new(HourState.Unverifiable, reason, detail);

    private static string Failure(HourCompleteness hour) => $"Comparing it with the PBX failed at {Time(hour.LastFailedAt!.Value)}: {(hour.FailureDetail ?? "no reason is known").TrimEnd('.')}.";

    private static string Time(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private string Import(HourCompleteness hour)
    {
        var day = TimeZoneInfo.ConvertTime(hour.Hour, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"Import it: pbx cdr import --site {siteId} --since {day}, or POST /api/pbx/sites/{siteId}/imports with {{\"since\":\"{day}\"}}.";
    }
}
