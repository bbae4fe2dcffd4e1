using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using PbxGrains.Contracts.Reports;
using PbxGrains.Grains.Reports;

namespace PbxGrains.Grains.Tests.Reports;

public sealed class ReportMemoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly ReportMemory _memory = new(Noon);

    [Fact]
    public void The_last_reports_are_remembered_newest_first()
    {
        for (var i = 1; i <= ReportMemory.Kept + 5; i++)
        {
            _memory.Add(Report($$"""{"event":"ExtensionStatus","extension":"{{i.ToString(CultureInfo.InvariantCulture)}}","status":"Busy"}""", Noon.AddSeconds(i)), ReportReceipt.Taken);
        }

        var view = _memory.View();

        view.Since.Should().Be(Noon);
        view.Reports.Should().HaveCount(ReportMemory.Kept).And.BeInDescendingOrder(r => r.ReceivedAt);
        view.Reports[0].Should().BeEquivalentTo(new { Kind = "extensionStatus", SourceAddress = "10.1.0.254", Receipt = ReportReceipt.Taken, Cut = false });
        view.Reports[^1].Body.Should().Contain("\"6\"");
    }

    [Theory]
    [InlineData("""{"event":"NewCdr","callid":"1.1","timestart":"2026-03-02 09:06:40","callfrom":"1001","callto":"1002","pincode":"8426","status":"ANSWERED"}""", "callRecord")]
    [InlineData("""{"event":"NewCdr","callid":"1.1","pincode":"8426","members":[{"inb""", "unreadable")]
    public void No_PIN_is_shown_whether_a_report_can_be_read_or_not(string body, string kind)
    {
        _memory.Add(Report(body, Noon), ReportReceipt.Taken);

        var report = _memory.View().Reports.Should().ContainSingle().Which;

        report.Kind.Should().Be(kind);
        report.Body.Should().Contain("NewCdr").And.NotContain("8426");
    }

    [Fact]
    public void A_long_report_is_remembered_by_its_beginning_and_says_so()
    {
        _memory.Add(Report($$"""{"event":"NewCdr","pincode":"8426","filler":"{{new string('x', ReportMemory.LongestBody)}}"}""", Noon), ReportReceipt.Taken);

        var report = _memory.View().Reports.Should().ContainSingle().Which;

        report.Cut.Should().BeTrue();
        report.Kind.Should().Be(ReportWords.Long);
        report.Body.Should().StartWith("""{"event":"NewCdr",""").And.NotContain("8426");
        report.Body.Length.Should().BeLessThanOrEqualTo(ReportMemory.LongestBody);
    }

    private static IncomingReport Report(string body, DateTimeOffset at) => new(ImmutableArray.Create(Encoding.UTF8.GetBytes(body)), at, "10.1.0.254");
}
