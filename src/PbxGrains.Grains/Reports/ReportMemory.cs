using System.Collections.Immutable;
using PbxGrains.Contracts.Reports;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Reports;

/// <summary>
/// Remembers the last reports of a site as they came. In memory only: what they told is in the ledger and the event log,
/// this is for people who look at the wire.
/// </summary>
/// <param name="since">When remembering began (UTC).</param>
public sealed class ReportMemory(DateTimeOffset since)
{
    /// <summary>So many are remembered.</summary>
    public const int Kept = 20;

    /// <summary>Longest body remembered whole, bytes; those of PBXs have some hundreds.</summary>
    public const int LongestBody = 4096;

    private readonly Queue<Remembered> _reports = new(Kept);

    /// <summary>Remembers a report, and forgets the oldest above <see cref="Kept"/>.</summary>
    public void Add(IncomingReport report, ReportReceipt receipt)
    {
        if (_reports.Count == Kept)
        {
            _ = _reports.Dequeue();
        }

        _reports.Enqueue(new Remembered(report.ReceivedAt, report.SourceAddress, receipt, report.Body[..Math.Min(report.Body.Length, LongestBody)], report.Body.Length > LongestBody));
    }

    /// <summary>What is remembered, newest first. Bodies are read only now: nobody looks at most of them.</summary>
    public RecentReports View() => new(since, [.. _reports.Reverse().Select(View)]);

    private static RecentReport View(Remembered report)
    {
        var body = report.Body.AsMemory();
        var kind = report.Cut ? ReportWords.Long : ReportWords.Of(ReportParser.Parse(body));
        var text = report.Cut || kind == ReportWords.Unreadable ? ReportRedaction.Legible(body) : ReportRedaction.WithoutPinCode(body);
        return new RecentReport(report.ReceivedAt, report.SourceAddress, kind, report.Receipt, text, report.Cut);
    }

    private sealed record Remembered(DateTimeOffset ReceivedAt, string? SourceAddress, ReportReceipt Receipt, ImmutableArray<byte> Body, bool Cut);
}
