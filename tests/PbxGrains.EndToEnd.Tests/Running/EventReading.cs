using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace PbxGrains.EndToEnd.Tests.Running;

/// <summary>One connection to the event stream, through a proxy or not.</summary>
internal sealed class EventReading : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventReading(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _items = SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();
    }

    /// <summary>The front that writes it, as a proxy names it: the last one tried.</summary>
    public string? Front => _response.Headers.TryGetValues(RoundRobinProxy.FrontHeader, out var fronts) ? fronts.Single().Split(',')[^1].Trim() : null;

    /// <summary>Connects behind a cursor, or at the beginning of the log.</summary>
    public static async Task<EventReading> OpenAsync(HttpClient client, string? cursor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/pbx/events" + (cursor is null ? "?after=beginning" : ""));
        if (cursor is not null)
        {
            request.Headers.Add("Last-Event-ID", cursor);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        _ = response.EnsureSuccessStatusCode();
        return new EventReading(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event that comes whole, with the cursor behind it; null when the connection has ended or broken.</summary>
    /// <exception cref="TimeoutException">None came, and the connection stands.</exception>
    public async Task<(string Cursor, JsonNode Event)?> NextAsync()
    {
        try
        {
            return await _items.MoveNextAsync().AsTask().WaitAsync(Patience) ? (_items.Current.EventId!, JsonNode.Parse(_items.Current.Data)!) : null;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync()
    {
        // Like somebody who hangs up: nothing is read to its end.
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
