using PbxGrains.Benchmarks.Plots;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>What one round of a figure gave.</summary>
internal sealed class FigureRound
{
    /// <summary>The product's number, and the baseline's where there is one.</summary>
    public Dictionary<Measure, (double Ours, double? Baseline)> Numbers { get; } = [];

    /// <summary>Why a number is not given.</summary>
    public Dictionary<Measure, string> Absences { get; } = [];

    /// <summary>What else is to be known of it, sentences.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Lines of plots; those of all rounds with the same plot and label become one, of medians.</summary>
    public List<(Plot Plot, PlotSeries Series)> Lines { get; } = [];

    /// <summary>Gives a number.</summary>
    public FigureRound Add(Measure measure, double ours, double? baseline = null)
    {
        Numbers[measure] = (ours, baseline);
        return this;
    }

    /// <summary>Says why a number cannot be given.</summary>
    public FigureRound Absent(Measure measure, string why)
    {
        Absences[measure] = why;
        return this;
    }

    /// <summary>Says something about the round: said once, however many rounds say the same.</summary>
    public FigureRound Remark(string sentence)
    {
        Remarks.Add(sentence);
        return this;
    }

    /// <summary>Draws a line, or sets of bars, into a plot.</summary>
    /// <param name="plot">The plot; the same one from several figures or rounds is drawn once.</param>
    /// <param name="label">Whose line.</param>
    /// <param name="points">From left to right.</param>
    public FigureRound Draw(Plot plot, string label, IEnumerable<PlotPoint> points)
    {
        Lines.Add((plot, new PlotSeries(label, [.. points])));
        return this;
    }
}
