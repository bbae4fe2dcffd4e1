using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// Breaks what all sites share (silos, the database, half of the network) and repairs it after a while: silos and database
/// at the worst moment, right after a record was acknowledged and before anybody hears of it.
/// </summary>
/// <param name="installation">What is broken.</param>
/// <param name="board">Tells which sites a silo has.</param>
/// <param name="stale">Watches the PBXs that are out of reach.</param>
/// <param name="violations">Told of a process that does not end.</param>
internal sealed class ClusterTrouble(FaultInstallation installation, SiteBoard board, StaleKnowledge stale, Violations violations) : IDisposable
{
    /// <summary>When no record is acknowledged for so long, the moment does not matter.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(45);

    // Of silos, of the database and of the network one thing is broken at a time; and one trap is set at a time.
    private readonly SemaphoreSlim _silos = new(1, 1);
    private readonly SemaphoreSlim _database = new(1, 1);
    private readonly SemaphoreSlim _network = new(1, 1);
    private readonly SemaphoreSlim _trap = new(1, 1);

    private ReportRelay Relay => installation.Relay;

    /// <summary>Breaks and repairs; when this returns, what was broken may work again.</summary>
    /// <returns>When it was over, or when it broke for what is over at once; and the sites concerned.</returns>
    public async Task<(TimeSpan Since, IReadOnlyList<string> Sites)> RunAsync(Fault fault)
    {
        var turn = fault.Kind switch
        {
            >= FaultKind.DatabaseRestarted => _database,
            >= FaultKind.WorkerKilled => _silos,
            _ => _network,
        };
        await turn.WaitAsync();
        try
        {
            return fault.Kind switch
            {
                >= FaultKind.DatabaseRestarted => (await BreakDatabaseAsync(fault), All),
                FaultKind.SiloClockStepped => await StepClockAsync(fault),
                >= FaultKind.WorkerKilled => await BreakSiloAsync(fault),
                FaultKind.HalfSilent => await BreakHalfAsync(fault, LinkFault.Silent),
                FaultKind.HalfVanished => await BreakHalfAsync(fault, LinkFault.Unaccepting),
                _ => await BreakDatabaseLinkAsync(fault),
            };
        }
        finally
        {
            _ = turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turn in (SemaphoreSlim[])[_silos, _database, _network, _trap])
        {
            turn.Dispose();
        }
    }

    private IReadOnlyList<string> All => [.. Enumerable.Range(0, installation.Pbxs.Count).Select(FaultInstallation.SiteOf)];

    private async Task<(TimeSpan Since, IReadOnlyList<string> Sites)> BreakSiloAsync(Fault fault)
    {
        var number = fault.Kind is FaultKind.WorkerKilled or FaultKind.WorkerStopped
            ? fault.Target % FaultyHosts.Workers
            : FaultyHosts.Workers + (fault.Target % FaultyHosts.FrontCount);
        var host = installation.Hosts.All[number];
        var sites = board.On(installation.Hosts.SiloOf(number));
        TimeSpan brokenAt;
        if (fault.Kind is FaultKind.WorkerKilled or FaultKind.FrontKilled)
        {
            brokenAt = await SpringAsync(host.KillAsync);
        }
        else
        {
            brokenAt = Relay.Now;
            violations.Checked(Invariant.EndsWhenAsked);
            if (!await host.StopAsync())
            {
                violations.Add(Invariant.EndsWhenAsked, $"{host.Name} had not ended {ServicedHost.EndsWithin.TotalSeconds:0} s after SIGTERM");
            }
        }

        await Relay.PassAsync(Relay.Now + fault.Length);
        host.Release();
        return (brokenAt, sites.Where(All.Contains).ToList());
    }

    private async Task<(TimeSpan Since, IReadOnlyList<string> Sites)> StepClockAsync(Fault fault)
    {
        installation.Hosts.SetClock(ClockStep * (fault.Target % 2 == 0 ? 1 : -1));
        await Relay.PassAsync(Relay.Now + fault.Length);
        installation.Hosts.SetClock(TimeSpan.Zero);
        return (Relay.Now, [.. board.On(installation.Hosts.SiloOf(FaultyHosts.SteppedHost)).Where(All.Contains)]);
    }

    private async Task<(TimeSpan Since, IReadOnlyList<string> Sites)> BreakHalfAsync(Fault fault, LinkFault how)
    {
        var half = Enumerable.Range(0, installation.Pbxs.Count).Where(i => (i + fault.Target) % 2 == 0).ToList();
        foreach (var i in half)
        {
            Relay.Block(FaultInstallation.SiteOf(i), isBlocked: true);
            installation.PbxLinks[i].Set(how, layer: 1);
        }

        stale.OutOfReach([.. half.Select(FaultInstallation.SiteOf)], Relay.Now);
        await Relay.PassAsync(Relay.Now + fault.Length);
        stale.InReach();
        foreach (var i in half)
        {
            installation.PbxLinks[i].Set(LinkFault.None, layer: 1);
            Relay.Block(FaultInstallation.SiteOf(i), isBlocked: false);
        }

        return (Relay.Now, [.. half.Select(FaultInstallation.SiteOf)]);
    }

    private async Task<(TimeSpan Since, IReadOnlyList<string> Sites)> BreakDatabaseLinkAsync(Fault fault)
    {
        var number = fault.Target % installation.Hosts.All.Count;
        installation.Hosts.Links[number].Set(fault.Kind switch
        {
            FaultKind.DatabaseDelayed => LinkFault.Delayed,
            FaultKind.DatabaseReset => LinkFault.Resetting,
            _ => LinkFault.Unaccepting,
        });
        await Relay.PassAsync(Relay.Now + fault.Length);
        installation.Hosts.Links[number].Set(LinkFault.None);
        return (Relay.Now, [.. board.On(installation.Hosts.SiloOf(number)).Where(All.Contains)]);
    }

    private async Task<TimeSpan> BreakDatabaseAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.ConnectionsTaken:
                await installation.DatabaseTrouble.TakeConnectionsAsync();
                await Relay.PassAsync(Relay.Now + fault.Length);
                await installation.DatabaseTrouble.GiveConnectionsBackAsync();
                break;
            case FaultKind.DiskSlow:
                await installation.DatabaseTrouble.SlowDiskAsync(length => Relay.PassAsync(Relay.Now + length), fault.Length);
                break;
            default:
                var brokenAt = await SpringAsync(fault.Kind == FaultKind.DatabaseCrashed ? installation.Postgres.CrashAsync : installation.Postgres.StopAsync);
                await Relay.PassAsync(brokenAt + fault.Length);
                _ = await installation.Postgres.StartAsync();
                break;
        }

        return Relay.Now;
    }

    /// <summary>Does it right after the next record was acknowledged, before its PBX hears of it.</summary>
    private async Task<TimeSpan> SpringAsync(Func<Task> blow)
    {
        await _trap.WaitAsync();
        try
        {
            var sprung = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
            var trap = SpringingAsync;
            Relay.SetTrap(trap);
            await Relay.PassAsync(Relay.Now + LongestWait, unless: sprung.Task);
            if (Relay.Disarm(trap))
            {
                await trap();
            }

            return await sprung.Task;

            async Task SpringingAsync()
            {
                try
                {
                    var at = Relay.Now;
                    await blow();
                    sprung.SetResult(at);
                }
                catch (Exception e)
                {
                    sprung.SetException(e);
                }
            }
        }
        finally
        {
            _ = _trap.Release();
        }
    }
}
