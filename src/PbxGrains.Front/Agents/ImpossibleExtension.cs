using PbxGrains.Contracts;
using PbxGrains.Front.Problems;
using PbxGrains.Grains.Agents;
using PbxGrains.Storage.Agents;

namespace PbxGrains.Front.Agents;

/// <summary>An agent's extension that no PBX can have: it can be stored and compared, but not dialled for.</summary>
internal static class ImpossibleExtension
{
    /// <summary>What is wrong with it, and what to do.</summary>
    public static string Sentence(AgentRow agent)
    {
        var plain = NumberLikeness.Plain(agent.Extension);
        var why = ExtensionNumber.TryParse(plain, out _) && NumberLikeness.Between(agent.Extension, plain) is { } differences
            ? $" It holds {AgentSentences.Words(differences)}; probably {plain} is meant."
            : "";
        return $"Agent '{Problem.Shown(agent.AgentId)}' has extension '{Problem.Shown(agent.Extension)}' in the CRM, and no PBX can have such a number.{why} Correct it in the CRM; GET /api/pbx/agents/diff compares all.";
    }
}
