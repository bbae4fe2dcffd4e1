namespace PbxGrains.Storage.Cdrs.Statistics;

/// <summary>
/// What came of calls. A call is all records of one site with one call id, and counts once: as answered when any of its
/// records was, else as voicemail when the voice mail took it, else as noAnswer when it rang anywhere, else as busy, failed
/// or unknown.
/// </summary>
public sealed record CallFigures
{
    /// <summary>No call at all.</summary>
    public static CallFigures None { get; } = new();

    /// <summary>Somebody or something took it.</summary>
    public long Answered { get; init; }

    /// <summary>The voice mail took it.</summary>
    public long Voicemail { get; init; }

    /// <summary>It rang in vain.</summary>
    public long NoAnswer { get; init; }

    /// <summary>Every end that was tried was busy, or failed.</summary>
    public long Busy { get; init; }

    /// <summary>It could not be put through.</summary>
    public long Failed { get; init; }

    /// <summary>Nobody said.</summary>
    public long Unknown { get; init; }

    /// <summary>All of them.</summary>
    public long Calls => Answered + Voicemail + NoAnswer + Busy + Failed + Unknown;

    /// <summary>
    /// Half of the callers from outside who were answered waited no longer, seconds from the start of the call; of the calls
    /// of which that is known. Null when of none.
    /// </summary>
    public int? MedianAnswerSeconds { get; init; }

    /// <summary>Nine of ten waited no longer.</summary>
    public int? NinetiethAnswerSeconds { get; init; }

    /// <summary>Seconds that were talked, over all records of which it is known.</summary>
    public long TalkSeconds { get; init; }
}

/// <summary>What came of the calls that started in an hour or on a day.</summary>
/// <param name="Start">Its start.</param>
/// <param name="Figures">What came of them.</param>
public sealed record CallBucket(DateTimeOffset Start, CallFigures Figures);

/// <summary>What came of the calls of a site.</summary>
/// <param name="SiteId">The site.</param>
/// <param name="Figures">What came of them.</param>
public sealed record SiteCallFigures(string SiteId, CallFigures Figures);

/// <summary>What came of calls, counted once in three ways.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Buckets">In the order of time, without a gap: also those without a call.</param>
/// <param name="Sites">The busiest first; sites without a call are not there.</param>
public sealed record CallStatistics(CallFigures Total, IReadOnlyList<CallBucket> Buckets, IReadOnlyList<SiteCallFigures> Sites);

/// <summary>How long a bucket is.</summary>
public enum CallBucketLength
{
    /// <summary>An hour of the zone's clock; the one that comes twice in autumn counts twice.</summary>
    Hour,

    /// <summary>A day of the zone's calendar: 23 to 25 hours.</summary>
    Day,
}

/// <summary>Which calls to count, and how.</summary>
/// <param name="From">The call started at this instant or later.</param>
/// <param name="To">The call started before this instant.</param>
/// <param name="Length">Length of a bucket.</param>
/// <param name="Zone">IANA zone of the buckets.</param>
public sealed record CallStatisticsWish(DateTimeOffset From, DateTimeOffset To, CallBucketLength Length, string Zone)
{
    /// <summary>Of these sites; null for all.</summary>
    public IReadOnlyList<string>? SiteIds { get; init; }

    /// <summary>One of <see cref="RecordedDirection" />; null for all. A call has one: inbound when any of its records is, else outbound, else internal.</summary>
    public string? Direction { get; init; }
}
