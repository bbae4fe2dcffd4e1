using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Status;

/// <summary>Route of the whole installation at one glance.</summary>
internal static class StatusApi
{
    private static readonly TimeSpan SilosLimit = TimeSpan.FromSeconds(3);

    private static readonly string Version =
        typeof(StatusApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";

    public static IEndpointRouteBuilder MapStatusApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/pbx/status", Show).RequireAuthorization(Scope.Read).WithTags("Status").WithName("GetStatus")
            .WithSummary("The whole installation at one glance: silos, sites by health, reports, webhooks.")
            .WithDescription("Answers 200 also when something is out of order. Sites that need a look come with it, the worst first.");
        return routes;
    }

    private static async Task<Ok<StatusResource>> Show(
        SiteOffice office, SubscriptionRegistry subscriptions, Deliveries deliveries, IGrainFactory grains, TimeProvider time, CancellationToken ct)
    {
        var silos = SilosAsync(grains, ct);
        var sites = await office.ListAsync(ct);
        var webhooks = StatusGlance.Webhooks(await subscriptions.ListAsync(ct), await deliveries.BacklogAsync(ct));
        return TypedResults.Ok(new StatusResource(
            time.GetUtcNow(), Version, StatusGlance.Silos(await silos, sites), StatusGlance.Sites(sites), StatusGlance.Reports(sites), webhooks));
    }

    private static async Task<IReadOnlyCollection<SiloAddress>?> SilosAsync(IGrainFactory grains, CancellationToken ct) =>
        (await GrainCalls.TryRead(c => grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, c), SilosLimit, ct))?.Keys;
}
