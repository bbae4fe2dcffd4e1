using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PbxGrains.Front.Tests.Lab;

internal static class Answers
{
    /// <summary>The body as JSON after checking the status.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.Should().Be(expected, "{0}", text);
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
    }

    /// <summary>Checks that the answer is a whole problem of this kind.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, HttpStatusCode expected, string code)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        var problem = await response.JsonAsync(expected);
        type.Should().Be("application/problem+json");
        problem.GetProperty("code").GetString().Should().Be(code);
        problem.GetProperty("type").GetString().Should().Be("https://pbxgrains.dev/problems/" + code);
        problem.GetProperty("status").GetInt32().Should().Be((int)expected);
        problem.GetProperty("title").GetString().Should().NotBeEmpty();
        problem.GetProperty("detail").GetString().Should().NotBeEmpty();
        return problem;
    }

    public static string? Text(this JsonElement json, string property) => json.GetProperty(property).GetString();

    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, HttpMethod method, string route, object? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, route) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return client.SendAsync(request);
    }
}
