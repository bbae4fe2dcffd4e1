namespace PbxGrains.EndToEnd.Tests.Soak;

/// <summary>
/// Breaks silos and the database at the worst moment, right after a record was acknowledged and before anybody hears of
/// it, and repairs them after a while.
/// </summary>
/// <param name="installation">What is broken.</param>
internal sealed class Breakage(SoakInstallation installation) : IDisposable
{
    /// <summary>When no record is acknowledged for so long, the moment does not matter.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // Each thing is broken once at a time, and one trap is set at a time.
    private readonly SemaphoreSlim _database = new(1, 1);
    private readonly SemaphoreSlim[] _silos = [.. Enumerable.Range(0, SoakInstallation.SiloCount).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly SemaphoreSlim _trap = new(1, 1);

    /// <summary>Breaks and repairs; when this returns, what was broken runs again.</summary>
    /// <returns>When it broke, on the relay's clock.</returns>
    public async Task<TimeSpan> RunAsync(Disturbance disturbance)
    {
        var turn = disturbance.Kind == DisturbanceKind.SiloKilled ? _silos[disturbance.Site] : _database;
        await turn.WaitAsync();
        try
        {
            var brokenAt = await SpringAsync(() => BreakAsync(disturbance));
            await installation.Relay.PassAsync(brokenAt + disturbance.Length);
            await RepairAsync(disturbance);
            return brokenAt;
        }
        finally
        {
            _ = turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turn in _silos.Append(_database).Append(_trap))
        {
            turn.Dispose();
        }
    }

    private async Task<TimeSpan> SpringAsync(Func<Task> blow)
    {
        await _trap.WaitAsync();
        try
        {
            var (relay, sprung) = (installation.Relay, new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously));
            var trap = SpringingAsync;
            relay.SetTrap(trap);
            await relay.PassAsync(relay.Now + LongestWait, unless: sprung.Task);
            if (relay.Disarm(trap))
            {
                await trap();
            }

            return await sprung.Task;

            async Task SpringingAsync()
            {
                try
                {
                    await blow();
                    sprung.SetResult(relay.Now);
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

    private Task BreakAsync(Disturbance disturbance) => disturbance.Kind switch
    {
        DisturbanceKind.SiloKilled => installation.KillSiloAsync(disturbance.Site),
        DisturbanceKind.DatabaseStopped => installation.Postgres.StopAsync(),
        DisturbanceKind.DatabaseCrashed => installation.Postgres.CrashAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(disturbance)),
    };

    private Task RepairAsync(Disturbance disturbance) => disturbance.Kind switch
    {
        DisturbanceKind.SiloKilled => installation.StartSiloAsync(disturbance.Site),
        _ => installation.Postgres.StartAsync(),
    };
}
