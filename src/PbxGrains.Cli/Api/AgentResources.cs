namespace PbxGrains.Cli.Api;

/// <summary>An agent of the CRM and the extension that is theirs.</summary>
internal sealed record AgentResource
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Site { get; init; }

    public string? Extension { get; init; }

    public string? Mobile { get; init; }
}

/// <summary>A whole set of agents.</summary>
internal sealed record AgentSet(IReadOnlyList<AgentResource> Agents);

/// <summary>What saving agents changed, or would change.</summary>
internal sealed record AgentChanges
{
    public bool DryRun { get; init; }

    public IReadOnlyList<AgentResource>? Added { get; init; }

    public IReadOnlyList<AgentChange>? Changed { get; init; }

    public IReadOnlyList<AgentResource>? Removed { get; init; }

    public int Unchanged { get; init; }

    /// <summary>True when everything is as it was.</summary>
    public bool IsEmpty => Added is null or [] && Changed is null or [] && Removed is null or [];
}

/// <summary>An agent that differs from what was.</summary>
internal sealed record AgentChange
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<AgentFieldChange>? Fields { get; init; }
}

/// <summary>A field of an agent before and after.</summary>
internal sealed record AgentFieldChange(string? Field, string? Old, string? New);

/// <summary>The agents compared with the PBXs.</summary>
internal sealed record AgentComparison
{
    public bool Clean { get; init; }

    public int Agents { get; init; }

    public IReadOnlyList<AgentFinding>? Findings { get; init; }
}

/// <summary>One finding of it.</summary>
internal sealed record AgentFinding
{
    public string? Code { get; init; }

    public string? Site { get; init; }

    public string? Extension { get; init; }

    public string? AgentId { get; init; }

    public string? AgentName { get; init; }

    public AgentExtension? Pbx { get; init; }

    public AgentRegistration? Registration { get; init; }

    public string? Probably { get; init; }

    public IReadOnlyList<string>? Differences { get; init; }

    public IReadOnlyList<string>? Others { get; init; }

    public DateTimeOffset? ListedAt { get; init; }
}

/// <summary>An extension as the PBX lists it.</summary>
internal sealed record AgentExtension(string? Number, string? Name);

/// <summary>What was observed of its phone.</summary>
internal sealed record AgentRegistration(bool? Registered, DateTimeOffset? Since);
