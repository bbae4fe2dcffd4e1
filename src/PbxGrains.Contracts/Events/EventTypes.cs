namespace PbxGrains.Contracts.Events;

/// <summary>Names of what can happen, as CloudEvents carry them. Names stay; what an event says only ever grows.</summary>
public static class EventTypes
{
    /// <summary>A site's health changed: <see cref="SiteHealthEvent" />.</summary>
    public const string SiteHealth = "pbx.site.health";

    /// <summary>Something at a site wants an administrator's look, or no longer does: <see cref="SiteWarningEvent" />.</summary>
    public const string SiteWarning = "pbx.site.warning";

    /// <summary>A verdict of a site's checklist is another one than in the run before: <see cref="ChecklistChangedEvent" />.</summary>
    public const string SiteChecklistChanged = "pbx.site.checklist-changed";

    /// <summary>An extension's status changed: <see cref="ExtensionStatusEvent" />.</summary>
    public const string ExtensionStatus = "pbx.extension.status";

    /// <summary>A phone rings: <see cref="CallEvent" />.</summary>
    public const string CallRinging = "pbx.call.ringing";

    /// <summary>Somebody picked up: <see cref="CallEvent" />.</summary>
    public const string CallAnswered = "pbx.call.answered";

    /// <summary>A party was put on hold: <see cref="CallEvent" />.</summary>
    public const string CallHeld = "pbx.call.held";

    /// <summary>A party was taken from hold: <see cref="CallEvent" />.</summary>
    public const string CallResumed = "pbx.call.resumed";

    /// <summary>Another extension took a party's place: <see cref="CallEvent" />.</summary>
    public const string CallTransferred = "pbx.call.transferred";

    /// <summary>A call is over: <see cref="CallEvent" />.</summary>
    public const string CallEnded = "pbx.call.ended";

    /// <summary>A call record became known.</summary>
    public const string CallRecordRecorded = "pbx.cdr.recorded";

    /// <summary>A known call record says something more or better.</summary>
    public const string CallRecordRevised = "pbx.cdr.revised";

    /// <summary>A recording can be listened to.</summary>
    public const string RecordingReady = "pbx.recording.ready";

    /// <summary>A recording will not come.</summary>
    public const string RecordingAbsent = "pbx.recording.absent";

    /// <summary>A recording was removed for its age.</summary>
    public const string RecordingExpired = "pbx.recording.expired";

    /// <summary>The PBX accepted a dial: <see cref="OriginateEvent" />.</summary>
    public const string OriginateAccepted = "pbx.originate.accepted";

    /// <summary>A dial was refused: <see cref="OriginateEvent" />.</summary>
    public const string OriginateFailed = "pbx.originate.failed";

    /// <summary>A dial whose answer was lost is no longer unknown: <see cref="OriginateEvent" />.</summary>
    public const string OriginateResolved = "pbx.originate.resolved";

    /// <summary>A subscription was switched off because of its target: <see cref="SubscriptionDisabledEvent" />.</summary>
    public const string SubscriptionDisabled = "pbx.subscription.disabled";

    /// <summary>A message to try a subscription; it is in no log: <see cref="SubscriptionTestEvent" />.</summary>
    public const string SubscriptionTest = "pbx.subscription.test";
}
