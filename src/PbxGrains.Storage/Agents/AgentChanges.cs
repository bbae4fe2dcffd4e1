namespace PbxGrains.Storage.Agents;

/// <summary>An agent before and after.</summary>
/// <param name="Before">As it was.</param>
/// <param name="After">As it is to be.</param>
public sealed record AgentChange(AgentRow Before, AgentRow After);

/// <summary>What saving a list of agents changes, each part by id.</summary>
/// <param name="Added">New ones.</param>
/// <param name="Changed">Those that differ from what was.</param>
/// <param name="Removed">Those that are gone; none unless the whole set was given.</param>
/// <param name="Unchanged">How many stay as they were, of those given.</param>
public sealed record AgentChanges(IReadOnlyList<AgentRow> Added, IReadOnlyList<AgentChange> Changed, IReadOnlyList<AgentRow> Removed, int Unchanged)
{
    /// <summary>Compares what is with what is given. When an agent is given twice, the last one counts.</summary>
    /// <param name="before">All agents there are.</param>
    /// <param name="given">The agents given.</param>
    /// <param name="wholeSet">True when those given are to be all.</param>
    public static AgentChanges Between(IReadOnlyList<AgentRow> before, IReadOnlyList<AgentRow> given, bool wholeSet)
    {
        var known = before.ToDictionary(agent => agent.AgentId, StringComparer.Ordinal);
        var wanted = given.GroupBy(agent => agent.AgentId, StringComparer.Ordinal).Select(same => same.Last()).OrderBy(agent => agent.AgentId, StringComparer.Ordinal).ToList();
        var kept = wanted.Select(agent => agent.AgentId).ToHashSet(StringComparer.Ordinal);
        List<AgentChange> changed = [.. wanted.Where(agent => known.TryGetValue(agent.AgentId, out var old) && old != agent).Select(agent => new AgentChange(known[agent.AgentId], agent))];
        List<AgentRow> added = [.. wanted.Where(agent => !known.ContainsKey(agent.AgentId))];
        return new AgentChanges(
            added,
            changed,
            wholeSet ? [.. before.Where(agent => !kept.Contains(agent.AgentId)).OrderBy(agent => agent.AgentId, StringComparer.Ordinal)] : [],
            wanted.Count - added.Count - changed.Count);
    }
}
