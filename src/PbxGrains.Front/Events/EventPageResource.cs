using System.Text.Json;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>Events in their order.</summary>
/// <param name="Items">CloudEvents; none when nothing fits yet.</param>
/// <param name="Next">The cursor to ask on from: always, since events keep coming.</param>
/// <param name="Gap">What cannot be told any more; null when nothing was missed.</param>
internal sealed record EventPageResource(IReadOnlyList<JsonElement> Items, string Next, EventGap? Gap)
{
    private const int ReadAtOnce = 500;

    /// <summary>Longest way through the log for one page: whoever filters much asks again.</summary>
    private const int LongestSearch = 20;

    /// <summary>Reads a page.</summary>
    public static async Task<EventPageResource> ReadAsync(EventQuery query, EventReader log, CancellationToken ct)
    {
        var start = await EventStart.FindAsync(query.After, log, ct);
        var cursor = start.Cursor;
        var items = new List<JsonElement>();
        for (var searched = 0; searched < LongestSearch && items.Count < query.Limit; searched++)
        {
            var page = await log.ReadAsync(cursor, ReadAtOnce, ct);
            foreach (var logged in page.Events.TakeWhile(_ => items.Count < query.Limit))
            {
                cursor = logged.Cursor;
                if (query.Filter.Fits(logged.Event))
                {
                    items.Add(JsonElement.Parse(StreamedEvent.Of(logged).Json.Span));
                }
            }

            if (page.Events.Count < ReadAtOnce)
            {
                break;
            }
        }

        return new EventPageResource(items, cursor.ToString(), start.Gap);
    }
}
