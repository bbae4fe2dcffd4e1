using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PbxGrains.Front.Tests.Lab;

namespace PbxGrains.Front.Tests.Recordings;

public sealed class RetentionApiTests : IAsyncLifetime
{
    private FrontLab _lab = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lab = await FrontLab.StartAsync();
        _ = await _lab.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Out_of_the_box_records_are_kept_three_years_and_recordings_half_a_year()
    {
        var all = await _lab.Admin.GetFromJsonAsync<JsonElement>("/api/pbx/retention", Ct);

        Days(all).Should().Be((1096, 30, null, 180));
    }

    [Fact]
    public async Task A_site_says_what_differs_and_shows_what_holds()
    {
        (await _lab.Admin.PutAsJsonAsync("/api/pbx/retention", new { recordDays = 400, rawDays = 10, anonymiseAfterDays = 90, recordingDays = 60 }, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _lab.Admin.PutAsJsonAsync("/api/pbx/sites/paris/retention", new { recordingDays = 7 }, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);

        var site = await _lab.Admin.GetFromJsonAsync<JsonElement>("/api/pbx/sites/paris/retention", Ct);

        Days(site).Should().Be((null, null, null, 7));
        Days(site.GetProperty("effective")).Should().Be((400, 10, 90, 7));
    }

    [Theory]
    [InlineData("/api/pbx/retention", """{"recordDays":0,"rawDays":30}""", "recordDays")]
    [InlineData("/api/pbx/retention", """{"rawDays":30}""", "recordDays")]
    [InlineData("/api/pbx/sites/paris/retention", """{"recordingDays":-1}""", "recordingDays")]
    [InlineData("/api/pbx/sites/paris/retention", """{"anonymiseAfterDays":2147483647}""", "anonymiseAfterDays")]
    public async Task Days_that_make_no_sense_are_refused_by_name(string url, string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await _lab.Admin.PutAsync(url, content, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue();
    }

    [Fact]
    public async Task A_site_nobody_registered_has_no_retention() =>
        (await _lab.Admin.GetAsync("/api/pbx/sites/london/retention", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);

    private static (int?, int?, int?, int?) Days(JsonElement days) => (Day(days, "recordDays"), Day(days, "rawDays"), Day(days, "anonymiseAfterDays"), Day(days, "recordingDays"));

    private static int? Day(JsonElement days, string name) => days.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;
}
