using PbxGrains.Simulator;

await using var fleet = await SimulatedFleet.StartAsync(new FleetOptions(), TimeProvider.System, CancellationToken.None);
Console.WriteLine($"simulator ready: {fleet.Pbxs.Count} PBXs");
_ = Console.ReadLine();
