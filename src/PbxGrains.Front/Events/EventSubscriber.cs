using System.Runtime.CompilerServices;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>
/// One reader on its way through the log: page by page from the database until it has caught up, then with the ring. Never
/// misses an event and never gets one twice.
/// </summary>
internal sealed class EventSubscriber(EventReader log, EventRing ring)
{
    private const int Page = 500;

    /// <summary>True once the reader has caught up with what happens now.</summary>
    public bool IsLive { get; private set; }

    /// <summary>
    /// Everything behind a cursor, for ever: lists of events as they come. An empty list says that nothing came for a while.
    /// </summary>
    /// <param name="after">Where the reader stands.</param>
    /// <param name="heartbeat">Longest silence.</param>
    /// <param name="time">Clock of the silence.</param>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<IReadOnlyList<StreamedEvent>> FollowAsync(
        EventCursor after, TimeSpan heartbeat, TimeProvider time, [EnumeratorCancellation] CancellationToken ct)
    {
        long? next = null;
        while (true)
        {
            next ??= ring.Find(after);
            IsLive = next is not null;
            var events = next is { } from ? ring.Read(from, Page) : [.. (await log.ReadAsync(after, Page, ct)).Events.Select(StreamedEvent.Of)];
            if (events is null)
            {
                // The ring has passed on: the log still has what this reader missed.
                next = null;
                continue;
            }

            next += events.Count;
            if (events.Where(e => e.Cursor > after).ToList() is { Count: > 0 } unseen)
            {
                yield return unseen;
                after = unseen[^1].Cursor;
            }
            else if (events.Count == 0 && !await AnyAsync(next, heartbeat, time, ct))
            {
                yield return [];
            }
        }
    }

    /// <summary>Waits for news; false when there was none for too long.</summary>
    private async Task<bool> AnyAsync(long? next, TimeSpan heartbeat, TimeProvider time, CancellationToken ct)
    {
        try
        {
            await (next is { } from ? ring.WhenAnyFrom(from) : Task.Delay(TimeSpan.FromMilliseconds(100), time, ct)).WaitAsync(heartbeat, time, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
