namespace PbxGrains.Front.Problems;

/// <summary>Stable codes of problems that are not refusals of a PBX.</summary>
internal static class ProblemCodes
{
    public const string InvalidRequest = "invalid-request";
    public const string SiteUnknown = "site-unknown";
    public const string SiteExists = "site-exists";
    public const string CredentialsNotProven = "credentials-not-proven";
    public const string CredentialsChangedMeanwhile = "credentials-changed-meanwhile";
    public const string ExtensionUnknown = "extension-unknown";
    public const string ExtensionInvalid = "extension-invalid";
    public const string CallUnknown = "call-unknown";
    public const string CallAmbiguous = "call-ambiguous";
    public const string RecordUnknown = "record-unknown";
    public const string OriginateUnknown = "originate-unknown";
    public const string ImportUnknown = "import-unknown";
    public const string ImportRunning = "import-running";
    public const string ChecklistNone = "checklist-none";
    public const string SiteSuspended = "site-suspended";
    public const string AgentUnknown = "agent-unknown";
    public const string KeyUnknown = "key-unknown";
    public const string LastAdminKey = "last-admin-key";
    public const string SubscriptionUnknown = "subscription-unknown";
    public const string SubscriptionDisabled = "subscription-disabled";
    public const string TooManySubscriptions = "too-many-subscriptions";
    public const string DeliveryUnknown = "delivery-unknown";
    public const string EventGone = "event-gone";
    public const string WrongPbx = "wrong-pbx";
    public const string NotStored = "not-stored";
    public const string Unauthenticated = "unauthenticated";
    public const string Forbidden = "forbidden";
    public const string FrontStops = "front-stops";
    public const string ClusterBusy = "cluster-busy";
    public const string OutcomeUnknown = "outcome-unknown";
    public const string NotAcceptable = "not-acceptable";
    public const string DatabaseUnavailable = "database-unavailable";
    public const string InternalError = "internal-error";
}
