namespace PbxGrains.Benchmarks.Figures;

/// <summary>Something the product is measured by, beside a baseline measured in the same run.</summary>
internal interface IFigure
{
    /// <summary>How it is asked for.</summary>
    string Name { get; }

    /// <summary>What is measured.</summary>
    string Title { get; }

    /// <summary>What the baseline is.</summary>
    string Baseline { get; }

    /// <summary>Measures once.</summary>
    Task<FigureRound> MeasureAsync(CancellationToken ct);
}

/// <summary>One round of a figure.</summary>
/// <param name="Ours">The product's times; null when it cannot be measured.</param>
/// <param name="Baseline">The baseline's; null when it was not measured.</param>
/// <param name="Absent">Why the product's times are absent; null when they are not.</param>
internal sealed record FigureRound(LatencySample? Ours, LatencySample? Baseline, string? Absent = null);

/// <summary>All rounds of a figure together.</summary>
internal sealed record FigureResult(string Name, string Title, string BaselineTitle, Quantiles? Ours, Quantiles? Baseline, double? RatioP50, double? RatioP99, string? Absent, double LoadBefore, double LoadAfter)
{
    /// <summary>Puts the rounds together: all their times are one population.</summary>
    public static FigureResult Of(IFigure figure, IReadOnlyList<FigureRound> rounds, double loadBefore, double loadAfter)
    {
        var ours = Quantiles.Of(rounds.Select(round => round.Ours));
        var baseline = Quantiles.Of(rounds.Select(round => round.Baseline));
        return new FigureResult(
            figure.Name,
            figure.Title,
            figure.Baseline,
            ours,
            baseline,
            ours?.P50 / baseline?.P50,
            ours?.P99 / baseline?.P99,
            rounds.Select(round => round.Absent).FirstOrDefault(absent => absent is not null),
            loadBefore,
            loadAfter);
    }
}
