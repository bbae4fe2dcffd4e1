using System.Diagnostics;
using PbxGrains.Benchmarks.Running;

namespace PbxGrains.Benchmarks.Polling;

/// <summary>What polling cost a process over a while.</summary>
/// <param name="Polls">Rounds of polling done.</param>
/// <param name="Processor">Processor time of the whole process.</param>
/// <param name="Elapsed">How long it was watched.</param>
internal sealed record PollPace(long Polls, TimeSpan Processor, TimeSpan Elapsed)
{
    /// <summary>Processor time of one round, in microseconds.</summary>
    public double MicrosecondsPerPoll => Processor.TotalMicroseconds / Polls;

    /// <summary>Rounds per second.</summary>
    public double PerSecond => Polls / Elapsed.TotalSeconds;

    /// <summary>Share of one core, 0 to 1.</summary>
    public double Core => Processor / Elapsed;

    /// <summary>Watches a process that polls; what it does besides counts, too.</summary>
    /// <param name="process">The process.</param>
    /// <param name="count">How many rounds it has done so far.</param>
    /// <param name="time">How long.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<PollPace> WatchAsync(PinnedProcess process, Func<Task<long>> count, TimeSpan time, CancellationToken ct)
    {
        var (polls, processor, began) = (await count(), process.ProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(time, ct);
        return new PollPace(await count() - polls, process.ProcessorTime - processor, Stopwatch.GetElapsedTime(began));
    }
}
