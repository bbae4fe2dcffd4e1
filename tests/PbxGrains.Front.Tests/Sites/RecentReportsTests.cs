using System.Net;
using PbxGrains.Contracts.Reports;
using PbxGrains.Front.Tests.Lab;

namespace PbxGrains.Front.Tests.Sites;

public sealed class RecentReportsTests
{
    [Fact]
    public async Task The_last_reports_are_for_those_who_may_operate()
    {
        await using var front = await FrontLab.StartAsync();
        var at = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        _ = await front.RegisterAsync("paris");
        front.Site("paris").RecentReports = () => new RecentReports(at.AddHours(-1), [new RecentReport(at, "10.1.0.254", "callRecord", ReportReceipt.NotStored, "{}", Cut: false)]);

        var answer = await (await front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/reports")).JsonAsync();

        answer.Text("since").Should().StartWith("2026-03-02T08:00:00");
        var report = answer.GetProperty("reports").EnumerateArray().Should().ContainSingle().Which;
        report.Text("kind").Should().Be("callRecord");
        report.Text("receipt").Should().Be("notStored");
        report.Text("body").Should().Be("{}");
        await (await front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/nowhere/reports")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
        var key = await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { name = "wall", scope = "read" })).JsonAsync(HttpStatusCode.Created);
        (await front.Anonymous.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/reports", null, ("X-Api-Key", key.Text("key")!))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }
}
