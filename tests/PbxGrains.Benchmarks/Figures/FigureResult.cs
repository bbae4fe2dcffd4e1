namespace PbxGrains.Benchmarks.Figures;

/// <summary>All rounds of a figure together.</summary>
/// <param name="Name">How it is asked for.</param>
/// <param name="Title">What was measured.</param>
/// <param name="Rounds">How often.</param>
/// <param name="Seconds">How long it all took.</param>
/// <param name="LoadBefore">Load average of the machine when it began.</param>
/// <param name="LoadAfter">And when it ended.</param>
/// <param name="Measures">The numbers.</param>
/// <param name="Remarks">What else is to be known.</param>
/// <param name="Failure">Why it broke off; null when it did not.</param>
internal sealed record FigureResult(
    string Name,
    string Title,
    int Rounds,
    double Seconds,
    double LoadBefore,
    double LoadAfter,
    IReadOnlyList<MeasureResult> Measures,
    IReadOnlyList<string> Remarks,
    string? Failure);

/// <summary>A number over all rounds. Ratio and difference are those of the rounds, each with its own baseline.</summary>
internal sealed record MeasureResult(
    string Name,
    string Unit,
    Spread? Ours,
    string? BaselineTitle,
    Spread? Baseline,
    Spread? Ratio,
    Spread? Added,
    Aim? Aim,
    bool? Met,
    string? Absent)
{
    public static MeasureResult Of(Measure measure, IReadOnlyList<FigureRound> rounds)
    {
        var numbers = rounds.Where(round => round.Numbers.ContainsKey(measure)).Select(round => round.Numbers[measure]).ToList();
        var pairs = numbers.Where(number => number.Baseline is not null).Select(number => (number.Ours, Baseline: number.Baseline!.Value)).ToList();
        var ours = Spread.Of(numbers.Select(number => number.Ours));
        var ratio = Spread.Of(pairs.Where(pair => pair.Baseline > 0).Select(pair => pair.Ours / pair.Baseline));
        var added = Spread.Of(pairs.Select(pair => pair.Ours - pair.Baseline));
        return new MeasureResult(
            measure.Name,
            measure.Unit,
            ours,
            measure.Baseline,
            Spread.Of(pairs.Select(pair => pair.Baseline)),
            ratio,
            added,
            measure.Aim,
            measure.Aim?.IsMetBy(ours?.Median, ratio?.Median, added?.Median),
            rounds.Select(round => round.Absences.GetValueOrDefault(measure)).FirstOrDefault(why => why is not null));
    }
}

/// <summary>A number of several rounds.</summary>
internal sealed record Spread(double Median, double Least, double Most)
{
    /// <summary>Null of none.</summary>
    public static Spread? Of(IEnumerable<double> numbers)
    {
        var ordered = numbers.Order().ToList();
        return ordered.Count == 0 ? null : new Spread(MedianOf(ordered), ordered[0], ordered[^1]);
    }

    private static double MedianOf(List<double> ordered) =>
        ordered.Count % 2 == 1 ? ordered[ordered.Count / 2] : (ordered[(ordered.Count / 2) - 1] + ordered[ordered.Count / 2]) / 2;
}
