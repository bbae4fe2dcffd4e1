using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Events;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Which events are to be delivered once more.</summary>
/// <param name="Recorded">Those recorded in this span; null when they are named by cursors.</param>
/// <param name="After">Those behind this cursor.</param>
/// <param name="Until">Up to this one; null for all until now.</param>
internal sealed record ReplayWish(TimeRange? Recorded, EventCursor After, EventCursor? Until)
{
    /// <summary>Reads it from a request; what cannot be used is noted.</summary>
    /// <param name="input">The request.</param>
    /// <param name="now">The time.</param>
    /// <param name="limit">No event is behind this cursor.</param>
    /// <param name="errors">Where to note it.</param>
    public static ReplayWish Read(ReplayInput input, DateTimeOffset now, EventCursor limit, FieldErrors errors)
    {
        var byTime = input.From is not null || input.To is not null;
        var byCursor = input.After is not null || input.Until is not null;
        if (byTime == byCursor)
        {
            errors.Add("from", "Give either from (and to), instants between which the events were recorded, or after (and until), cursors.");
        }
        else if (byTime)
        {
            return new ReplayWish(Range(Instant("from", input.From, errors), input.To is null ? now : Instant("to", input.To, errors), errors), default, Until: null);
        }

        return new ReplayWish(Recorded: null, Cursor("after", input.After, limit, errors), input.Until is null || byTime ? null : Cursor("until", input.Until, limit, errors));
    }

    private static TimeRange Range(DateTimeOffset? from, DateTimeOffset? to, FieldErrors errors)
    {
        if (from >= to)
        {
            errors.Add("to", "Give an instant after from.");
        }

        return new TimeRange(from ?? default, to ?? default);
    }

    private static DateTimeOffset? Instant(string field, string? text, FieldErrors errors)
    {
        var instant = QueryReader.ReadInstant(text?.Trim() ?? "");
        if (instant is null)
        {
            errors.Add(field, "Give a date such as 2026-11-22, or an instant such as 2026-11-22T10:00:00Z.");
        }

        return instant;
    }

    private static EventCursor Cursor(string field, string? text, EventCursor limit, FieldErrors errors)
    {
        if (text == EventStart.Beginning && field == "after")
        {
            return EventCursor.Beginning;
        }

        if (!EventCursor.TryParse(text, out var cursor))
        {
            errors.Add(field, field == "after" ? "Give a cursor as an event told it, or 'beginning'." : "Give a cursor as an event told it.");
        }
        else if (cursor > limit)
        {
            errors.Add(field, "This cursor is ahead of the event log: it comes from another one.");
        }

        return cursor;
    }
}
