using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Agents;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Checklists;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Keys;
using PbxGrains.Storage.Migrations;
using PbxGrains.Storage.Recordings;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Subscriptions;
using PbxGrains.Storage.Webhooks;

namespace PbxGrains.Hosting.Database;

internal static class StorageServices
{
    public static IServiceCollection AddPbxStorage(this IServiceCollection services) => services
        .AddSingleton<DatabaseMigrator>()
        .AddSingleton<SiteRegistry>()
        .AddSingleton<SiteChangeListener>()
        .AddSingleton<WebhookSecrets>()
        .AddSingleton<UnreadableReports>()
        .AddSingleton<CallRecordInbox>()
        .AddSingleton(services => new CallRecordLedger(services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CallRecordLedger>>()))
        .AddSingleton<CallRecordReader>()
        .AddSingleton<CallRecordPartitions>()
        .AddSingleton<CallRecordRetention>()
        .AddSingleton<CatchUpWindows>()
        .AddSingleton<RecordingCatalogue>()
        .AddSingleton<RecordingListenings>()
        .AddSingleton<RecordingRetention>()
        .AddSingleton<HistoryImports>()
        .AddSingleton<ChecklistRuns>()
        .AddSingleton<SiteEvidence>()
        .AddSingleton(services => new EventLog(services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<EventLog>>()))
        .AddSingleton<EventReader>()
        .AddSingleton<EventListener>()
        .AddSingleton<EventRetention>()
        .AddSingleton<SubscriptionRegistry>()
        .AddSingleton<DeliveryFanOut>()
        .AddSingleton<DeliveryClaims>()
        .AddSingleton<DeliveryOutcomes>()
        .AddSingleton<DeliveryRetention>()
        .AddSingleton<Deliveries>()
        .AddSingleton<Replays>()
        .AddSingleton<ApiKeys>()
        .AddSingleton<Agents>()
        .AddSingleton<Originates>();
}
