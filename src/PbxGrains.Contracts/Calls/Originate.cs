namespace PbxGrains.Contracts.Calls;

/// <summary>A wish to start a call.</summary>
[GenerateSerializer, Immutable, Alias("pbx.OriginateRequest")]
public sealed record OriginateRequest
{
    /// <summary>The extension whose phone rings first.</summary>
    [Id(0)] public required ExtensionNumber Extension { get; init; }

    /// <summary>Number to dial once it picked up, as the PBX's outbound routes want it.</summary>
    [Id(1)] public required string Destination { get; init; }

    /// <summary>Extension whose outbound permission and caller id count, when not the caller's; null for the caller's.</summary>
    [Id(2)] public string? CallerId { get; init; }

    /// <summary>True to let a phone that can do so answer by itself.</summary>
    [Id(3)] public bool AutoAnswer { get; init; }

    /// <summary>True to get the verdict without ringing anything.</summary>
    [Id(4)] public bool DryRun { get; init; }

    /// <summary>The caller's own reference, kept with the call; null for none.</summary>
    [Id(5)] public string? Reference { get; init; }

    /// <summary>The same key within 24 hours gives the same answer and never a second call; null for none.</summary>
    [Id(6)] public string? IdempotencyKey { get; init; }

    /// <summary>The CRM's id of the agent who calls, for the records of the call; null when it is nobody's.</summary>
    [Id(7)] public string? AgentId { get; init; }
}

/// <summary>Why a call was not started.</summary>
[GenerateSerializer, Alias("pbx.OriginateRefusal")]
public enum OriginateRefusal
{
    /// <summary>No such site.</summary>
    SiteUnknown = 0,

    /// <summary>The site's PBX has no such extension.</summary>
    ExtensionUnknown = 1,

    /// <summary>No phone is registered on the extension.</summary>
    ExtensionUnregistered = 2,

    /// <summary>The extension is in a call or ringing.</summary>
    ExtensionBusy = 3,

    /// <summary>The extension may not call that number.</summary>
    NotPermitted = 4,

    /// <summary>The PBX cannot use that number.</summary>
    DestinationRejected = 5,

    /// <summary>The PBX is out of reach; nothing was sent.</summary>
    PbxUnreachable = 6,

    /// <summary>The PBX refuses our credentials.</summary>
    CredentialsRejected = 7,

    /// <summary>An operator switched the site off.</summary>
    SiteSuspended = 8,

    /// <summary>The PBX answered an error of another kind; see the code.</summary>
    PbxRefused = 9,

    /// <summary>The idempotency key was used for a different call.</summary>
    IdempotencyConflict = 10,

    /// <summary>The PBX was asked, its answer was lost, and it later turned out that no call had started.</summary>
    NotStarted = 11,

    /// <summary>A dry run found no trunk in service that could carry the call.</summary>
    NoRoute = 12,
}

/// <summary>Where an originate stands.</summary>
[GenerateSerializer, Alias("pbx.OriginateState")]
public enum OriginateState
{
    /// <summary>The PBX started it and gave a call id.</summary>
    Accepted = 0,

    /// <summary>It was not started.</summary>
    Refused = 1,

    /// <summary>The answer was lost: nobody knows yet. It is never dialled again; the PBX is asked what became of it.</summary>
    Unknown = 2,

    /// <summary>A dry run found nothing against it.</summary>
    Possible = 3,
}

/// <summary>What became of an originate.</summary>
[GenerateSerializer, Immutable, Alias("pbx.OriginateOutcome")]
public sealed record OriginateOutcome
{
    /// <summary>Our id of it, to ask again.</summary>
    [Id(0)] public required Guid OriginateId { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(1)] public required OriginateState State { get; init; }

    /// <summary>The PBX's call id once known.</summary>
    [Id(2)] public CallId? CallId { get; init; }

    /// <summary>Why not; null unless refused.</summary>
    [Id(3)] public OriginateRefusal? Refusal { get; init; }

    /// <summary>One English sentence: what happened and what to do.</summary>
    [Id(4)] public string? Message { get; init; }

    /// <summary>The PBX's error number; null when it gave none.</summary>
    [Id(5)] public string? PbxErrorCode { get; init; }

    /// <summary>The caller's own reference.</summary>
    [Id(6)] public string? Reference { get; init; }

    /// <summary>True when an earlier request with the same idempotency key was answered again.</summary>
    [Id(7)] public bool Replayed { get; init; }

    /// <summary>What a dry run looked at, in the order of a call; null otherwise, or from a silo that is older.</summary>
    [Id(8)] public IReadOnlyList<OriginateCheck>? Checks { get; init; }
}
