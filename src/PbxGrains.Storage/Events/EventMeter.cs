using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PbxGrains.Storage.Events;

/// <summary>
/// Measures of the event log, for whoever listens to the meter <see cref="Name"/>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>pbx.events.queue</c></term><description>Appends, each of one or more events, that wait for a commit now.</description></item>
/// </list>
/// </remarks>
public static class EventMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "PbxGrains.Events";

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<object, Func<int>> Queues = new();

    static EventMeter() => Meter.CreateObservableGauge("pbx.events.queue", () => Queues.Values.Sum(depth => depth()), "{append}");

    internal static void Watch(object log, Func<int> depth) => Queues[log] = depth;

    internal static void Forget(object log) => Queues.TryRemove(log, out _);
}
