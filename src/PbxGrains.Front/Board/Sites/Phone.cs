using PbxGrains.Front.Extensions;
using PbxGrains.Storage.Agents;

namespace PbxGrains.Front.Board.Sites;

/// <summary>An extension as the site's page shows it.</summary>
/// <param name="Extension">What it does.</param>
/// <param name="AgentId">The CRM's id of the agent who has it; null when nobody does.</param>
/// <param name="AgentName">The agent's name; the id when none was given.</param>
public sealed record Phone(ExtensionResource Extension, string? AgentId, string? AgentName)
{
    internal static Phone Of(ExtensionResource extension, AgentRow? agent) => new(extension, agent?.AgentId, agent?.Name ?? agent?.AgentId);
}
