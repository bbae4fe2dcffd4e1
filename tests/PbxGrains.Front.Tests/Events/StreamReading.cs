using System.Net.ServerSentEvents;
using System.Text.Json;

namespace PbxGrains.Front.Tests.Events;

/// <summary>Somebody who reads the stream with the platform's own parser.</summary>
internal sealed class StreamReading : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly SseParser<string> _parser;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private StreamReading(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _parser = SseParser.Create(body);
        _items = _parser.EnumerateAsync().GetAsyncEnumerator();
    }

    public string LastEventId => _parser.LastEventId;

    public static async Task<StreamReading> OpenAsync(HttpClient client, string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/pbx/events" + query);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        return new StreamReading(response, await response.Content.ReadAsStreamAsync());
    }

    public async Task<(string Type, string Id, JsonElement Data)> NextAsync()
    {
        (await _items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(90))).Should().BeTrue("the stream goes on");
        return (_items.Current.EventType, _items.Current.EventId ?? "", JsonElement.Parse(_items.Current.Data));
    }

    public async Task<List<(string Type, string Id, JsonElement Data)>> NextAsync(int count)
    {
        var items = new List<(string, string, JsonElement)>();
        while (items.Count < count)
        {
            items.Add(await NextAsync());
        }

        return items;
    }

    public ValueTask DisposeAsync()
    {
        // Like a reader whose connection breaks: nothing is read to its end.
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
