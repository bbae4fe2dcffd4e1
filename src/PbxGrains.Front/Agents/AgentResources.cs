using System.Text.Json.Serialization;
using PbxGrains.Storage.Agents;

namespace PbxGrains.Front.Agents;

/// <summary>An agent of the CRM and where the agent's phone is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AgentResource
{
    /// <summary>The CRM's id of the agent, 1 to 100 characters.</summary>
    public string? Id { get; init; }

    /// <summary>Name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Id of the site the agent's phone belongs to; need not be registered yet.</summary>
    public string? Site { get; init; }

    /// <summary>The agent's extension there.</summary>
    public string? Extension { get; init; }

    /// <summary>The agent's mobile number.</summary>
    public string? Mobile { get; init; }

    /// <summary>An agent as stored.</summary>
    public static AgentResource Of(AgentRow row) => new() { Id = row.AgentId, Name = row.Name, Site = row.SiteId, Extension = row.Extension, Mobile = row.Mobile };
}

/// <summary>Agents.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AgentSet
{
    /// <summary>The agents.</summary>
    public IReadOnlyList<AgentResource>? Agents { get; init; }
}
