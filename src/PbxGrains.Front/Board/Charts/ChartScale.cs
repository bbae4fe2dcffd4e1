using System.Globalization;

namespace PbxGrains.Front.Board.Charts;

/// <summary>An axis from zero to a round number.</summary>
/// <param name="Step">Distance of its lines.</param>
/// <param name="Top">Its end, a multiple of the step.</param>
public sealed record ChartScale(long Step, long Top)
{
    private const int Lines = 5;
    private static readonly long[] RoundSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

    /// <summary>The values at its lines, from zero.</summary>
    public IEnumerable<long> Values
    {
        get
        {
            for (var value = 0L; value <= Top; value += Step)
            {
                yield return value;
            }
        }
    }

    /// <summary>An axis of numbers: steps of 1, 2 or 5 with zeros.</summary>
    public static ChartScale OfCounts(long most)
    {
        for (var power = 1L; ; power *= 10)
        {
            foreach (var step in new[] { power, 2 * power, 5 * power })
            {
                if (step * Lines >= most)
                {
                    return Of(step, most);
                }
            }
        }
    }

    /// <summary>An axis of seconds: steps that read well as minutes.</summary>
    public static ChartScale OfSeconds(long most)
    {
        var step = RoundSeconds.FirstOrDefault(round => round * Lines >= most);
        return step > 0 ? Of(step, most) : new ChartScale(OfCounts((most / 3600) + 1).Step * 3600, OfCounts((most / 3600) + 1).Top * 3600);
    }

    /// <summary>How far a value is up the axis, in pixels of a chart of that height.</summary>
    public double HeightOf(double value, double height) => Math.Min(value / Top, 1) * height;

    /// <summary>A number as SVG wants it.</summary>
    public static string Svg(double number) => Math.Round(number, 3).ToString(CultureInfo.InvariantCulture);

    /// <summary>A share of the width as SVG wants it.</summary>
    public static string Percent(double share) => Svg(share * 100) + "%";

    private static ChartScale Of(long step, long most) => new(step, Math.Max(1, (most + step - 1) / step) * step);
}
