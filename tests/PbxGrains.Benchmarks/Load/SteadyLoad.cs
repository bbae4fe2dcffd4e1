using System.Diagnostics;
using PbxGrains.Benchmarks.Figures;

namespace PbxGrains.Benchmarks.Load;

/// <summary>Sends reports at a steady pace, whether or not the earlier ones were answered: PBXs do not wait for each other.</summary>
/// <param name="perSecond">Reports per second.</param>
/// <param name="sites">Sites that take turns.</param>
/// <param name="warmUp">How long it is sent before it counts.</param>
/// <param name="measured">How long it counts.</param>
internal sealed class SteadyLoad(int perSecond, int sites, TimeSpan warmUp, TimeSpan measured)
{
    /// <summary>Sends until the time is over and all is answered.</summary>
    /// <param name="post">Sends one; false when it was refused.</param>
    /// <param name="latencies">Notes when each was sent, once it is warm.</param>
    /// <param name="ct">Stops.</param>
    public async Task RunAsync(Func<CallReport, CancellationToken, Task<bool>> post, Latencies latencies, CancellationToken ct)
    {
        var answers = new List<Task>();
        var clock = Stopwatch.StartNew();
        var number = 0;
        foreach (var report in CallReport.Of(sites, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()))
        {
            var due = TimeSpan.FromSeconds((double)number++ / perSecond);
            if (due > warmUp + measured)
            {
                break;
            }

            if (due > clock.Elapsed)
            {
                await Task.Delay(due - clock.Elapsed, ct);
            }

            answers.Add(SendAsync(report, counts: due > warmUp));
        }

        await Task.WhenAll(answers);

        async Task SendAsync(CallReport report, bool counts)
        {
            // On the pool, so that the pace does not depend on how long sending takes.
            await Task.Yield();
            if (counts)
            {
                latencies.Sent(report.Key);
            }

            if (!await post(report, ct))
            {
                throw new InvalidOperationException($"The report {report.Key} was refused: there is nothing to measure.");
            }
        }
    }
}
