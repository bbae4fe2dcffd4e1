using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PbxGrains.Front.Tests.Lab;

namespace PbxGrains.Front.Tests;

/// <summary>Input nobody sends on purpose is the sender's mistake, and told as such.</summary>
public sealed class OddInputTests : IAsyncLifetime
{
    private FrontLab _front = null!;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();
        await _front.RegisterAsync("paris");
    }

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Theory]
    [InlineData("PUT", "/api/pbx/agents", """{"agents":[null]}""")]
    [InlineData("PUT", "/api/pbx/agents", """{"agents":[{"id":"a","name":"\u0000","site":"paris","extension":"1000"}]}""")]
    [InlineData("PUT", "/api/pbx/agents", """{"agents":[{"id":"a","mobile":"\u0000","site":"paris","extension":"1000"}]}""")]
    [InlineData("POST", "/api/pbx/keys", """{"name":"a\u0000","scope":"read"}""")]
    [InlineData("POST", "/api/pbx/keys", """{"name":"a\u001b[31m","scope":"read"}""")]
    [InlineData("POST", "/api/pbx/sites/paris/suspend", """{"reason":"a\u0000"}""")]
    [InlineData("POST", "/api/pbx/sites/paris/calls", """{"extension":"1000","destination":"1001","reference":"\u0000"}""")]
    [InlineData("POST", "/api/pbx/sites/paris/calls", """{"extension":"1000","destination":"\u202e1001"}""")]
    [InlineData("POST", "/api/pbx/sites/paris/calls", """{"extension":"1000","destination":"+33\u00a01"}""")]
    [InlineData("PUT", "/api/pbx/sites/paris", """{"sourceAddresses":["10.1"]}""")]
    [InlineData("PUT", "/api/pbx/sites/paris", """{"sourceAddresses":[null]}""")]
    [InlineData("PUT", "/api/pbx/sites/paris", """{"certificatePins":[null]}""")]
    public async Task A_value_that_cannot_be_stored_or_dialled_is_a_wrong_field(string method, string route, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(new HttpMethod(method), route) { Content = content };

        var response = await _front.Admin.SendAsync(request, TestContext.Current.CancellationToken);

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        problem.GetProperty("errors").EnumerateObject().Should().NotBeEmpty();
    }

    [Fact]
    public async Task An_agent_whose_id_cannot_exist_is_unknown()
    {
        var response = await _front.Admin.SendAsync(HttpMethod.Post, "/api/call/originate", new { agentId = "a\0", destination = "1001" });

        await response.ProblemAsync(HttpStatusCode.NotFound, "agent-unknown");
    }

    [Fact]
    public async Task An_encoding_that_does_not_exist_is_a_wrong_media_type()
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=klingon");

        var response = await _front.Admin.PutAsync("/api/pbx/sites/paris", content, TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }
}
