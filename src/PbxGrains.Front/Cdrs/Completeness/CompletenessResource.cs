using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Cdrs.Completeness;

/// <summary>Hour by hour, whether a site's call records are complete. Instants are UTC.</summary>
/// <param name="Site">The site.</param>
/// <param name="From">Start of the first hour.</param>
/// <param name="To">End of the last.</param>
/// <param name="AsOf">When this was judged.</param>
/// <param name="Verified">Number of verified hours.</param>
/// <param name="Pending">Number of hours that will be verified by themselves.</param>
/// <param name="Unverifiable">Number of hours for which something has to be done.</param>
/// <param name="Pushed">Records that push told.</param>
/// <param name="OnlyCaughtUp">Records that only catch-up or an import knows.</param>
/// <param name="Hours">The hours, the earliest first.</param>
internal sealed record CompletenessResource(
    string Site,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset AsOf,
    int Verified,
    int Pending,
    int Unverifiable,
    int Pushed,
    int OnlyCaughtUp,
    IReadOnlyList<HourResource> Hours)
{
    /// <summary>The sum of the hours.</summary>
    public static CompletenessResource Of(string site, DateTimeOffset from, DateTimeOffset to, DateTimeOffset asOf, IReadOnlyList<HourResource> hours) => new(
        site,
        from,
        to,
        asOf,
        hours.Count(hour => hour.State == HourState.Verified),
        hours.Count(hour => hour.State == HourState.Pending),
        hours.Count(hour => hour.State == HourState.Unverifiable),
        hours.Sum(hour => hour.Pushed),
        hours.Sum(hour => hour.OnlyCaughtUp),
        hours);
}

/// <summary>One hour.</summary>
/// <param name="Hour">Its start, UTC.</param>
/// <param name="Pushed">Records that push told, whether or not catch-up found them as well.</param>
/// <param name="OnlyCaughtUp">Records that only catch-up or an import knows.</param>
/// <param name="LastComparedAt">When every part of it had last been compared with the PBX; null when some part never was.</param>
/// <param name="State">Whether it is complete.</param>
/// <param name="Reason">Why not, a stable code; null when verified.</param>
/// <param name="Detail">The same as a sentence that says what to do.</param>
internal sealed record HourResource(
    DateTimeOffset Hour, int Pushed, int OnlyCaughtUp, DateTimeOffset? LastComparedAt, HourState State, string? Reason, string? Detail)
{
    /// <summary>An hour and what is said of it.</summary>
    public static HourResource Of(HourCompleteness hour, HourVerdict verdict) =>
        new(hour.Hour, hour.Pushed, hour.OnlyCaughtUp, hour.LastComparedAt, verdict.State, verdict.Reason, verdict.Detail);
}
