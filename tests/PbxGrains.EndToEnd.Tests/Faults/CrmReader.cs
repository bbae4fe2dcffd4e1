using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using PbxGrains.Storage.Events;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// A CRM that follows the event stream from its beginning. When the connection ends it goes on at the other front from
/// where it was.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="fronts">The fronts, the one to begin with first.</param>
/// <param name="violations">Told of gaps, repetitions and disorder.</param>
internal sealed class CrmReader(string name, IReadOnlyList<HttpClient> fronts, Violations violations)
{
    /// <summary>A heartbeat comes every 15 s: after so long nobody is there any more.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly List<string> _ids = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private string? _cursor;
    private EventCursor _last;

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Names of all events it got, in their order.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_ids)
            {
                return [.. _ids];
            }
        }
    }

    /// <summary>How often it connected.</summary>
    public int Connections { get; private set; }

    /// <summary>Reads until it is called off.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        for (var turn = 0; !ct.IsCancellationRequested; turn++)
        {
            try
            {
                await ReadAsync(fronts[turn % fronts.Count], ct);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // That front is away: on at the other one.
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task ReadAsync(HttpClient front, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/pbx/events" + (_cursor is null ? "?after=beginning" : ""));
        if (_cursor is not null)
        {
            request.Headers.Add("Last-Event-ID", _cursor);
        }

        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        silence.CancelAfter(LongestSilence);
        using var answer = await front.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        _ = answer.EnsureSuccessStatusCode();
        Connections++;
        await using var body = await answer.Content.ReadAsStreamAsync(silence.Token);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(silence.Token))
        {
            silence.CancelAfter(LongestSilence);
            if (item.EventType == "gap")
            {
                violations.Add(Invariant.EachEventOnceInOrder, $"{name} was told of a gap: {item.Data}");
                continue;
            }

            Take(JsonNode.Parse(item.Data)!["id"]!.GetValue<string>(), item.EventId!);
        }
    }

    private void Take(string id, string cursor)
    {
        violations.Checked(Invariant.EachEventOnceInOrder);
        var place = EventCursor.TryParse(cursor, out var read) ? read : throw new FormatException($"'{cursor}' is no cursor.");
        if (place.CompareTo(_last) <= 0)
        {
            violations.Add(Invariant.EachEventOnceInOrder, string.Create(CultureInfo.InvariantCulture, $"{name} got {id} at {place}, after {_last}"));
        }

        lock (_ids)
        {
            _ids.Add(id);
            if (!_known.Add(id))
            {
                violations.Add(Invariant.EachEventOnceInOrder, $"{name} got {id} twice");
            }
        }

        (_last, _cursor) = (place, cursor);
    }
}
