using PbxGrains.Benchmarks.Plots;

namespace PbxGrains.Benchmarks.Figures;

/// <summary>The plots into which figures draw.</summary>
internal static class FigurePlots
{
    /// <summary>How long things take, from the quickest to the slowest.</summary>
    public static Plot Latencies { get; } = new("latencies", "From sending to arrival", "share of all that were quicker", "milliseconds", LogY: true);

    /// <summary>How long senders of reports wait under full load.</summary>
    public static Plot Answers { get; } = new("answers", "Until a call record report is answered, 64 connections at full load", "share of all that were quicker", "milliseconds", LogY: true);

    /// <summary>How long a click-to-call takes.</summary>
    public static Plot Originates { get; } = new("originates", "Until a call is started", "share of all that were quicker", "milliseconds", LogY: true);

    /// <summary>How much the product takes.</summary>
    public static Plot Throughput { get; } = new("throughput", "Call records taken, each committed before its answer", "", "reports per second", Bars: true);

    /// <summary>What many sites cost compared to few.</summary>
    public static Plot Growth { get; } = new("growth", "What a site costs, by the number of sites", "sites", "compared to ten sites", LogX: true);
}
