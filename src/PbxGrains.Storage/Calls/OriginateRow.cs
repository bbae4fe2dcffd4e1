namespace PbxGrains.Storage.Calls;

/// <summary>Where a dialled call stands.</summary>
public enum OriginateRowState
{
    /// <summary>Noted, and perhaps sent to the PBX: what became of it is not written down yet.</summary>
    Dialling,

    /// <summary>The PBX started it.</summary>
    Accepted,

    /// <summary>It was not started.</summary>
    Refused,

    /// <summary>The PBX's answer was lost.</summary>
    Unknown,
}

/// <summary>One wish to start a call, and what became of it.</summary>
public sealed record OriginateRow
{
    /// <summary>Our id of it.</summary>
    public required Guid OriginateId { get; init; }

    /// <summary>The site whose PBX dials.</summary>
    public required string SiteId { get; init; }

    /// <summary>The extension whose phone rings first.</summary>
    public required string Extension { get; init; }

    /// <summary>The number dialled once it picked up.</summary>
    public required string Destination { get; init; }

    /// <summary>The same key within 24 hours means the same call; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Hash of the request, to see whether a repeated key came with the same wish.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>Where it stands.</summary>
    public required OriginateRowState State { get; init; }

    /// <summary>The PBX's call id; null until known.</summary>
    public string? CallId { get; init; }

    /// <summary>Why it was not started; null unless refused.</summary>
    public string? Refusal { get; init; }

    /// <summary>One sentence for people; null when there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>The PBX's error number; null when it gave none.</summary>
    public string? PbxErrorCode { get; init; }

    /// <summary>The caller's own reference; null for none.</summary>
    public string? Reference { get; init; }

    /// <summary>The CRM's id of the agent it was dialled for; null when it was dialled for an extension.</summary>
    public string? AgentId { get; init; }

    /// <summary>When it was asked for (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it became clear what became of it (UTC); null until then.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }
}
