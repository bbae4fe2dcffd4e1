using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>What a reader of events asks for.</summary>
/// <param name="Filter">Which events.</param>
/// <param name="After">From where; null for from now on.</param>
/// <param name="Limit">How many at most, for pages.</param>
internal sealed record EventQuery(EventFilter Filter, EventCursor? After, int Limit)
{
    private const int DefaultLimit = 100;
    private const int LargestLimit = 1000;
    private const string ResumeHeader = "Last-Event-ID";

    /// <summary>Parameters of the stream.</summary>
    public static IReadOnlyList<QueryParameter> Parameters { get; } =
    [
        new("site", "Of these sites; repeated or separated by commas."),
        new("agent", "Concerning these agents."),
        new("extension", "Concerning these extensions."),
        new("type", "Of these types; pbx.call.* stands for all that begin so."),
        new("after", "Behind this cursor; 'beginning' for everything the log still has. The header Last-Event-ID wins. Without either: from now on."),
    ];

    /// <summary>Parameters of a page.</summary>
    public static IReadOnlyList<QueryParameter> PageParameters { get; } = [.. Parameters, new("limit", "How many at most: 1 to 1000, 100 by default.")];

    /// <summary>Reads it from a request; what cannot be used is noted.</summary>
    public static EventQuery Read(HttpRequest request, IReadOnlyList<QueryParameter> parameters, FieldErrors errors)
    {
        var query = new QueryReader(request.Query, errors);
        query.Only([.. parameters.Select(parameter => parameter.Name)]);
        var filter = new EventFilter
        {
            Sites = Set(query, "site"),
            Agents = Set(query, "agent"),
            Extensions = Set(query, "extension"),
            Types = query.List("type") ?? [],
        };
        var resumed = request.Headers[ResumeHeader].ToString();
        return new EventQuery(filter, CursorOf(resumed.Length > 0 ? resumed : query.Text("after"), errors), (int)(query.Number("limit", 1, LargestLimit) ?? DefaultLimit));
    }

    private static HashSet<string> Set(QueryReader query, string name) => new(query.List(name) ?? [], StringComparer.Ordinal);

    private static EventCursor? CursorOf(string? text, FieldErrors errors)
    {
        switch (text)
        {
            case null:
                return null;
            case EventStart.Beginning:
                return EventCursor.Beginning;
            default:
                if (EventCursor.TryParse(text, out var cursor))
                {
                    return cursor;
                }

                errors.Add("after", "Give a cursor as an event told it, or 'beginning'.");
                return null;
        }
    }
}
