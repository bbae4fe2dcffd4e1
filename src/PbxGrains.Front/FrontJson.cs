using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Agents;
using PbxGrains.Front.Calls;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Cdrs.Completeness;
using PbxGrains.Front.Cdrs.Statistics;
using PbxGrains.Front.Checklists;
using PbxGrains.Front.Events;
using PbxGrains.Front.Extensions;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Recordings;
using PbxGrains.Front.Sites;
using PbxGrains.Front.Subscriptions;

namespace PbxGrains.Front;

/// <summary>Everything that crosses the API as JSON.</summary>
[JsonSerializable(typeof(IReadOnlyList<SiteResource>))]
[JsonSerializable(typeof(SiteInput))]
[JsonSerializable(typeof(SiteSaved))]
[JsonSerializable(typeof(SiteProbeInput))]
[JsonSerializable(typeof(SiteProbeResult))]
[JsonSerializable(typeof(SuspendInput))]
[JsonSerializable(typeof(WebhookSecretInput))]
[JsonSerializable(typeof(WebhookRotated))]
[JsonSerializable(typeof(IReadOnlyList<UnreadableReportResource>))]
[JsonSerializable(typeof(RecentReports))]
[JsonSerializable(typeof(IReadOnlyList<ExtensionResource>))]
[JsonSerializable(typeof(EventGap))]
[JsonSerializable(typeof(EventPageResource))]
[JsonSerializable(typeof(CallRecordTold))]
[JsonSerializable(typeof(RecordingTold))]
[JsonSerializable(typeof(SubscriptionInput))]
[JsonSerializable(typeof(SubscriptionChange))]
[JsonSerializable(typeof(SubscriptionMade))]
[JsonSerializable(typeof(SubscriptionSecretInput))]
[JsonSerializable(typeof(SubscriptionSecretMade))]
[JsonSerializable(typeof(IReadOnlyList<SubscriptionResource>))]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(ReplayInput))]
[JsonSerializable(typeof(IReadOnlyList<ReplayResource>))]
[JsonSerializable(typeof(OriginateInput))]
[JsonSerializable(typeof(OriginateResource))]
[JsonSerializable(typeof(ClickToCallInput))]
[JsonSerializable(typeof(ClickToCallResource))]
[JsonSerializable(typeof(IReadOnlyList<CallResource>))]
[JsonSerializable(typeof(ImportInput))]
[JsonSerializable(typeof(IReadOnlyList<ImportResource>))]
[JsonSerializable(typeof(ChecklistInput))]
[JsonSerializable(typeof(ChecklistRunResource))]
[JsonSerializable(typeof(IReadOnlyList<ChecklistSummaryResource>))]
[JsonSerializable(typeof(ChecklistLine))]
[JsonSerializable(typeof(TransferInput))]
[JsonSerializable(typeof(SwitchInput))]
[JsonSerializable(typeof(MonitorInput))]
[JsonSerializable(typeof(IReadOnlyList<TrunkView>))]
[JsonSerializable(typeof(QueueView))]
[JsonSerializable(typeof(AgentSet))]
[JsonSerializable(typeof(KeyInput))]
[JsonSerializable(typeof(KeyMade))]
[JsonSerializable(typeof(IReadOnlyList<KeyResource>))]
[JsonSerializable(typeof(CallRecordPage))]
[JsonSerializable(typeof(CallRecordDetail))]
[JsonSerializable(typeof(CallStoryResource))]
[JsonSerializable(typeof(CallStatisticsResource))]
[JsonSerializable(typeof(CompletenessResource))]
[JsonSerializable(typeof(RecordingResource))]
[JsonSerializable(typeof(ListeningPage))]
[JsonSerializable(typeof(RetentionDays))]
[JsonSerializable(typeof(SiteRetention))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string[]>))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class FrontJson : JsonSerializerContext;
