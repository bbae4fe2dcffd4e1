namespace PbxGrains.Grains.Sites;

/// <summary>Decides how long to wait before the next poll round. Pure but for the jitter's random numbers.</summary>
public sealed class PollCadence(Random random)
{
    private const double Jitter = 0.2;

    private int _failures;

    /// <summary>Consecutive rounds that did not reach the PBX.</summary>
    public int Failures => _failures;

    /// <summary>After a round that worked: quick while calls run, slow while pushes are proven.</summary>
    public TimeSpan AfterSuccess(PollPeriods periods, bool callsRunning, bool pushProven)
    {
        _failures = 0;
        return Steady(periods, callsRunning, pushProven);
    }

    /// <summary>The period that holds while rounds work.</summary>
    public static TimeSpan Steady(PollPeriods periods, bool callsRunning, bool pushProven) =>
        callsRunning ? periods.Busy : pushProven ? periods.PushProven : periods.PushSilent;

    /// <summary>After a round that failed: doubles from the first pause to the last, with jitter so that sites do not march in step.</summary>
    public TimeSpan AfterFailure(PollPeriods periods)
    {
        var doubled = periods.BackoffFirst * Math.Pow(2, Math.Min(_failures, 16));
        _failures++;
        var pause = doubled < periods.BackoffLast ? doubled : periods.BackoffLast;
        return pause * (1 - Jitter + (2 * Jitter * random.NextDouble()));
    }

    /// <summary>Goes on where an activation on another silo was.</summary>
    internal void TakeOver(int failures) => _failures = failures;

    /// <summary>Starts afresh: the configuration changed or an operator asked.</summary>
    public void Reset() => _failures = 0;
}

/// <summary>Periods of one site, its own values before the product's.</summary>
public sealed record PollPeriods
{
    /// <summary>While calls run.</summary>
    public required TimeSpan Busy { get; init; }

    /// <summary>While nothing happens and pushes are not proven.</summary>
    public required TimeSpan PushSilent { get; init; }

    /// <summary>While nothing happens and pushes are proven.</summary>
    public required TimeSpan PushProven { get; init; }

    /// <summary>First pause after a failure.</summary>
    public required TimeSpan BackoffFirst { get; init; }

    /// <summary>Longest pause after failures.</summary>
    public required TimeSpan BackoffLast { get; init; }

    /// <summary>Time between heartbeats.</summary>
    public required TimeSpan Heartbeat { get; init; }

    /// <summary>Time between two comparisons of the recent call records with the PBX's own.</summary>
    public required TimeSpan CatchUp { get; init; }

    /// <summary>Configured bound of knowledge; null for the rule of three periods.</summary>
    public TimeSpan? StaleAfter { get; init; }

    private static readonly TimeSpan LeastBound = TimeSpan.FromSeconds(30);

    /// <summary>How old knowledge may be while rounds come at this period.</summary>
    public TimeSpan BoundAt(TimeSpan period)
    {
        if (StaleAfter is { } configured)
        {
            return configured;
        }

        var three = 3 * period;
        return three > LeastBound ? three : LeastBound;
    }
}
