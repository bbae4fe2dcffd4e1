namespace PbxGrains.Benchmarks.Plots;

/// <summary>Numbers to places on paper, and the numbers worth a tick.</summary>
internal sealed class PlotAxis
{
    private readonly bool _log;
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;

    /// <param name="values">What must find room; what is not above 0 cannot be on a logarithmic axis.</param>
    /// <param name="log">Logarithmic.</param>
    /// <param name="from">Where on paper it begins.</param>
    /// <param name="to">And ends.</param>
    /// <param name="fromZero">Begins at 0, unless logarithmic.</param>
    public PlotAxis(IReadOnlyCollection<double> values, bool log, double from, double to, bool fromZero)
    {
        (_log, _from, _to) = (log, from, to);
        var (least, most) = (values.DefaultIfEmpty(0).Min(), values.DefaultIfEmpty(1).Max());
        if (log)
        {
            (_low, _high) = (Math.Floor(Math.Log10(Math.Max(least, 1e-6)) + 1e-9), Math.Ceiling(Math.Log10(Math.Max(most, 1e-6)) - 1e-9));
            _high = Math.Max(_high, _low + 1);
            Ticks = [.. Enumerable.Range((int)_low, (int)(_high - _low) + 1).Select(power => Math.Pow(10, power))];
        }
        else
        {
            var low = fromZero ? Math.Min(0, least) : least;
            var step = Step(Math.Max(most - low, 1e-9));
            (_low, _high) = (Math.Floor(low / step) * step, Math.Ceiling(most / step) * step);
            _high = Math.Max(_high, _low + step);
            Ticks = [.. Enumerable.Range(0, (int)Math.Round((_high - _low) / step) + 1).Select(i => _low + (i * step))];
        }
    }

    /// <summary>Round numbers along it.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Where on paper a number is.</summary>
    public double At(double value)
    {
        var place = _log ? Math.Max(Math.Log10(Math.Max(value, 1e-6)), _low) : value;
        return _from + ((place - _low) / (_high - _low) * (_to - _from));
    }

    // 1, 2 or 5 times a power of ten, four to eight of them.
    private static double Step(double range)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / 4)));
        return (range / 4 / power) switch { < 2 => power, < 5 => 2 * power, _ => 5 * power };
    }
}
