using System.Net;

namespace PbxGrains.Front.Subscriptions;

/// <summary>What outgoing webhooks need.</summary>
internal static class SubscriptionServices
{
    /// <summary>Adds them. The order counts: services stop the other way round, so that the last outcomes are written.</summary>
    public static IServiceCollection AddSubscriptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SubscriptionSettings>().Bind(configuration.GetSection(SubscriptionSettings.Section))
            .PostConfigure(settings =>
            {
                if (settings.Complaint() is { } complaint)
                {
                    throw new InvalidOperationException(complaint);
                }
            });
        services.AddSingleton<ResolveHost>(static (host, ct) => Dns.GetHostAddressesAsync(host, ct));
        services.AddSingleton<TargetGuard>();
        services.AddSingleton<TargetHttp>();
        services.AddSingleton<DeliverySender>();
        services.AddSingleton<OutcomeQueue>();
        services.AddSingleton<DeliveryLanes>();
        services.AddHostedService(provider => provider.GetRequiredService<OutcomeQueue>());
        services.AddHostedService<DeliveryService>();
        services.AddHostedService<FanOutService>();
        services.AddHostedService<SubscriptionUpkeep>();
        return services;
    }
}
