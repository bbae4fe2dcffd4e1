using PbxGrains.Storage.Agents;

namespace PbxGrains.Front.Agents;

/// <summary>What saving agents changed, or would change.</summary>
/// <param name="DryRun">True when nothing was saved.</param>
/// <param name="Added">New agents.</param>
/// <param name="Changed">Agents that differ from what was, field by field.</param>
/// <param name="Removed">Agents that are gone: only when the whole set was given.</param>
/// <param name="Unchanged">How many of those given stay as they were.</param>
internal sealed record AgentChangesResource(
    bool DryRun,
    IReadOnlyList<AgentResource> Added,
    IReadOnlyList<AgentChangeResource> Changed,
    IReadOnlyList<AgentResource> Removed,
    int Unchanged)
{
    /// <summary>Changes as the API shows them.</summary>
    public static AgentChangesResource Of(AgentChanges changes, bool dryRun) => new(
        dryRun,
        [.. changes.Added.Select(AgentResource.Of)],
        [.. changes.Changed.Select(AgentChangeResource.Of)],
        [.. changes.Removed.Select(AgentResource.Of)],
        changes.Unchanged);
}

/// <summary>An agent that differs from what was.</summary>
/// <param name="Id">The CRM's id.</param>
/// <param name="Name">Name for people, as it is to be.</param>
/// <param name="Fields">What differs.</param>
internal sealed record AgentChangeResource(string Id, string? Name, IReadOnlyList<AgentFieldChange> Fields)
{
    /// <summary>A change as the API shows it.</summary>
    public static AgentChangeResource Of(AgentChange change)
    {
        AgentFieldChange[] fields =
        [
            new("name", change.Before.Name, change.After.Name),
            new("site", change.Before.SiteId, change.After.SiteId),
            new("extension", change.Before.Extension, change.After.Extension),
            new("mobile", change.Before.Mobile, change.After.Mobile),
        ];
        return new AgentChangeResource(change.After.AgentId, change.After.Name, [.. fields.Where(field => field.Old != field.New)]);
    }
}

/// <summary>A field of an agent before and after.</summary>
/// <param name="Field"><c>name</c>, <c>site</c>, <c>extension</c> or <c>mobile</c>.</param>
/// <param name="Old">As it was; null for none.</param>
/// <param name="New">As it is to be; null for none.</param>
internal sealed record AgentFieldChange(string Field, string? Old, string? New);
