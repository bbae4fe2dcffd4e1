using System.Net;
using System.Text.Json;
using PbxGrains.Front.Tests.Lab;

namespace PbxGrains.Front.Tests;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_API_describes_itself_and_its_page_loads_nothing_from_elsewhere()
    {
        await using var front = await FrontLab.StartAsync();

        var document = await (await front.Anonymous.SendAsync(HttpMethod.Get, "/openapi/v1.json")).JsonAsync();
        var paths = document.GetProperty("paths");
        var operations = paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (Path: p.Name, Operation: o.Value))).ToList();
        operations.Should().HaveCountGreaterThan(30);
        operations.Should().OnlyContain(o => Has(o.Operation, "summary") && Has(o.Operation, "operationId"));
        operations.Where(o => !o.Path.Contains("webhook/", StringComparison.Ordinal) && !o.Path.StartsWith("/schemas/", StringComparison.Ordinal)).Should().OnlyContain(o => Has(o.Operation, "security"));
        document.GetProperty("components").GetProperty("schemas").GetProperty("SiteInput").GetProperty("properties").GetProperty("timeZone").Text("description").Should().Contain("Europe/Paris");
        document.GetProperty("components").GetProperty("schemas").GetProperty("ExtensionStatus").GetProperty("enum").ToString().Should().Contain("onHold");

        using var response = await front.Anonymous.SendAsync(HttpMethod.Get, "/docs/");
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        page.Should().NotContain("cdn.").And.NotContain("fonts.scalar").And.NotContain("jsdelivr");
    }

    [Fact]
    public async Task Health_needs_no_key()
    {
        await using var front = await FrontLab.StartAsync();

        (await front.Anonymous.SendAsync(HttpMethod.Get, "/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await front.Anonymous.SendAsync(HttpMethod.Get, "/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static bool Has(JsonElement operation, string member) => operation.TryGetProperty(member, out _);
}
