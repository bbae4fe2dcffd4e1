using System.Net.Sockets;
using PbxGrains.Simulator;

return await CommandLine.Create(RunAsync).Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(2) });

static async Task<int> RunAsync(FleetOptions options, CancellationToken ct)
{
    try
    {
        await using var fleet = await SimulatedFleet.StartAsync(options, TimeProvider.System, ct);
        var scheme = options.Https ? "https" : "http";
        var addresses = fleet.Pbxs.Count == 0 ? "none yet" : $"{fleet.Pbxs[0].Address} to {fleet.Pbxs[^1].Address}";
        var control = fleet.ControlAddress is { } address ? $"control at {address}sim/pbxs" : "no control API";
        Console.WriteLine($"simulator ready: {fleet.Pbxs.Count} PBXs over {scheme} ({addresses}), {control}");
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        return 0;
    }
    catch (OperationCanceledException)
    {
        return 0;
    }
    catch (Exception taken) when (taken is SocketException or IOException or ArgumentException)
    {
        await Console.Error.WriteLineAsync($"The simulator cannot start: {taken.Message} Choose another --port or --control.");
        return 1;
    }
}
