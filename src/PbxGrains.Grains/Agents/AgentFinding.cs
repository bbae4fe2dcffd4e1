using PbxGrains.Contracts.Extensions;
using PbxGrains.Storage.Agents;

namespace PbxGrains.Grains.Agents;

/// <summary>How an agent of the CRM and an extension of a PBX go together. Written in kebab case where people read it.</summary>
public enum AgentFindingCode
{
    /// <summary>The PBX has an extension of exactly that number, and a phone is registered.</summary>
    Ok = 0,

    /// <summary>The PBX has no extension of that number, and none that looks like it.</summary>
    ExtensionUnknown = 1,

    /// <summary>The PBX has no extension of that number, but one that looks like it.</summary>
    LookAlike = 2,

    /// <summary>The extension exists; no phone is registered on it.</summary>
    Unregistered = 3,

    /// <summary>The extension exists; the PBX does not say whether a phone is registered.</summary>
    RegistrationUnknown = 4,

    /// <summary>What is known of the site is too old to conclude anything.</summary>
    KnowledgeStale = 5,

    /// <summary>Several agents have this extension.</summary>
    Duplicate = 6,

    /// <summary>The PBX has an extension that no agent has.</summary>
    NoAgent = 7,

    /// <summary>No such site is registered.</summary>
    SiteUnknown = 8,

    /// <summary>An operator switched the site off: nothing is asked of its PBX.</summary>
    SiteSuspended = 9,
}

/// <summary>A number of the PBX that a number of the CRM looks like.</summary>
/// <param name="Number">The PBX's number.</param>
/// <param name="Differences">What tells them apart.</param>
public sealed record LookAlike(string Number, IReadOnlyList<NumberDifference> Differences);

/// <summary>One line of the comparison: what the CRM says, what the PBX says, what was observed.</summary>
public sealed record AgentFinding
{
    /// <summary>What was found.</summary>
    public required AgentFindingCode Code { get; init; }

    /// <summary>The site.</summary>
    public required string SiteId { get; init; }

    /// <summary>The extension: as the CRM says it, or the PBX's when no agent has it.</summary>
    public required string Extension { get; init; }

    /// <summary>The CRM's agent; null when no agent has the extension.</summary>
    public AgentRow? Agent { get; init; }

    /// <summary>The PBX's extension of exactly that number, with what was observed of it; null when it has none or nobody knows.</summary>
    public ExtensionView? Seen { get; init; }

    /// <summary>Numbers of the PBX this one looks like, the likeliest first.</summary>
    public IReadOnlyList<LookAlike> LookAlikes { get; init; } = [];

    /// <summary>Ids of other agents concerned: of a duplicate those with the same extension, of an extension without agent those with one that looks like it.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>When the PBX's list was last read whole, UTC; null when never.</summary>
    public DateTimeOffset? ListedAt { get; init; }
}

/// <summary>What is known of a site for the comparison.</summary>
/// <param name="Suspended">An operator switched it off.</param>
/// <param name="Listing">Its extensions; null when its actor did not answer in time.</param>
public sealed record SiteSide(bool Suspended, ExtensionListing? Listing);
