using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace PbxGrains.Benchmarks.Running;

/// <summary>Makes another .NET process collect all its garbage, so that what it holds can be seen.</summary>
internal static class FullCollection
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const long CollectKeyword = 0x80_0000;

    private static readonly TimeSpan Collects = TimeSpan.FromSeconds(3);

    /// <summary>Asks a worker for it, and gives the bytes of the heap that are in use afterwards.</summary>
    public static async Task<double> OfAsync(Worker worker, CancellationToken ct)
    {
        var before = await CollectionsAsync(worker, ct);
        using (var session = await new DiagnosticsClient(worker.Process.Id).StartEventPipeSessionAsync([new EventPipeProvider(Runtime, EventLevel.Informational, CollectKeyword)], requestRundown: false, circularBufferMB: 16, ct))
        {
            var drained = session.EventStream.CopyToAsync(Stream.Null, ct);
            await Task.Delay(Collects, ct);
            await session.StopAsync(ct);
            await drained;
        }

        var page = await worker.MetricsAsync(ct);
        return page.Sum("dotnet_gc_collections_total", "gen2") > before
            ? page.Sum("dotnet_gc_last_collection_heap_size_bytes") - page.Sum("dotnet_gc_last_collection_heap_fragmentation_size_bytes")
            : throw new InvalidOperationException("The worker did not collect its garbage when asked to.");
    }

    private static async Task<double> CollectionsAsync(Worker worker, CancellationToken ct) => (await worker.MetricsAsync(ct)).Sum("dotnet_gc_collections_total", "gen2");
}
