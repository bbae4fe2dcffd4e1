using System.Text;

using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Yeastar.Tests.Reports;

/// <summary>Reads and compares reports in tests.</summary>
internal static class ReportAssertions
{
    /// <summary>Reads a body given as text.</summary>
    public static Report Parse(string body) => ReportParser.Parse(Encoding.UTF8.GetBytes(body));

    /// <summary>Same type, same values, parties in the same order.</summary>
    public static void ShouldBe(this Report report, Report expected)
    {
        report.Should().BeOfType(expected.GetType());
        report.Should().BeEquivalentTo(expected, options => options.PreferringRuntimeMemberTypes().WithStrictOrdering());
    }

    /// <summary>The parties of a report as <c>kind:number</c>, for reading at a glance; trunk legs by their handle.</summary>
    public static IReadOnlyList<string> Parties(this Report report) =>
    [
        .. Legs(report).Select(leg => $"{leg.Kind}:{leg.Extension ?? leg.Handle}"),
    ];

    private static IReadOnlyList<PbxLeg> Legs(Report report) => report switch
    {
        CallProgressReport progress => progress.Legs,
        CallNoticeReport notice => notice.Legs,
        CallFailedReport failed => failed.Legs,
        DtmfReport dtmf => dtmf.Legs,
        PromptEndedReport prompt => prompt.Legs,
        UnknownReport unknown => unknown.Legs,
        _ => throw new InvalidOperationException($"{report.GetType().Name} has no parties."),
    };
}
