namespace PbxGrains.Benchmarks.Figures;

/// <summary>Everything that is measured, in the order in which it is.</summary>
internal static class FigureList
{
    public static IReadOnlyList<IFigure> All { get; } =
    [
        new DurableReports(),
        new AddedToOriginate(),
        new RecordsCaughtUp(),
        new ReportToReader(1),
        new ReportToReader(20),
        new ReportToWebhook(),
        new CostOfPoll(),
        new CostOfSites(),
        new ComingAndGoing(),
    ];
}
