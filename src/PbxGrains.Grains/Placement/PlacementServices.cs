using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Runtime.Placement;

namespace PbxGrains.Grains.Placement;

/// <summary>Adds how sites are shared among silos.</summary>
public static class PlacementServices
{
    /// <summary>Adds the share, and tells the other silos which kind this one is.</summary>
    public static IServiceCollection AddSiteShares(this IServiceCollection services, SiloKind kind)
    {
        services.AddPlacementDirector<PlacedByShare, ShareDirector>();
        return services
            .AddSingleton<IGrainPropertiesProvider>(new SiloKindProperty(kind))
            .AddSingleton<IPlacementStrategyResolver, ShareStrategyResolver>()
            .AddSingleton<SiteShares>();
    }
}
