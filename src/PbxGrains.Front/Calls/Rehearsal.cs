using PbxGrains.Contracts.Calls;

namespace PbxGrains.Front.Calls;

/// <summary>Verdicts of dry runs as the front completes them: it knows the agent, and the sites that have no actor.</summary>
internal static class Rehearsal
{
    /// <summary>The check of a call that is nobody's.</summary>
    public static OriginateCheck NoAgent { get; } = new(OriginateCheckKind.Agent, OriginateVerdict.Skipped, "no-agent-named", "The call is asked for an extension, not for an agent.");

    /// <summary>The agent is known.</summary>
    public static OriginateCheck KnownAgent(string agentId, string extension, string site) => new(
        OriginateCheckKind.Agent,
        OriginateVerdict.Pass,
        "agent-known",
        $"Agent {agentId} has extension {extension} of site {site}.",
        new Dictionary<string, string>(StringComparer.Ordinal) { ["agentId"] = agentId, ["extension"] = extension, ["site"] = site });

    /// <summary>A check that the front itself sees fail.</summary>
    public static OriginateCheck Failed(OriginateCheckKind kind, string finding, string message) => new(kind, OriginateVerdict.Fail, finding, message);

    /// <summary>The verdict of a site's actor, behind the check of the agent.</summary>
    public static OriginateOutcome With(this OriginateOutcome outcome, OriginateCheck agent) => outcome with { Checks = [agent, .. outcome.Checks ?? []] };

    /// <summary>A verdict that needed no actor: the last check failed, those after it were not looked at.</summary>
    public static OriginateResource Refused(IReadOnlyList<OriginateCheck> checks)
    {
        var failed = checks[^1];
        var rest = Enum.GetValues<OriginateCheckKind>().Where(kind => kind > failed.Check)
            .Select(kind => new OriginateCheck(kind, OriginateVerdict.Skipped, "not-known", "Not known, because of a check before it."));
        return new OriginateResource(Guid.CreateVersion7(), OriginateState.Refused, CallId: null, failed.Finding, failed.Message, PbxErrorCode: null, Reference: null, Replayed: false, [.. checks, .. rest]);
    }
}
