using PbxGrains.Front.Board.Calls;
using PbxGrains.Front.Cdrs.Statistics;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Board.Charts;

/// <summary>One outcome in a chart: told by colour, pattern and word.</summary>
/// <param name="Key">The ledger's word; names its colour and pattern.</param>
/// <param name="Name">The reader's word.</param>
/// <param name="Of">How many calls of a bucket it has.</param>
public sealed record ChartSeries(string Key, string Name, Func<CallFiguresResource, long> Of)
{
    /// <summary>The outcomes, from the bottom up; only those that occur.</summary>
    public static IReadOnlyList<ChartSeries> Outcomes(CallStatisticsResource statistics)
    {
        ChartSeries[] all =
        [
            Series(RecordedDisposition.Answered, figures => figures.Answered),
            Series(RecordedDisposition.Voicemail, figures => figures.Voicemail),
            Series(RecordedDisposition.NoAnswer, figures => figures.NoAnswer),
            Series(RecordedDisposition.Busy, figures => figures.Busy),
            Series(RecordedDisposition.Failed, figures => figures.Failed),
            Series(RecordedDisposition.Unknown, figures => figures.Unknown),
        ];
        return [.. all.Where(series => series.Of(statistics.Total) > 0)];

        ChartSeries Series(string key, Func<CallFiguresResource, long> of) => new(key, CallWords.Outcome(key, statistics.Direction), of);
    }
}
