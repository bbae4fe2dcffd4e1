namespace PbxGrains.Benchmarks.Figures;

/// <summary>Something the product is measured by, where possible beside a baseline measured in the same run.</summary>
internal interface IFigure
{
    /// <summary>How it is asked for.</summary>
    string Name { get; }

    /// <summary>What is measured, and under which load.</summary>
    string Title { get; }

    /// <summary>The numbers a round gives.</summary>
    IReadOnlyList<Measure> Measures { get; }

    /// <summary>
    /// Prepares, then measures round after round; product and baseline take turns within a round, so that what else the
    /// machine does meets both. A round that is given is a round that counts: warm up before the first.
    /// </summary>
    /// <param name="scale">How many rounds, and how long.</param>
    /// <param name="ct">Stops; what was started is ended.</param>
    IAsyncEnumerable<FigureRound> RoundsAsync(FigureScale scale, CancellationToken ct);
}

/// <summary>How thoroughly it is measured.</summary>
/// <param name="Quick">Only to see that it works: short and once.</param>
/// <param name="Rounds">Rounds asked for; a figure whose rounds are long may take fewer.</param>
/// <param name="Say">Tells who watches what is being done now.</param>
internal sealed record FigureScale(bool Quick, int Rounds, Action<string> Say)
{
    /// <summary>A third of it when it must be quick.</summary>
    public TimeSpan Of(TimeSpan full) => Quick ? full / 3 : full;

    /// <inheritdoc cref="Of(TimeSpan)" />
    public int Of(int full) => Quick ? Math.Max(1, full / 3) : full;
}
