using System.Globalization;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Cdrs.Statistics;

namespace PbxGrains.Front.Cdrs.Statistics;

/// <summary>Reads what somebody wants counted.</summary>
internal static class CallStatisticsQuery
{
    public const int LongestSpanDays = 400;

    /// <summary>Hours are counted over this many days at most.</summary>
    public const int LongestHourlyDays = 31;

    private const int UsuallyHourlyDays = 8;
    private const int UsualSpanDays = 7;
    private const int LongestZone = 64;

    /// <summary>The parameters of the route.</summary>
    public static IReadOnlyList<QueryParameter> Parameters { get; } =
    [
        new("site", "Of these sites; repeated or separated by commas. All by default."),
        new("from", "Calls that began at this instant or later: 2026-11-22T10:00:00Z, or a date alone for its midnight in the zone; 7 days before to by default."),
        new("to", $"Calls that began before this instant, now by default; at most {LongestSpanDays} days after from."),
        new("zone", "IANA time zone of hours, days and dates, UTC by default."),
        new("bucket", $"hour, for at most {LongestHourlyDays} days, or day; by default hours up to {UsuallyHourlyDays} days."),
        new("direction", "inbound, outbound, internal or unknown; all by default."),
    ];

    /// <summary>The wish; not to be used when there are errors.</summary>
    public static CallStatisticsWish Read(IQueryCollection query, DateTimeOffset now, FieldErrors errors)
    {
        var read = new QueryReader(query, errors);
        read.Only([.. Parameters.Select(parameter => parameter.Name)]);
        var zone = ReadZone(read.Text("zone"), errors);
        var (first, last) = (read.Instant("from", zone), read.Instant("to", zone));
        var to = last ?? now;
        var from = first ?? to.AddDays(-UsualSpanDays);
        if (from >= to)
        {
            errors.Add(last is null ? "from" : "to", last is null ? "Give an instant that is past, or an end." : "Give an end that is later than from.");
        }
        else if (to - from > TimeSpan.FromDays(LongestSpanDays))
        {
            errors.Add("to", string.Create(CultureInfo.InvariantCulture, $"Give an end at most {LongestSpanDays} days after from."));
        }

        var length = ReadLength(read, to - from, errors);
        return new CallStatisticsWish(from, to, length, zone.Id)
        {
            SiteIds = read.List("site"),
            Direction = read.Word("direction", RecordedDirection.Inbound, RecordedDirection.Outbound, RecordedDirection.Internal, RecordedDirection.Unknown),
        };
    }

    /// <summary>The zone of an IANA name; null when there is none.</summary>
    public static TimeZoneInfo? FindZone(string name) =>
        name.Length <= LongestZone && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '+' or '-') && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId
            ? zone
            : null;

    private static TimeZoneInfo ReadZone(string? name, FieldErrors errors)
    {
        if (name is null)
        {
            return TimeZoneInfo.Utc;
        }

        if (FindZone(name) is { } zone)
        {
            return zone;
        }

        errors.Add("zone", "Give an IANA time zone, Europe/Paris for example.");
        return TimeZoneInfo.Utc;
    }

    private static CallBucketLength ReadLength(QueryReader read, TimeSpan span, FieldErrors errors)
    {
        var word = read.Word("bucket", "hour", "day");
        if (word == "hour" && span > TimeSpan.FromDays(LongestHourlyDays))
        {
            errors.Add("bucket", string.Create(CultureInfo.InvariantCulture, $"Hours are counted over {LongestHourlyDays} days at most: give day, or a shorter span."));
        }

        return word switch
        {
            "hour" => CallBucketLength.Hour,
            "day" => CallBucketLength.Day,
            _ => span <= TimeSpan.FromDays(UsuallyHourlyDays) ? CallBucketLength.Hour : CallBucketLength.Day,
        };
    }
}
