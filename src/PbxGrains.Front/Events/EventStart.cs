using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>Where a reader begins, and what it has to be told about that.</summary>
/// <param name="Cursor">Where it begins.</param>
/// <param name="Gap">What it missed for good; null when nothing.</param>
internal sealed record EventStart(EventCursor Cursor, EventGap? Gap)
{
    /// <summary>Asks for everything the log still has.</summary>
    public const string Beginning = "beginning";

    /// <summary>Finds out where a reader begins.</summary>
    /// <param name="wanted">The cursor it came with; null to begin now.</param>
    /// <param name="log">The log.</param>
    /// <param name="ct">Stops asking.</param>
    public static async Task<EventStart> FindAsync(EventCursor? wanted, EventReader log, CancellationToken ct)
    {
        if (wanted is not { } cursor)
        {
            return new EventStart(await log.EndAsync(ct), Gap: null);
        }

        if (cursor > await log.LimitAsync(ct))
        {
            return Late(cursor, await log.EndAsync(ct), "The cursor is ahead of this log: it comes from another one, or this one was restored to an earlier time. Read the current state, then go on from here.");
        }

        var horizon = await log.HorizonAsync(ct);
        return cursor < horizon && cursor != EventCursor.Beginning
            ? Late(cursor, horizon, "Events behind this cursor were removed for their age. Read the current state and the call history, then go on from here.")
            : new EventStart(cursor < horizon ? horizon : cursor, Gap: null);
    }

    private static EventStart Late(EventCursor cursor, EventCursor start, string message) =>
        new(start, new EventGap(cursor.ToString(), start.ToString(), message));
}
