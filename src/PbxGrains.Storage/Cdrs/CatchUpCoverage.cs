namespace PbxGrains.Storage.Cdrs;

/// <summary>What windows say about spans of time.</summary>
internal static class CatchUpCoverage
{
    /// <summary>When every part of the span had last been compared; null when some part never was.</summary>
    public static DateTimeOffset? LastCompared(DateTime start, DateTime end, IReadOnlyList<CatchUpWindow> windows)
    {
        var whole = windows.Where(window => window.Outcome == CatchUpOutcome.Whole && window.Start < end && window.End > start).ToList();
        DateTime[] edges = [start, .. whole.SelectMany(window => new[] { window.Start, window.End }).Where(edge => edge > start && edge < end).Distinct().Order(), end];

        // Between two edges the same windows hold throughout.
        return edges.Zip(edges.Skip(1), (from, to) => whole.Where(window => window.Start <= from && window.End >= to).Max(window => (DateTimeOffset?)window.ComparedAt))
            .Aggregate((earliest, part) => earliest is null || part is null ? null : earliest < part ? earliest : part);
    }

    /// <summary>How far windows read whole reach without a gap.</summary>
    /// <param name="from">Where they have to begin; null to go by the window that reaches the limit alone.</param>
    /// <param name="limit">No further than this.</param>
    /// <param name="whole">Windows read whole.</param>
    /// <returns><paramref name="from" /> when they do not reach further.</returns>
    public static DateTime? Reach(DateTime? from, DateTime limit, IEnumerable<CatchUpWindow> whole)
    {
        if (from is not { } reach)
        {
            return whole.Any(window => window.Start < limit && window.End >= limit) ? limit : null;
        }

        foreach (var window in whole.OrderBy(window => window.Start).TakeWhile(window => window.Start < limit))
        {
            if (window.Start > reach)
            {
                break;
            }

            reach = window.End > reach ? window.End : reach;
        }

        var end = reach < limit ? reach : limit;
        return end > from ? end : from;
    }

    /// <summary>Windows by each full hour of a span that they overlap, so that a year need not be searched for each of its hours.</summary>
    public static ILookup<DateTime, CatchUpWindow> ByHour(DateTime from, DateTime to, IEnumerable<CatchUpWindow> windows) =>
        windows.SelectMany(window => Hours(window.Start > from ? window.Start : from, window.End < to ? window.End : to).Select(hour => (hour, window)))
            .ToLookup(pair => pair.hour, pair => pair.window);

    /// <summary>The full hours a span touches.</summary>
    public static IEnumerable<DateTime> Hours(DateTime from, DateTime to)
    {
        for (var hour = FullHour(from); hour < to; hour = hour.AddHours(1))
        {
            yield return hour;
        }
    }

    public static DateTime FullHour(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerHour));
}
