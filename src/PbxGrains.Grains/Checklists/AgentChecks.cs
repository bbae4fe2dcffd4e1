using PbxGrains.Grains.Agents;
using PbxGrains.Storage.Agents;
using PbxGrains.Yeastar.Client;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Grains.Checklists;

/// <summary>The CRM's agents of this site against the extensions of its PBX, digit by digit.</summary>
internal sealed class AgentChecks(AgentDirectory agents)
{
    public const string Exist = "agents.exist";
    public const string Registered = "agents.registered";
    public const string Duplicates = "agents.duplicates";
    public const string Unassigned = "agents.unassigned";

    private const int MostNamed = 10;

    private static readonly string[] Needs = [PermissionChecks.Extensions];

    public IEnumerable<Check> All =>
    [
        new(Exist, Needs, (round, ct) => WithAgentsAsync(round, JudgeExistence, ct)),
        new(Registered, Needs, (round, ct) => WithAgentsAsync(round, JudgeRegistration, ct)),
        new(Duplicates, Needs, (round, ct) => WithAgentsAsync(round, (own, _) => JudgeDuplicates(own), ct)),
        new(Unassigned, Needs, (round, ct) => WithAgentsAsync(round, JudgeUnassigned, ct)),
    ];

    /// <summary>Whether each agent's extension exists, exactly as the CRM writes it. Pure.</summary>
    public static Measured JudgeExistence(IReadOnlyList<AgentRow> own, IReadOnlyList<PbxExtension> extensions)
    {
        var numbers = extensions.Select(extension => extension.Number).ToHashSet(StringComparer.Ordinal);
        var missing = own.Where(agent => !numbers.Contains(agent.Extension)).ToList();
        if (missing.Count == 0)
        {
            return AgentFindings.AllExist.With(("agents", own.Count));
        }

        var similar = missing.Select(agent => (Agent: agent, Like: AgentComparison.LookAlikes(agent.Extension, numbers)))
            .Where(pair => pair.Like.Count > 0).ToList();
        return (similar.Count > 0 ? AgentFindings.ExtensionDiffers : AgentFindings.ExtensionMissing).With(
            ("agents", own.Count),
            ("missing", missing.Count),
            ("names", Named(missing.Select(agent => $"{agent.AgentId} → {agent.Extension}"))),
            ("similar", similar.Count == 0 ? null : Named(similar.Select(pair => $"{pair.Agent.AgentId}: {Quoted(pair.Agent.Extension)} ≠ {Quoted(pair.Like[0].Number)}"))));
    }

    /// <summary>Whether each agent's phone is registered; extensions that do not exist are another matter. Pure.</summary>
    public static Measured JudgeRegistration(IReadOnlyList<AgentRow> own, IReadOnlyList<PbxExtension> extensions)
    {
        var states = extensions.ToLookup(extension => extension.Number, extension => extension.Status, StringComparer.Ordinal);
        var existing = own.Where(agent => states.Contains(agent.Extension)).ToList();
        var absent = existing.Where(agent => states[agent.Extension].First() is PbxExtensionStatus.Unregistered or PbxExtensionStatus.Fault).ToList();
        var finding = existing.Count == 0 ? AgentFindings.NoneExists : absent.Count == 0 ? AgentFindings.AllRegistered : AgentFindings.PhoneUnregistered;
        return finding.With(("agents", existing.Count), ("absent", absent.Count), ("names", absent.Count == 0 ? null : Named(absent.Select(agent => $"{agent.AgentId} → {agent.Extension}"))));
    }

    /// <summary>Whether two agents have one extension. Pure.</summary>
    public static Measured JudgeDuplicates(IReadOnlyList<AgentRow> own)
    {
        var shared = own.GroupBy(agent => agent.Extension, StringComparer.Ordinal).Where(group => group.Count() > 1).ToList();
        return (shared.Count == 0 ? AgentFindings.NoneShared : AgentFindings.ExtensionShared).With(
            ("agents", own.Count),
            ("names", shared.Count == 0 ? null : Named(shared.Select(group => $"{group.Key} → {string.Join(" + ", group.Select(agent => agent.AgentId))}"))));
    }

    /// <summary>Which extensions belong to nobody. Pure.</summary>
    public static Measured JudgeUnassigned(IReadOnlyList<AgentRow> own, IReadOnlyList<PbxExtension> extensions)
    {
        var taken = own.Select(agent => agent.Extension).ToHashSet(StringComparer.Ordinal);
        var free = extensions.Where(extension => !taken.Contains(extension.Number)).Select(extension => extension.Number).ToList();
        return (free.Count == 0 ? AgentFindings.NoneUnassigned : AgentFindings.ExtensionsUnassigned).With(
            ("extensions", extensions.Count), ("free", free.Count), ("names", free.Count == 0 ? null : Named(free)));
    }

    private static List<string> Named(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count <= MostNamed ? all : [.. all.Take(MostNamed), "…"];
    }

    private static string Quoted(string number) => $"“{number}”";

    private async Task<Measured> WithAgentsAsync(CheckRound round, Func<IReadOnlyList<AgentRow>, IReadOnlyList<PbxExtension>, Measured> judge, CancellationToken ct)
    {
        round.Agents ??= [.. (await agents.ListAsync(ct)).Where(agent => agent.SiteId == round.Site.Value)];
        return round.Agents.Count == 0 ? AgentFindings.NoAgents.With() : judge(round.Agents, round.Extensions!);
    }
}
