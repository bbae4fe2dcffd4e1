namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// A clock that stands still while PostgreSQL is away for everybody: nobody can recover meanwhile, and who is asked to end
/// waits for it to say so. Several outages in a row are no reason to call either slow.
/// </summary>
/// <param name="now">The run's clock.</param>
internal sealed class DatabasePresence(Func<TimeSpan> now)
{
    private readonly Lock _gate = new();
    private TimeSpan _away;
    private TimeSpan? _leftAt;

    /// <summary>How long it has been there so far.</summary>
    public TimeSpan Now
    {
        get
        {
            lock (_gate)
            {
                return (_leftAt ?? now()) - _away;
            }
        }
    }

    /// <summary>It is away from now on.</summary>
    public void Left()
    {
        lock (_gate)
        {
            _leftAt ??= now();
        }
    }

    /// <summary>It is back.</summary>
    public void Back()
    {
        lock (_gate)
        {
            _away += now() - (_leftAt ?? now());
            _leftAt = null;
        }
    }
}
