using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Checklists;
using PbxGrains.Grains.Events;
using PbxGrains.Grains.Failures;
using PbxGrains.Grains.Moves;
using PbxGrains.Grains.Placement;
using PbxGrains.Grains.Recordings;
using PbxGrains.Grains.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains;

/// <summary>Adds what the actors need.</summary>
public static class GrainServices
{
    /// <summary>Adds the actors' services and the supervision that finds sites; storage, secrets and clock are the host's.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="kind">What this silo is there for.</param>
    public static IServiceCollection AddPbxGrains(this IServiceCollection services, IConfiguration configuration, SiloKind kind = SiloKind.Front)
    {
        services.AddOptions<SiteSettings>().Bind(configuration.GetSection(SiteSettings.Section));
        services.AddOptions<MoveSettings>().Bind(configuration.GetSection(MoveSettings.Section));
        return services
            .AddSingleton<IIncomingGrainCallFilter, DatabaseFailures>()
            .AddSiteShares(kind)
            .AddSingleton<LocalSites>()
            .AddSingleton<PbxConnector>()
            .AddSingleton<SiteConfigurations>()
            .AddSingleton<AgentBook>()
            .AddSingleton<ChecklistBook>()
            .AddSingleton<SiteParts>()
            .AddHostedService<LedgerUpkeep>()
            .AddHostedService<RecordingUpkeep>()
            .AddHostedService<EventUpkeep>()
            .AddHostedService<SiteSupervision>()
            .AddHostedService<SiteMoves>();
    }
}
