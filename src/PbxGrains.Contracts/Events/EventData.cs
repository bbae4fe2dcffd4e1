using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Contracts.Events;

/// <summary>A site's health changed. Instants are UTC; null means unknown.</summary>
/// <param name="Site">The site.</param>
/// <param name="Health">How it does now.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">Particulars in English.</param>
/// <param name="Since">Since when it has this health.</param>
/// <param name="PreviousHealth">How it did before.</param>
public sealed record SiteHealthEvent(string Site, SiteHealth Health, SiteHealthReason Reason, string? Message, DateTimeOffset Since, SiteHealth PreviousHealth);

/// <summary>Something at a site wants an administrator's look, or no longer does.</summary>
/// <param name="Site">The site.</param>
/// <param name="Code">Stable code of the matter.</param>
/// <param name="Message">What it is, in English.</param>
/// <param name="Settled">True when it is settled.</param>
public sealed record SiteWarningEvent(string Site, string Code, string Message, bool Settled);

/// <summary>A verdict of a site's checklist is another one than in the run before.</summary>
/// <param name="Site">The site.</param>
/// <param name="RunId">The run.</param>
/// <param name="Trigger">Who wanted it.</param>
/// <param name="Verdict">Its verdict.</param>
/// <param name="PreviousVerdict">The verdict of the run before.</param>
/// <param name="Changes">The items whose verdict changed, in the order of the list.</param>
public sealed record ChecklistChangedEvent(
    string Site, Guid RunId, ChecklistTrigger Trigger, ChecklistVerdict Verdict, ChecklistVerdict PreviousVerdict, IReadOnlyList<ChecklistChange> Changes);

/// <summary>An item whose verdict changed.</summary>
/// <param name="Item">Its stable id.</param>
/// <param name="Verdict">What it is now.</param>
/// <param name="PreviousVerdict">What it was; null when the run before did not have it.</param>
/// <param name="Finding">Stable code of what was found now.</param>
public sealed record ChecklistChange(string Item, ChecklistVerdict Verdict, ChecklistVerdict? PreviousVerdict, string Finding);

/// <summary>An extension's status changed. Instants are UTC; null means unknown.</summary>
/// <param name="Site">The site.</param>
/// <param name="Extension">Its number.</param>
/// <param name="Name">Its name in the PBX.</param>
/// <param name="AgentId">The CRM's agent who has it.</param>
/// <param name="Status">What it does now.</param>
/// <param name="PreviousStatus">What it did before.</param>
/// <param name="Since">Since when.</param>
/// <param name="Source">Where this is known from.</param>
/// <param name="CurrentCall">The call it takes part in.</param>
/// <param name="TalkingTo">The other party of that call.</param>
/// <param name="RegisteredAddress">Where its phone is registered.</param>
public sealed record ExtensionStatusEvent(
    string Site,
    string Extension,
    string? Name,
    string? AgentId,
    ExtensionStatus Status,
    ExtensionStatus PreviousStatus,
    DateTimeOffset? Since,
    KnowledgeSource Source,
    string? CurrentCall,
    string? TalkingTo,
    string? RegisteredAddress);

/// <summary>A party of a call.</summary>
/// <param name="Kind">Extension, or which way it goes over a trunk.</param>
/// <param name="Number">Its number.</param>
/// <param name="State">What it does.</param>
public sealed record CallEventParty(LegKind Kind, string? Number, LegState State);

/// <summary>Something happened to a call; every event carries all that is known of the call. Instants are UTC; null means unknown or not yet.</summary>
/// <param name="Site">The site.</param>
/// <param name="CallId">The PBX's call id, text.</param>
/// <param name="Extension">The extension it happened to; null when to the call as a whole.</param>
/// <param name="AgentId">The CRM's agent who has that extension, or for whom it was dialled.</param>
/// <param name="State">Where the call stands.</param>
/// <param name="Direction">Direction seen from the site.</param>
/// <param name="Caller">Who calls, as dialled or shown.</param>
/// <param name="CallerE164">Who calls, in E.164.</param>
/// <param name="Callee">Who is called, as dialled.</param>
/// <param name="CalleeE164">Who is called, in E.164.</param>
/// <param name="Trunk">The trunk.</param>
/// <param name="Did">Our number that was called from outside.</param>
/// <param name="Reference">The CRM's reference given at originate.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="AnsweredAt">When both sides first talked.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="FailureReason">Why it failed, in the PBX's words.</param>
/// <param name="Parties">Who takes part.</param>
public sealed record CallEvent(
    string Site,
    string CallId,
    string? Extension,
    string? AgentId,
    CallState State,
    CallDirection Direction,
    string? Caller,
    string? CallerE164,
    string? Callee,
    string? CalleeE164,
    string? Trunk,
    string? Did,
    string? Reference,
    DateTimeOffset StartedAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt,
    string? FailureReason,
    IReadOnlyList<CallEventParty> Parties);

/// <summary>Something happened to a call dialled through the API. Null means unknown.</summary>
/// <param name="Site">The site.</param>
/// <param name="OriginateId">The originate.</param>
/// <param name="CallId">The call it became.</param>
/// <param name="Extension">The extension that calls.</param>
/// <param name="Destination">What it dials.</param>
/// <param name="AgentId">The CRM's agent it was dialled for.</param>
/// <param name="Reference">The CRM's reference.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Refusal">Why it was refused.</param>
/// <param name="Message">Particulars in English.</param>
public sealed record OriginateEvent(
    string Site,
    Guid OriginateId,
    string? CallId,
    string Extension,
    string Destination,
    string? AgentId,
    string? Reference,
    OriginateState State,
    OriginateRefusal? Refusal,
    string? Message);

/// <summary>A subscription was switched off because of its target. Instants are UTC.</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Url">Its target, without a query.</param>
/// <param name="Description">What it is for; null when nothing was said.</param>
/// <param name="Reason"><c>gone</c>: the target answered 410; <c>failing</c>: nothing succeeded for days.</param>
/// <param name="FailingSince">The first failure since the last success; null when there was none.</param>
/// <param name="Message">Particulars in English.</param>
public sealed record SubscriptionDisabledEvent(Guid SubscriptionId, string Url, string? Description, string Reason, DateTimeOffset? FailingSince, string Message);

/// <summary>A message to try a subscription.</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Message">A friendly word.</param>
public sealed record SubscriptionTestEvent(Guid SubscriptionId, string Message);
