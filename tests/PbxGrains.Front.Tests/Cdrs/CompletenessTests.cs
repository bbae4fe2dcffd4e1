using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Cdrs;
using static PbxGrains.Front.Tests.Cdrs.Ledger;

namespace PbxGrains.Front.Tests.Cdrs;

public sealed class CompletenessTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Today = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task Each_hour_says_how_its_records_came_and_whether_they_are_all()
    {
        // Windows are in the PBX's wall clock, which is that of Paris.
        var day = Today.AddDays(-10);
        var wall = TimeZoneInfo.ConvertTime(day, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime;
        await _front.RecordAsync(
            Named("paris", "1") with { StartedAt = day.AddMinutes(5) },
            Named("paris", "2") with { StartedAt = day.AddMinutes(65) },
            Named("paris", "3") with { StartedAt = day.AddMinutes(70), Source = RecordedSource.CatchUp });
        await CompareAsync(wall, hours: 2, day.AddHours(20));

        var answer = await CompletenessAsync($"?from={Text(day.AddMinutes(30))}&to={Text(day.AddMinutes(130))}");

        answer.Text("site").Should().Be("paris");
        answer.GetProperty("from").GetDateTimeOffset().Should().Be(day);
        answer.GetProperty("to").GetDateTimeOffset().Should().Be(day.AddHours(3));
        (Number(answer, "verified"), Number(answer, "pending"), Number(answer, "unverifiable"), Number(answer, "pushed"), Number(answer, "onlyCaughtUp")).Should().Be((2, 0, 1, 2, 1));
        var hours = answer.GetProperty("hours").EnumerateArray().ToList();
        hours.Select(hour => hour.Text("state")).Should().Equal("verified", "verified", "unverifiable");
        hours[0].GetProperty("lastComparedAt").GetDateTimeOffset().Should().Be(day.AddHours(20));
        hours[0].Text("reason").Should().BeNull();
        hours[1].GetProperty("hour").GetDateTimeOffset().Should().Be(day.AddHours(1));
        (Number(hours[1], "pushed"), Number(hours[1], "onlyCaughtUp")).Should().Be((1, 1));
        hours[2].Text("reason").Should().Be("never-compared");
        hours[2].Text("detail").Should().Contain("pbx cdr import --site paris");
    }

    [Fact]
    public async Task The_last_day_is_told_when_nothing_is_asked_for()
    {
        var answer = await CompletenessAsync("");

        answer.GetProperty("hours").GetArrayLength().Should().BeInRange(24, 25);
        answer.GetProperty("hours").EnumerateArray().Last().Text("reason").Should().Be("hour-not-over");
        answer.GetProperty("hours").EnumerateArray().First().Text("reason").Should().Be("awaiting-comparison");
    }

    [Fact]
    public async Task A_site_that_cannot_be_compared_says_why()
    {
        _front.Site("paris").Status = () => Status(SiteHealth.Unreachable, SiteHealthReason.NoConnection);
        (await ReasonAsync()).Should().Match<(string Reason, string Detail)>(r => r.Reason == "site-unreachable" && r.Detail.Contains("VPN"));

        _front.Site("paris").Status = () => Status(SiteHealth.CredentialsRejected, SiteHealthReason.WrongCredentials);
        (await ReasonAsync()).Should().Match<(string Reason, string Detail)>(r => r.Reason == "site-unreachable" && r.Detail.Contains("password", StringComparison.OrdinalIgnoreCase));

        _front.Site("paris").Status = () => throw new TimeoutException();
        (await ReasonAsync()).Reason.Should().Be("awaiting-comparison", "nobody can say more just now");

        await (await _front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/sites/paris/suspend", new { reason = "moving house" })).JsonAsync();
        (await ReasonAsync()).Should().Match<(string Reason, string Detail)>(r => r.Reason == "site-suspended" && r.Detail.Contains("moving house"));
    }

    [Theory]
    [InlineData("?from=2026-01-01&to=2027-01-03", "to")]
    [InlineData("?from=2026-01-02&to=2026-01-01", "to")]
    [InlineData("?from=2090-01-01", "from")]
    [InlineData("?from=x", "from")]
    [InlineData("?since=2026-01-01", "since")]
    public async Task A_span_that_cannot_be_used_is_named(string query, string field)
    {
        var problem = await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/paris/completeness" + query)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.GetProperty("errors").EnumerateObject().Single().Name.Should().Be(field);
    }

    [Fact]
    public async Task A_whole_leap_year_can_be_asked_for_and_an_unknown_site_cannot()
    {
        (await CompletenessAsync("?from=2024-01-01&to=2025-01-01")).GetProperty("hours").GetArrayLength().Should().Be(366 * 24);
        await (await _front.Admin.SendAsync(HttpMethod.Get, "/api/pbx/sites/lyon/completeness")).ProblemAsync(HttpStatusCode.NotFound, "site-unknown");
    }

    private static SiteStatus Status(SiteHealth health, SiteHealthReason reason) => new() { Site = SiteId.Parse("paris"), Health = health, Reason = reason, Since = DateTimeOffset.UnixEpoch };

    private static int Number(JsonElement json, string property) => json.GetProperty(property).GetInt32();

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private Task<JsonElement> CompletenessAsync(string query) => _front.GetAsync("/api/pbx/sites/paris/completeness" + query);

    private async Task<(string Reason, string Detail)> ReasonAsync()
    {
        var hour = (await CompletenessAsync("")).GetProperty("hours")[0];
        return (hour.Text("reason")!, hour.Text("detail")!);
    }

    private Task CompareAsync(DateTime start, int hours, DateTimeOffset at) => new CatchUpWindows(_front.Service<NpgsqlDataSource>(), TimeProvider.System).RecordAsync(
        new CatchUpWindow { SiteId = "paris", Start = start, End = start.AddHours(hours), Outcome = CatchUpOutcome.Whole, ComparedAt = at }, TestContext.Current.CancellationToken);
}
