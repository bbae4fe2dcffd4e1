using PbxGrains.Contracts.Extensions;

namespace PbxGrains.Front.Extensions;

/// <summary>An extension and what it is doing. Instants are UTC; null means unknown.</summary>
/// <param name="Site">The site.</param>
/// <param name="Number">Its number, text: leading zeros count.</param>
/// <param name="Name">Name in the PBX.</param>
/// <param name="Type">Kind in the PBX's words.</param>
/// <param name="Status">What it is doing; <c>unknown</c> when the knowledge is stale.</param>
/// <param name="Since">Since when it has this status.</param>
/// <param name="Source">Where the status came from.</param>
/// <param name="ConfirmedAt">When the PBX last confirmed it.</param>
/// <param name="AgeSeconds">How old the confirmation is, seconds; null when never confirmed.</param>
/// <param name="Stale">True when there is knowledge, but older than its bound.</param>
/// <param name="LastKnownStatus">The status last known when stale.</param>
/// <param name="CurrentCall">The call it takes part in.</param>
/// <param name="TalkingTo">Who it talks to, as dialled.</param>
/// <param name="RegisteredAddress">Address its phone registered from.</param>
/// <param name="AsOf">When this was true.</param>
public sealed record ExtensionResource(
    string Site,
    string Number,
    string? Name,
    string? Type,
    ExtensionStatus Status,
    DateTimeOffset? Since,
    KnowledgeSource Source,
    DateTimeOffset? ConfirmedAt,
    double? AgeSeconds,
    bool Stale,
    ExtensionStatus? LastKnownStatus,
    string? CurrentCall,
    string? TalkingTo,
    string? RegisteredAddress,
    DateTimeOffset AsOf)
{
    /// <summary>An extension as its actor told it.</summary>
    public static ExtensionResource Of(ExtensionView view) => new(
        view.Site.Value,
        view.Number.Value,
        view.Name,
        view.Type,
        view.Status,
        view.Since,
        view.Source,
        view.ConfirmedAt,
        view.ConfirmedAt is { } confirmed ? Math.Max(0, Math.Round((view.AsOf - confirmed).TotalSeconds, 3)) : null,
        view.Stale,
        view.LastKnownStatus,
        view.CurrentCall?.Value,
        view.TalkingTo,
        view.RegisteredAddress,
        view.AsOf);
}
