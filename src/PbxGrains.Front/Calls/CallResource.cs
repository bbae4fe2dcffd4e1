using System.Text.Json.Serialization;
using PbxGrains.Contracts.Calls;

namespace PbxGrains.Front.Calls;

/// <summary>A call. Instants are UTC; null means unknown or not yet.</summary>
/// <param name="Site">The site.</param>
/// <param name="CallId">The PBX's call id, text.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Direction">Direction seen from the site.</param>
/// <param name="Caller">Caller as dialled.</param>
/// <param name="Callee">Callee as dialled.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="AnsweredAt">When both sides first talked.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="FailureReason">Why it failed, in the PBX's words.</param>
/// <param name="Legs">Legs in the order they appeared.</param>
/// <param name="Reference">Your own reference given at originate.</param>
/// <param name="ConfirmedAt">When the PBX last confirmed it.</param>
public sealed record CallResource(
    string Site,
    string CallId,
    CallState State,
    CallDirection Direction,
    string? Caller,
    string? Callee,
    DateTimeOffset StartedAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt,
    string? FailureReason,
    IReadOnlyList<LegView> Legs,
    string? Reference,
    DateTimeOffset ConfirmedAt)
{
    /// <summary>A call as the site's actor told it.</summary>
    public static CallResource Of(CallView view) => new(
        view.Site.Value,
        view.CallId.Value,
        view.State,
        view.Direction,
        view.Caller,
        view.Callee,
        view.StartedAt,
        view.AnsweredAt,
        view.EndedAt,
        view.FailureReason,
        view.Legs,
        view.Reference,
        view.ConfirmedAt);
}

/// <summary>A wish to transfer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TransferInput
{
    /// <summary>The extension that transfers and leaves; may be left out when the call has just one.</summary>
    public string? Extension { get; init; }

    /// <summary>Where to: extension, queue, or an outside number.</summary>
    public string? Destination { get; init; }
}

/// <summary>A wish to switch something of a call on or off.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SwitchInput
{
    /// <summary>Whose side; may be left out when the call has just one extension.</summary>
    public string? Extension { get; init; }

    /// <summary>True for on, false for off.</summary>
    public bool? On { get; init; }
}

/// <summary>A wish to let a supervisor join.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MonitorInput
{
    /// <summary>The supervisor's extension; its phone rings.</summary>
    public string? Supervisor { get; init; }

    /// <summary>The extension to monitor; may be left out when the call has just one.</summary>
    public string? Extension { get; init; }

    /// <summary>How the supervisor joins.</summary>
    public MonitorMode? Mode { get; init; }
}
