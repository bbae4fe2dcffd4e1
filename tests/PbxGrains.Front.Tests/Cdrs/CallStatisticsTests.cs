using System.Net;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Cdrs;
using static PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Cdrs;

public sealed class CallStatisticsTests : IAsyncLifetime
{
    private FrontLab _front = null!;

    public async ValueTask InitializeAsync() => _front = await FrontLab.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task Calls_are_counted_by_bucket_outcome_and_site()
    {
        await _front.RecordAsync(
            Inbound("paris", "1"),
            Inbound("paris", "1", minute: 1) with { Direction = RecordedDirection.Internal },
            Inbound("paris", "2", minute: 70) with { Disposition = RecordedDisposition.NoAnswer },
            Outbound("lyon", "1", "0611111111", null, minute: 5));

        var counted = await _front.GetAsync("/api/pbx/statistics?from=2026-07-01&to=2026-07-02&zone=Europe/Paris");

        (counted.Text("zone"), counted.Text("bucket")).Should().Be(("Europe/Paris", "hour"));
        counted.GetProperty("from").GetDateTimeOffset().Should().Be(new DateTimeOffset(2026, 6, 30, 22, 0, 0, TimeSpan.Zero), "a date is the zone's");
        var total = counted.GetProperty("total");
        (total.GetProperty("calls").GetInt32(), total.GetProperty("answered").GetInt32(), total.GetProperty("noAnswer").GetInt32(), total.GetProperty("medianAnswerSeconds").GetInt32()).Should().Be((3, 2, 1, 8));
        counted.GetProperty("buckets").EnumerateArray().Select(bucket => bucket.GetProperty("figures").GetProperty("calls").GetInt32()).Should().Equal([.. Enumerable.Repeat(0, 12), 2, 1, .. Enumerable.Repeat(0, 10)]);
        counted.GetProperty("sites").EnumerateArray().Select(site => $"{site.Text("site")} {site.GetProperty("figures").GetProperty("calls")}").Should().Equal("paris 2", "lyon 1");

        (await _front.GetAsync("/api/pbx/statistics?from=2026-07-01&to=2026-07-02&site=paris&direction=outbound")).GetProperty("total").GetProperty("calls").GetInt32().Should().Be(0);
        (await _front.GetAsync("/api/pbx/statistics?from=2026-06-01&to=2026-07-02")).Text("bucket").Should().Be("day");
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-07-02&to=2026-07-01", "to")]
    [InlineData("from=2025-01-01&to=2026-07-01", "to")]
    [InlineData("from=2026-05-01&to=2026-07-01&bucket=hour", "bucket")]
    [InlineData("bucket=minute", "bucket")]
    [InlineData("zone=Europe/Atlantis", "zone")]
    [InlineData("zone=..%2F..%2Fetc%2Fpasswd", "zone")]
    [InlineData("direction=sideways", "direction")]
    [InlineData("sites=paris", "sites")]
    public async Task What_cannot_be_counted_is_refused_by_name(string query, string field)
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/statistics?" + query)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Should().Equal(field);
    }

    [Fact]
    public async Task Nobody_counts_without_a_key() =>
        (await _front.Anonymous.SendAsync(HttpMethod.Get, "/api/pbx/statistics")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
}
