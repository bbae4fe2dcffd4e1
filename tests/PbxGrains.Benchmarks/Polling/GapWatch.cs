namespace PbxGrains.Benchmarks.Polling;

/// <summary>Sees for how long nobody polls a PBX, as the PBXs themselves see it.</summary>
/// <param name="fleet">The PBXs.</param>
internal sealed class GapWatch(SiteFleet fleet)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Watches until every PBX that was left alone is polled again, and it has been so for a while.
    /// </summary>
    /// <param name="calm">Nobody is left alone who was polled within this time.</param>
    /// <param name="atLeast">How long to watch in any case.</param>
    /// <param name="atMost">When to give up.</param>
    /// <param name="ct">Stops.</param>
    /// <returns>The longest time each PBX was left alone, in seconds; the longest first.</returns>
    public async Task<IReadOnlyList<double>> WatchAsync(TimeSpan calm, TimeSpan atLeast, TimeSpan atMost, CancellationToken ct)
    {
        var longest = new double[fleet.Sites];
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var since = (await fleet.CountAsync(ct)).SecondsSinceListed;
            var alone = 0;
            for (var i = 0; i < longest.Length; i++)
            {
                longest[i] = Math.Max(longest[i], since[i] ?? 0);
                alone += since[i] > calm.TotalSeconds ? 1 : 0;
            }

            if (clock.Elapsed > atLeast && alone == 0)
            {
                return [.. longest.OrderDescending()];
            }

            if (clock.Elapsed > atMost)
            {
                throw new InvalidOperationException($"After {atMost.TotalSeconds:0} s {alone} PBXs were still left alone.");
            }

            await Task.Delay(LookEvery, ct);
        }
    }
}
