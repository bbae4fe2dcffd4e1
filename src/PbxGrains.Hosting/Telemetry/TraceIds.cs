using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace PbxGrains.Hosting.Telemetry;

/// <summary>
/// Gives a trace id to what an actor logs on behalf of a request, also while no trace is sent anywhere: without somebody
/// who listens, calls between actors would not carry the id of the request they serve.
/// </summary>
internal sealed class TraceIds : IHostedService, IDisposable
{
    private const string ActorCalls = "Microsoft.Orleans.Application";

    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == ActorCalls,
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ActivitySource.AddActivityListener(_listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();
}
