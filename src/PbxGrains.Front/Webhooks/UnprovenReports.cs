using System.Collections.Concurrent;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Cluster;

namespace PbxGrains.Front.Webhooks;

/// <summary>
/// Tells a site's actor that reports are refused for want of proof: its checklist names the cause. Anybody can send such
/// reports, so it is told once a minute for each registered site, and never kept waiting for.
/// </summary>
/// <param name="grains">The actors.</param>
/// <param name="time">The clock.</param>
internal sealed class UnprovenReports(IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _told = new(StringComparer.Ordinal);

    /// <summary>Tells it, unless that was done a moment ago.</summary>
    /// <param name="site">A registered site.</param>
    /// <param name="source">Where the report came from.</param>
    /// <param name="ct">Gives up.</param>
    public async Task TellAsync(SiteId site, string? source, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var before = _told.GetValueOrDefault(site.Value);
        if (now - before < Pause || !(before == default ? _told.TryAdd(site.Value, now) : _told.TryUpdate(site.Value, now, before)))
        {
            return;
        }

        try
        {
            _ = await GrainCalls.TryTell(c => grains.GetGrain<ISiteGrain>(site.GrainKey).NoteUnprovenReport(source, c), TellWithin, ct);
        }
        catch (OrleansException)
        {
            // A silo of an older version does not know the message.
        }
    }
}
