using System.Globalization;
using PbxGrains.Front.Cdrs.Statistics;
using PbxGrains.Storage.Cdrs.Statistics;

namespace PbxGrains.Front.Board.Charts;

/// <summary>One bucket on the axis of time.</summary>
/// <param name="Place">Its middle, as a share of the width.</param>
/// <param name="Name">Its full name: day, or day and hour.</param>
/// <param name="Label">What stands below it; null for nothing.</param>
/// <param name="IsMinor">True when the label gives way on a narrow screen.</param>
/// <param name="Figures">What came of its calls.</param>
public sealed record ChartMoment(double Place, string Name, string? Label, bool IsMinor, CallFiguresResource Figures)
{
    private const int MostLabels = 12;

    /// <summary>The buckets of a span with their labels in the reader's language: days by their date, hours by the clock.</summary>
    public static IReadOnlyList<ChartMoment> Of(CallStatisticsResource statistics)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(statistics.Zone);
        var starts = statistics.Buckets.Select(bucket => TimeZoneInfo.ConvertTime(bucket.Start, zone)).ToList();
        var isHourly = statistics.Bucket == CallBucketLength.Hour;
        var hasDays = isHourly && starts is [var first, .., var last] && first.Date != last.Date;
        var named = starts.Select(start => !hasDays || start.TimeOfDay == TimeSpan.Zero).ToList();
        var every = (named.Count(name => name) + MostLabels - 1) / MostLabels;
        var moments = new List<ChartMoment>(starts.Count);
        var names = 0;
        foreach (var (index, start) in starts.Index())
        {
            var nth = named[index] ? names++ : -1;
            var isLabelled = nth >= 0 && nth % every == 0;
            moments.Add(new ChartMoment(
                (index + 0.5) / starts.Count,
                start.ToString(isHourly ? "ddd d MMM HH:mm" : "ddd d MMM", CultureInfo.CurrentCulture),
                isLabelled ? start.ToString(isHourly && !hasDays ? "HH:mm" : hasDays ? "ddd d" : "d MMM", CultureInfo.CurrentCulture) : null,
                IsMinor: isLabelled && nth / every % 2 == 1,
                statistics.Buckets[index].Figures));
        }

        return moments;
    }
}
