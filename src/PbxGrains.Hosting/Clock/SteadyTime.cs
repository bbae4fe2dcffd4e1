namespace PbxGrains.Hosting.Clock;

/// <summary>
/// The time of day, but for what somebody sets back: how old knowledge is, which of two reports is newer and how long to
/// pause are differences of it, and a clock that is set back would make what is stale look fresh. A machine whose clock was
/// set back by up to two minutes is followed by running a fiftieth slower until they agree; one whose clock was set ahead, or
/// back by more, at once.
/// </summary>
/// <param name="machine">The machine's clock.</param>
public sealed class SteadyTime(TimeProvider machine) : TimeProvider
{
    /// <summary>The most it runs slower.</summary>
    public const double Slowness = 0.02;

    /// <summary>What is farther back is no correction but another time.</summary>
    public static readonly TimeSpan FarthestBack = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly long _startedAt = machine.GetTimestamp();
    private readonly DateTimeOffset _started = machine.GetUtcNow();
    private TimeSpan _elapsed;
    private double _offset;

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    /// <inheritdoc />
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            var elapsed = machine.GetElapsedTime(_startedAt);
            var sinceLast = elapsed - _elapsed;
            _elapsed = elapsed;
            var ahead = (_started + elapsed - machine.GetUtcNow()).Ticks + _offset;
            _offset -= ahead <= 0 || ahead > FarthestBack.Ticks ? ahead : Math.Min(ahead, sinceLast.Ticks * Slowness);
            return _started + elapsed + TimeSpan.FromTicks((long)_offset);
        }
    }

    /// <inheritdoc />
    public override long GetTimestamp() => machine.GetTimestamp();

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);
}
