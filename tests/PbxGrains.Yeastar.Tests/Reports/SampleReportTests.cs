using PbxGrains.Testing;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Yeastar.Tests.Reports;

public sealed class SampleReportTests
{
    private static readonly string[] Folders = ["s-series-v1", "s-series-v2"];

    public static TheoryData<string> Names => [.. SampleReports.Expected.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_report_is_read_in_full(string name)
    {
        var body = BodyOf(name);

        var report = ReportParser.Parse(body);

        report.ShouldBe(SampleReports.Expected[name]);
    }

    [Fact]
    public void Every_sample_is_either_expected_here_or_belongs_to_the_client()
    {
        SkipWithoutSamples();

        var files = Folders
            .SelectMany(folder => Directory.EnumerateFiles(Fixtures.PathOf(folder)).Select(file => $"{folder}/{Path.GetFileName(file)}"))
            .Where(name => !name.EndsWith("/README.md", StringComparison.Ordinal));

        files.Should().BeEquivalentTo(SampleReports.Expected.Keys.Concat(SampleReports.OfTheClient));
    }

    [Fact]
    public void No_report_is_counted_among_the_clients_samples()
    {
        SampleReports.OfTheClient.Should().NotContain(name => name.Contains("/report-", StringComparison.Ordinal) || name.Contains("/event-", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_report_cut_anywhere_is_unreadable(string name)
    {
        var body = BodyOf(name).AsMemory();
        var end = body.Span.LastIndexOf((byte)'}');

        for (var length = 0; length <= end; length++)
        {
            var cut = body[..length];

            var report = ReportParser.Parse(cut);

            report.Should().BeOfType<UnreadableReport>($"{length} of {body.Length} bytes came").Which.Raw.Should().Be(cut);
        }
    }

    private static byte[] BodyOf(string name)
    {
        SkipWithoutSamples();
        var bytes = Fixtures.Read(name);
        return name.EndsWith(".http", StringComparison.Ordinal) ? bytes[(bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..] : bytes;
    }

    private static void SkipWithoutSamples() => Assert.SkipWhen(Fixtures.Folder is null, "This machine has no sample payloads.");
}
