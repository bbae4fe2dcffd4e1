namespace PbxGrains.Simulator.Fleet;

/// <summary>
/// What one PBX is going to do, in order of time. Every step runs at its own due instant even when the clock jumps, so that a
/// clock driven by hand in large steps gives the same calls as a clock that ticks.
/// </summary>
/// <remarks>All members must be used under the gate given to it, except the constructor and <see cref="Dispose" />.</remarks>
internal sealed class Timeline : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly Lock _gate;
    private readonly ITimer _timer;
    private readonly PriorityQueue<Step, (DateTimeOffset Due, long Order)> _steps = new();
    private DateTimeOffset _now;
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;
    private long _order;
    private bool _running;
    private bool _disposed;

    public Timeline(TimeProvider time, Lock gate)
    {
        _time = time;
        _gate = gate;
        _now = time.GetUtcNow();
        _timer = time.CreateTimer(static state => ((Timeline)state!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The instant of the step that is running, or the clock's when none is.</summary>
    public DateTimeOffset Now => _running ? _now : _time.GetUtcNow();

    /// <summary>Runs a step after a while; disposing the result calls it off.</summary>
    public Step After(TimeSpan wait, Action action)
    {
        var step = new Step(action);
        var due = Now + wait;
        _steps.Enqueue(step, (due, _order++));
        if (!_running)
        {
            Arm();
        }

        return step;
    }

    /// <summary>Runs all that is due. Requests call it first, so that they see the present and not a late timer.</summary>
    public void CatchUp()
    {
        if (_running || _disposed)
        {
            return;
        }

        _running = true;
        try
        {
            while (_steps.TryPeek(out var step, out var when) && when.Due <= _time.GetUtcNow())
            {
                _ = _steps.Dequeue();
                _now = when.Due;
                step.Run();
            }
        }
        finally
        {
            _running = false;
            Arm();
        }
    }

    /// <summary>Forgets everything that was planned.</summary>
    public void Clear() => _steps.Clear();

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    private void Ring()
    {
        lock (_gate)
        {
            _armedFor = DateTimeOffset.MaxValue;
            CatchUp();
        }
    }

    private void Arm()
    {
        while (_steps.TryPeek(out var step, out _) && step.IsCalledOff)
        {
            _ = _steps.Dequeue();
        }

        if (_disposed || !_steps.TryPeek(out _, out var when) || when.Due == _armedFor)
        {
            return;
        }

        _armedFor = when.Due;
        var wait = when.Due - _time.GetUtcNow();
        _ = _timer.Change(wait < ShortestWait ? ShortestWait : wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something planned.</summary>
    internal sealed class Step(Action action)
    {
        public bool IsCalledOff { get; private set; }

        public void CallOff() => IsCalledOff = true;

        public void Run()
        {
            if (!IsCalledOff)
            {
                action();
            }
        }
    }
}
