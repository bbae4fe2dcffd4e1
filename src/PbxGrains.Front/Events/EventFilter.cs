using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>Which events a reader wants: those that fit every part that is given.</summary>
internal sealed record EventFilter
{
    /// <summary>Every event.</summary>
    public static EventFilter All { get; } = new();

    /// <summary>Of one of these sites; empty for all.</summary>
    public IReadOnlySet<string> Sites { get; init; } = new HashSet<string>();

    /// <summary>Concerning one of these agents of the CRM; empty for all.</summary>
    public IReadOnlySet<string> Agents { get; init; } = new HashSet<string>();

    /// <summary>Concerning one of these extensions; empty for all.</summary>
    public IReadOnlySet<string> Extensions { get; init; } = new HashSet<string>();

    /// <summary>Of one of these types, <c>pbx.call.*</c> standing for all that begin so; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Whether an event is wanted.</summary>
    public bool Fits(EventRow told) =>
        (Sites.Count == 0 || Sites.Contains(told.SiteId))
        && (Agents.Count == 0 || (told.AgentId is { } agent && Agents.Contains(agent)))
        && (Extensions.Count == 0 || told.Extensions.Any(Extensions.Contains))
        && (Types.Count == 0 || Types.Any(type => EventPattern.Fits(told.Type, type)));
}
