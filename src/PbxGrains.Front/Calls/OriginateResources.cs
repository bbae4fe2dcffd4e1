using System.Text.Json.Serialization;
using PbxGrains.Contracts.Calls;
using PbxGrains.Storage.Calls;

namespace PbxGrains.Front.Calls;

/// <summary>A call to start.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OriginateInput
{
    /// <summary>The extension whose phone rings first.</summary>
    public string? Extension { get; init; }

    /// <summary>Number dialled once it picked up, as the PBX's outbound routes want it.</summary>
    public string? Destination { get; init; }

    /// <summary>Extension whose outbound permission and caller id count, when not the caller's.</summary>
    public string? CallerId { get; init; }

    /// <summary>True to let a phone that can do so answer by itself.</summary>
    public bool? AutoAnswer { get; init; }

    /// <summary>True to get the verdict, check by check, without ringing anything.</summary>
    public bool? DryRun { get; init; }

    /// <summary>Your own reference, kept with the call; at most 200 characters.</summary>
    public string? Reference { get; init; }
}

/// <summary>Where an originate stands.</summary>
/// <param name="OriginateId">Its id, to ask again.</param>
/// <param name="State"><c>accepted</c>, <c>possible</c> (dry run), <c>unknown</c> or <c>refused</c>.</param>
/// <param name="CallId">The PBX's call id once known.</param>
/// <param name="Refusal">Stable code of the refusal; null unless refused.</param>
/// <param name="Message">What happened and what to do; null when there is nothing to say.</param>
/// <param name="PbxErrorCode">The PBX's error number; null when it gave none.</param>
/// <param name="Reference">Your own reference.</param>
/// <param name="Replayed">True when an earlier request with the same idempotency key was answered again.</param>
/// <param name="Checks">What a dry run looked at, in the order of a call; null otherwise.</param>
public sealed record OriginateResource(
    Guid OriginateId,
    OriginateState State,
    string? CallId,
    string? Refusal,
    string? Message,
    string? PbxErrorCode,
    string? Reference,
    bool Replayed,
    IReadOnlyList<OriginateCheck>? Checks = null)
{
    /// <summary>An originate as the site's actor told it.</summary>
    public static OriginateResource Of(OriginateOutcome outcome) => new(
        outcome.OriginateId,
        outcome.State,
        outcome.CallId?.Value,
        outcome.Refusal is { } refusal ? OriginateRefusals.CodeOf(refusal) : null,
        outcome.Message,
        outcome.PbxErrorCode,
        outcome.Reference,
        outcome.Replayed,
        outcome.Checks);

    /// <summary>An originate as it was written down.</summary>
    public static OriginateResource Of(OriginateRow row) => new(
        row.OriginateId,
        row.State switch
        {
            OriginateRowState.Accepted => OriginateState.Accepted,
            OriginateRowState.Refused => OriginateState.Refused,
            _ => OriginateState.Unknown,
        },
        row.CallId,
        Enum.TryParse<OriginateRefusal>(row.Refusal, out var refusal) ? OriginateRefusals.CodeOf(refusal) : null,
        row.Message,
        row.PbxErrorCode,
        row.Reference,
        Replayed: false);
}
