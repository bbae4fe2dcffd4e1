using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace PbxGrains.Benchmarks.Running;

/// <summary>Makes another .NET process collect all its garbage, so that what it holds can be seen.</summary>
internal static class FullCollection
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const long CollectKeyword = 0x80_0000;

    private static readonly TimeSpan CollectsWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks a worker for it, and gives the bytes of the heap that are in use right afterwards.</summary>
    public static async Task<double> OfAsync(Worker worker, CancellationToken ct)
    {
        var before = Collections(await worker.MetricsAsync(ct));
        var inUse = 0.0;
        using var session = await new DiagnosticsClient(worker.Process.Id).StartEventPipeSessionAsync(
            [new EventPipeProvider(Runtime, EventLevel.Informational, CollectKeyword)], requestRundown: false, circularBufferMB: 16, ct);
        var drained = session.EventStream.CopyToAsync(Stream.Null, ct);
        await worker.Process.UntilAsync(
            async () =>
            {
                await Task.Delay(LookEvery, ct);
                var page = await worker.MetricsAsync(ct);
                inUse = page.Sum("dotnet_gc_last_collection_heap_size_bytes") - page.Sum("dotnet_gc_last_collection_heap_fragmentation_size_bytes");
                return Collections(page) > before;
            },
            "the worker has collected its garbage",
            CollectsWithin);
        await session.StopAsync(ct);
        await drained;
        return inUse;
    }

    private static double Collections(MetricsPage page) => page.Sum("dotnet_gc_collections_total", "gen2");
}
