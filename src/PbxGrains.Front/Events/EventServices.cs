namespace PbxGrains.Front.Events;

/// <summary>What the stream needs.</summary>
internal static class EventServices
{
    /// <summary>Events every front holds in memory for its readers; who is further behind reads the log.</summary>
    private const int Held = 10_000;

    public static IServiceCollection AddEventStream(this IServiceCollection services)
    {
        services.AddSingleton(new EventRing(Held));
        services.AddHostedService<EventTail>();
        return services;
    }
}
