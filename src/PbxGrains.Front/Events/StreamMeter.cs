using System.Diagnostics.Metrics;

namespace PbxGrains.Front.Events;

/// <summary>
/// Measures of the event stream, for whoever listens to the meter <see cref="Name"/>. Durations are in seconds.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>pbx.stream.readers</c></term><description>Readers connected now.</description></item>
/// <item><term><c>pbx.stream.events</c></term><description>Events written to readers.</description></item>
/// <item><term><c>pbx.stream.delay</c></term><description>From the moment an event tells of until it was written to a reader who keeps up.</description></item>
/// </list>
/// </remarks>
public static class StreamMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "PbxGrains.Stream";

    private static readonly Meter Meter = new(Name);
    private static readonly UpDownCounter<int> Readers = Meter.CreateUpDownCounter<int>("pbx.stream.readers", "{reader}");
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("pbx.stream.events", "{event}");
    private static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("pbx.stream.delay", "s");

    internal static void Connected() => Readers.Add(1);

    internal static void Gone() => Readers.Add(-1);

    internal static void Wrote(IReadOnlyList<StreamedEvent> events, bool keepsUp, DateTimeOffset now)
    {
        Events.Add(events.Count);
        if (keepsUp)
        {
            foreach (var written in events)
            {
                Delay.Record(Math.Max(0, (now - written.Logged.Event.OccurredAt).TotalSeconds));
            }
        }
    }
}
