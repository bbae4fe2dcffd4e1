using PbxGrains.Grains.Moves;

namespace PbxGrains.Grains.Sites;

/// <summary>What a round says to its loop.</summary>
/// <param name="Worked">True when it worked.</param>
/// <param name="Pause">Time until the next one.</param>
internal readonly record struct LoopVerdict(bool Worked, TimeSpan Pause);

/// <summary>
/// The poll loop of one site on a grain timer: one round at a time, the next one when the last one says, or sooner when
/// somebody asks.
/// </summary>
internal sealed class SiteLoop : IDisposable
{
    private static readonly TimeSpan AfterCrash = TimeSpan.FromSeconds(5);

    private readonly Func<CancellationToken, Task<LoopVerdict>> _round;
    private readonly TimeProvider _time;
    private readonly IGrainTimer _timer;
    private CancellationTokenSource? _cut;
    private bool _halted;
    private TimeSpan? _asked;
    private TimeSpan? _hinted;
    private bool _running;
    private bool _failing;

    public SiteLoop(IGrainBase grain, Func<CancellationToken, Task<LoopVerdict>> round, TimeProvider time, RoundsHandOver? before = null)
    {
        (Rounds, LastSuccessAt, LastDuration) = (before?.Worked ?? 0, before?.LastSuccessAt, before?.LastDuration);
        _failing = before is { Failures: > 0 };
        _round = round;
        _time = time;
        var now = time.GetUtcNow();

        // The first round shows whether the PBX still honours a session that moved; a PBX out of reach is left its pause.
        var pause = before is { Failures: > 0 } && before.NextAt > now ? before.NextAt - now : TimeSpan.Zero;
        NextAt = now + pause;
        _timer = grain.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions
        {
            DueTime = pause,
            Period = Timeout.InfiniteTimeSpan,
            Interleave = true,
            KeepAlive = true,
        });
    }

    /// <summary>Rounds that worked.</summary>
    public long Rounds { get; private set; }

    /// <summary>When a round last worked, UTC.</summary>
    public DateTimeOffset? LastSuccessAt { get; private set; }

    /// <summary>How long that round took.</summary>
    public TimeSpan? LastDuration { get; private set; }

    /// <summary>When the next round is due, UTC.</summary>
    public DateTimeOffset NextAt { get; private set; }

    /// <summary>Asks for a round within this time; one that is due sooner stays so.</summary>
    public void Kick(TimeSpan within)
    {
        if (_running)
        {
            _asked = Sooner(_asked, within);
        }
        else if (NextAt - _time.GetUtcNow() > within)
        {
            Schedule(within);
        }
    }

    /// <summary>
    /// The same, unless rounds fail at present: a PBX out of reach is not asked more often because its calls go on.
    /// </summary>
    public void Hint(TimeSpan within)
    {
        if (_running)
        {
            _hinted = Sooner(_hinted, within);
        }
        else if (!_failing)
        {
            Kick(within);
        }
    }

    /// <summary>Asks for a round now.</summary>
    public void Restart() => Kick(TimeSpan.Zero);

    /// <summary>Cuts the round that runs short: what it asks can be asked again. The next one comes in time.</summary>
    public void Cut() => _cut?.Cancel();

    /// <summary>No more rounds, and none that runs: the silo stops.</summary>
    public void Halt()
    {
        _halted = true;
        Cut();
    }

    public void Dispose() => _timer.Dispose();

    private async Task TickAsync(CancellationToken ct)
    {
        if (_halted)
        {
            return;
        }

        var started = _time.GetTimestamp();
        var verdict = new LoopVerdict(Worked: false, AfterCrash);
        _running = true;
        using var cut = _cut = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cut.Token, ct);
        try
        {
            verdict = await _round(either.Token);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            // The site is about to move.
        }
        finally
        {
            (_running, _cut) = (false, null);
            _failing = !verdict.Worked;
            if (verdict.Worked)
            {
                Rounds++;
                LastSuccessAt = _time.GetUtcNow();
                LastDuration = _time.GetElapsedTime(started);
            }

            var pause = Sooner(_asked, verdict.Pause);
            pause = verdict.Worked ? Sooner(_hinted, pause) : pause;
            (_asked, _hinted) = (null, null);
            if (!ct.IsCancellationRequested)
            {
                Schedule(pause);
            }
        }
    }

    private static TimeSpan Sooner(TimeSpan? one, TimeSpan other) => one is { } within && within < other ? within : other;

    private void Schedule(TimeSpan pause)
    {
        NextAt = _time.GetUtcNow() + pause;
        _timer.Change(pause, Timeout.InfiniteTimeSpan);
    }
}
