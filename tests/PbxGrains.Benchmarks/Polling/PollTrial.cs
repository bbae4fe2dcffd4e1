using System.Globalization;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Polling;

/// <summary>By hand while tuning.</summary>
internal static class PollTrial
{
    public static async Task RunAsync(int sites, double period, double seconds, string mode, CancellationToken ct)
    {
        await using var lab = await PollLab.StartAsync(sites, TimeSpan.FromSeconds(period), ct);
        var watch = TimeSpan.FromSeconds(seconds);
        if (mode.Contains('b', StringComparison.Ordinal))
        {
            foreach (var flap in new[] { false, true })
            {
                await lab.Fleet.FlapAsync(flap, ct);
                await using var bare = BarePoller.Start(sites, lab.Fleet.Port, lab.Period, FreePort.Next(), PollLab.MeasuredCore);
                await Task.Delay(lab.Period * 5, ct);
                Say(flap ? "bare, all changed" : "bare, nothing changed", await PollPace.WatchAsync(bare, async () => (await lab.Fleet.CountAsync(ct)).Lists, watch, ct));
            }
        }

        await lab.Fleet.FlapAsync(false, ct);
        if (mode.Contains('p', StringComparison.Ordinal))
        {
            await using var worker = lab.StartWorker(PollLab.MeasuredCore);
            await worker.ReadyAsync(ct);
            await Task.Delay(3000, ct);
            Console.WriteLine($"RSS empty {worker.Process.WorkingSet / 1024 / 1024} MiB");
            var clock = System.Diagnostics.Stopwatch.StartNew();
            Console.WriteLine($"heap empty {await Running.FullCollection.OfAsync(worker, ct) / 1024 / 1024:0.0} MiB");
            await lab.RegisterAsync(sites, ct);
            await lab.PolledAsync(worker, sites, ct);
            Console.WriteLine($"all polled after {clock.Elapsed.TotalSeconds:0.0} s, CPU {worker.Process.ProcessorTime.TotalSeconds:0.0} s, sim CPU {lab.Fleet.Process.ProcessorTime.TotalSeconds:0.0}");
            Console.WriteLine($"heap {await Running.FullCollection.OfAsync(worker, ct) / 1024 / 1024:0.0} MiB");
            for (var i = 0; mode.Contains('w', StringComparison.Ordinal) && i < 10; i++)
            {
                Say("product", await PollPace.WatchAsync(worker.Process, async () => (await lab.Fleet.CountAsync(ct)).Lists, TimeSpan.FromSeconds(5), ct));
            }

            await Task.Delay(lab.Period * 4, ct);
            Console.WriteLine($"pid {worker.Process.Id} sim {lab.Fleet.Process.Id}");
            Say("product, nothing changed", await PollPace.WatchAsync(worker.Process, async () => (await lab.Fleet.CountAsync(ct)).Lists, watch, ct));
            var m = await worker.MetricsAsync(ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RSS {worker.Process.WorkingSet / 1024 / 1024} MiB, heap {m.Sum("dotnet_gc_last_collection_heap_size_bytes") / 1048576:0.0}, age {m.Sum("pbx_site_knowledge_age_seconds"):0.0}"));
            await lab.Fleet.FlapAsync(true, ct);
            await Task.Delay(lab.Period * 2, ct);
            Say("product, all changed", await PollPace.WatchAsync(worker.Process, async () => (await lab.Fleet.CountAsync(ct)).Lists, watch, ct));
        }
    }

    private static void Say(string what, PollPace pace) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {pace.MicrosecondsPerPoll:0} us/poll, {pace.PerSecond:0.0}/s, {pace.Core:P0}"));
}
