using System.Globalization;
using System.Net;
using System.Text;

namespace PbxGrains.Benchmarks.Plots;

/// <summary>Draws a plot as SVG that reads on white and on black paper, without anything from elsewhere.</summary>
internal static class SvgPlot
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 76;
    private const int Right = 20;
    private const int Top = 48;
    private const int Bottom = 84;

    // Told apart also by who confuses red and green (Okabe and Ito).
    private static readonly string[] Colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c8c00", "#7f7f7f"];

    /// <summary>Draws it.</summary>
    public static string Draw(DrawnPlot drawn)
    {
        var points = drawn.Series.SelectMany(series => series.Points).ToList();
        var groups = points.Select(point => point.X).Distinct().Order().ToList();
        var y = new PlotAxis([.. points.Select(point => point.Y)], drawn.Plot.LogY, Height - Bottom, Top, fromZero: true);
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" font-family="system-ui, sans-serif" font-size="13" fill="#333">""");
        Line(svg, $"""<title>{Text(drawn.Plot.Title)}</title><rect width="100%" height="100%" fill="#fff"/>""");
        Line(svg, $"""<text x="{Width / 2}" y="26" text-anchor="middle" font-size="16">{Text(drawn.Plot.Title)}</text>""");
        Line(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 42}" text-anchor="middle">{Text(drawn.Plot.X)}</text>""");
        Line(svg, $"""<text transform="translate(18 {(Top + Height - Bottom) / 2}) rotate(-90)" text-anchor="middle">{Text(drawn.Plot.Y)}</text>""");
        foreach (var tick in y.Ticks)
        {
            Line(svg, $"""<path d="M{Left} {Of(y.At(tick))}H{Width - Right}" stroke="#ddd"/><text x="{Left - 8}" y="{Of(y.At(tick) + 4)}" text-anchor="end">{Number(tick)}</text>""");
        }

        if (drawn.Plot.Bars)
        {
            Bars(svg, drawn, groups, y);
        }
        else
        {
            Lines(svg, drawn, points, groups, y);
        }

        Legend(svg, drawn.Series);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Lines(StringBuilder svg, DrawnPlot drawn, IReadOnlyList<PlotPoint> points, List<double> groups, PlotAxis y)
    {
        var x = new PlotAxis(groups, drawn.Plot.LogX, Left, Width - Right, fromZero: false);
        var labels = points.Where(point => point.Label is not null).DistinctBy(point => point.X).Select(point => (point.X, Label: point.Label!)).ToList();
        foreach (var (at, label) in labels.Count > 0 ? labels : [.. x.Ticks.Select(tick => (tick, Number(tick)))])
        {
            Line(svg, $"""<path d="M{Of(x.At(at))} {Height - Bottom}v5" stroke="#888"/><text x="{Of(x.At(at))}" y="{Height - Bottom + 20}" text-anchor="middle">{Text(label)}</text>""");
        }

        for (var i = 0; i < drawn.Series.Count; i++)
        {
            var places = drawn.Series[i].Points.Select(point => $"{Of(x.At(point.X))},{Of(y.At(point.Y))}").ToList();
            Line(svg, $"""<polyline points="{string.Join(' ', places)}" fill="none" stroke="{Colour(i)}" stroke-width="2"/>""");
            foreach (var point in drawn.Series[i].Points)
            {
                Line(svg, $"""<circle cx="{Of(x.At(point.X))}" cy="{Of(y.At(point.Y))}" r="3" fill="{Colour(i)}"/>""");
            }
        }
    }

    private static void Bars(StringBuilder svg, DrawnPlot drawn, List<double> groups, PlotAxis y)
    {
        var room = (double)(Width - Right - Left) / groups.Count;
        var bar = room * 0.8 / drawn.Series.Count;
        for (var g = 0; g < groups.Count; g++)
        {
            var label = drawn.Series.SelectMany(series => series.Points).First(point => point.X == groups[g]).Label ?? Number(groups[g]);
            Line(svg, $"""<text x="{Of(Left + (room * (g + 0.5)))}" y="{Height - Bottom + 20}" text-anchor="middle">{Text(label)}</text>""");
            for (var i = 0; i < drawn.Series.Count; i++)
            {
                foreach (var point in drawn.Series[i].Points.Where(point => point.X == groups[g]))
                {
                    var (at, top) = (Left + (room * (g + 0.1)) + (bar * i), y.At(point.Y));
                    Line(svg, $"""<rect x="{Of(at)}" y="{Of(top)}" width="{Of(bar * 0.94)}" height="{Of(Height - Bottom - top)}" fill="{Colour(i)}"/><text x="{Of(at + (bar * 0.47))}" y="{Of(top - 4)}" text-anchor="middle" font-size="11">{Number(point.Y)}</text>""");
                }
            }
        }
    }

    private static void Legend(StringBuilder svg, IReadOnlyList<PlotSeries> series)
    {
        var at = (double)Left;
        for (var i = 0; i < series.Count; i++)
        {
            Line(svg, $"""<rect x="{Of(at)}" y="{Height - 24}" width="12" height="12" fill="{Colour(i)}"/><text x="{Of(at + 17)}" y="{Height - 13}">{Text(series[i].Label)}</text>""");
            at += 34 + (series[i].Label.Length * 6.8);
        }
    }

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Colour(int series) => Colours[series % Colours.Length];

    private static string Of(double place) => Math.Round(place, 1).ToString(CultureInfo.InvariantCulture);

    private static string Number(double number) => Math.Abs(number) >= 1000
        ? number.ToString("#,##0", CultureInfo.InvariantCulture)
        : Math.Round(number, 3).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
