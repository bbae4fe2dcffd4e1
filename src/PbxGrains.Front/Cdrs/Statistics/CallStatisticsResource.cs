using PbxGrains.Storage.Cdrs.Statistics;

namespace PbxGrains.Front.Cdrs.Statistics;

/// <summary>
/// What came of calls. A call is all records of one site with one call id, and counts once, where it began: as answered when
/// any of its records was, else voicemail, noAnswer (it rang in vain: missed, when it came from outside), busy, failed or
/// unknown, in this order.
/// </summary>
/// <param name="Calls">All of them.</param>
/// <param name="Answered">Somebody or something took it.</param>
/// <param name="Voicemail">The voice mail took it.</param>
/// <param name="NoAnswer">It rang in vain.</param>
/// <param name="Busy">Every end that was tried was busy, or failed.</param>
/// <param name="Failed">It could not be put through.</param>
/// <param name="Unknown">The PBX did not say.</param>
/// <param name="MedianAnswerSeconds">Half of the answered callers from outside waited no longer, seconds from the start of the call; null when that is known of none.</param>
/// <param name="P90AnswerSeconds">Nine of ten waited no longer.</param>
/// <param name="TalkSeconds">Seconds that were talked, of the records that tell.</param>
public sealed record CallFiguresResource(
    long Calls,
    long Answered,
    long Voicemail,
    long NoAnswer,
    long Busy,
    long Failed,
    long Unknown,
    int? MedianAnswerSeconds,
    int? P90AnswerSeconds,
    long TalkSeconds)
{
    /// <summary>Figures as they are answered.</summary>
    public static CallFiguresResource Of(CallFigures figures) => new(
        figures.Calls,
        figures.Answered,
        figures.Voicemail,
        figures.NoAnswer,
        figures.Busy,
        figures.Failed,
        figures.Unknown,
        figures.MedianAnswerSeconds,
        figures.NinetiethAnswerSeconds,
        figures.TalkSeconds);
}

/// <summary>The calls that began in an hour or on a day.</summary>
/// <param name="Start">Its start.</param>
/// <param name="Figures">What came of them.</param>
public sealed record CallBucketResource(DateTimeOffset Start, CallFiguresResource Figures);

/// <summary>The calls of a site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Figures">What came of them.</param>
public sealed record SiteCallsResource(string Site, CallFiguresResource Figures);

/// <summary>Calls counted over a span.</summary>
/// <param name="From">Calls that began at this instant or later.</param>
/// <param name="To">Calls that began before this instant.</param>
/// <param name="Zone">IANA time zone of the hours and days.</param>
/// <param name="Bucket"><c>hour</c> or <c>day</c>.</param>
/// <param name="Direction">Only these; null for all.</param>
/// <param name="Total">All of them.</param>
/// <param name="Buckets">Hour by hour or day by day, without a gap. The first and the last may be cut by the span.</param>
/// <param name="Sites">Site by site, the busiest first; sites without a call are left out.</param>
public sealed record CallStatisticsResource(
    DateTimeOffset From,
    DateTimeOffset To,
    string Zone,
    CallBucketLength Bucket,
    string? Direction,
    CallFiguresResource Total,
    IReadOnlyList<CallBucketResource> Buckets,
    IReadOnlyList<SiteCallsResource> Sites)
{
    /// <summary>What was counted, as it is answered.</summary>
    public static CallStatisticsResource Of(CallStatisticsWish wish, CallStatistics counted) => new(
        wish.From,
        wish.To,
        wish.Zone,
        wish.Length,
        wish.Direction,
        CallFiguresResource.Of(counted.Total),
        [.. counted.Buckets.Select(bucket => new CallBucketResource(bucket.Start, CallFiguresResource.Of(bucket.Figures)))],
        [.. counted.Sites.Select(site => new SiteCallsResource(site.SiteId, CallFiguresResource.Of(site.Figures)))]);
}
