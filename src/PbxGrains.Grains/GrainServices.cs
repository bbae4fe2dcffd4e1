using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Checklists;
using PbxGrains.Grains.Events;
using PbxGrains.Grains.Failures;
using PbxGrains.Grains.Recordings;
using PbxGrains.Grains.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains;

/// <summary>Adds what the actors need.</summary>
public static class GrainServices
{
    /// <summary>Adds the actors' services and the supervision that finds sites; storage, secrets and clock are the host's.</summary>
    public static IServiceCollection AddPbxGrains(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SiteSettings>().Bind(configuration.GetSection(SiteSettings.Section));
        return services
            .AddSingleton<IIncomingGrainCallFilter, DatabaseFailures>()
            .AddSingleton<PbxConnector>()
            .AddSingleton<SiteConfigurations>()
            .AddSingleton<AgentBook>()
            .AddSingleton<ChecklistBook>()
            .AddSingleton<SiteParts>()
            .AddHostedService<LedgerUpkeep>()
            .AddHostedService<RecordingUpkeep>()
            .AddHostedService<EventUpkeep>()
            .AddHostedService<SiteSupervision>();
    }
}
