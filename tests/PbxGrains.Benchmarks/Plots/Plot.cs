using System.Runtime.InteropServices;

namespace PbxGrains.Benchmarks.Plots;

/// <summary>A plot: what its axes are.</summary>
/// <param name="Name">Names its file; a plot is the same wherever it has the same name.</param>
/// <param name="Title">Above it.</param>
/// <param name="X">Below it, with unit.</param>
/// <param name="Y">Beside it, with unit.</param>
/// <param name="LogX">Each step ten times the one before.</param>
/// <param name="LogY">The same upwards.</param>
/// <param name="Bars">Bars, one group for each x, instead of lines.</param>
internal sealed record Plot(string Name, string Title, string X, string Y, bool LogX = false, bool LogY = false, bool Bars = false);

/// <summary>A point.</summary>
/// <param name="X">Where.</param>
/// <param name="Y">How high.</param>
/// <param name="Label">What is written below it instead of its x; null for the number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlotPoint(double X, double Y, string? Label = null);

/// <summary>A line, or the bars of one colour.</summary>
internal sealed record PlotSeries(string Label, IReadOnlyList<PlotPoint> Points);

/// <summary>A plot with everything in it.</summary>
internal sealed record DrawnPlot(Plot Plot, IReadOnlyList<PlotSeries> Series)
{
    /// <summary>Puts together what figures and rounds gave: where several have a point at the same x, their median.</summary>
    public static IReadOnlyList<DrawnPlot> Of(IEnumerable<(Plot Plot, PlotSeries Series)> lines) =>
    [
        .. lines.GroupBy(line => line.Plot.Name, StringComparer.Ordinal).Select(plot => new DrawnPlot(
            plot.First().Plot,
            [.. plot.Select(line => line.Series).GroupBy(series => series.Label, StringComparer.Ordinal).Select(Together)])),
    ];

    private static PlotSeries Together(IGrouping<string, PlotSeries> series) => new(
        series.Key,
        [
            .. series.SelectMany(line => line.Points).GroupBy(point => point.X).OrderBy(same => same.Key)
                .Select(same => new PlotPoint(same.Key, Figures.Spread.Of(same.Select(point => point.Y))!.Median, same.First().Label)),
        ]);
}
