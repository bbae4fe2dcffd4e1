using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace PbxGrains.Front.Listeners;

/// <summary>
/// How a front stops: readiness is off at once, it goes on answering for <see cref="FrontSettings.Linger"/>, takes nothing new
/// then, and lets what runs come to its end. Only after that do its actors move. Event streams end at the beginning by
/// themselves.
/// </summary>
internal static class FrontStop
{
    /// <summary>Adds it, around the server that is there.</summary>
    public static void AddFrontStop(this IServiceCollection services)
    {
        services.AddHostedService<Lingering>();
        if (services.LastOrDefault(service => service.ServiceType == typeof(IServer)) is { ImplementationType: { } server } registered)
        {
            _ = services.Remove(registered);
            services.AddSingleton<IServer>(all => new BoundedServer((IServer)ActivatorUtilities.CreateInstance(all, server)));
        }
    }

    private sealed class Lingering(IOptions<FrontSettings> settings, TimeProvider time) : IHostedLifecycleService
    {
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(settings.Value.Linger, time, cancellationToken);

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>A download that somebody takes slowly must not cost the actors the time they need to move.</summary>
    private sealed class BoundedServer(IServer server) : IServer
    {
        private static readonly TimeSpan RequestsEndWithin = TimeSpan.FromSeconds(3);

        public IFeatureCollection Features => server.Features;

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => server.StartAsync(application, cancellationToken);

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(RequestsEndWithin);
            await server.StopAsync(limit.Token);
        }

        public void Dispose() => server.Dispose();
    }
}
