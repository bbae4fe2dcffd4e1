using PbxGrains.Contracts.Sites;

namespace PbxGrains.Grains.Sites;

/// <summary>
/// Judges whether pushes can be relied on: reports arrive, and polls find nothing that should have been pushed.
/// </summary>
public sealed class PushProof
{
    /// <summary>Silence longer than this proves nothing any more.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>A change found by a poll may still be on its way as a push for this long.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _lastReport;
    private DateTimeOffset? _missedAt;

    /// <summary>When a report last arrived.</summary>
    public DateTimeOffset? LastReportAt => _lastReport;

    /// <summary>When a poll last found a change no push told of, UTC; null when never.</summary>
    public DateTimeOffset? MissedAt => _missedAt;

    /// <summary>True when a poll found such a change, and no report came since.</summary>
    public bool IsMissing => _missedAt is { } missed && !(_lastReport >= missed);

    /// <summary>Goes on with what an activation on another silo knew.</summary>
    internal void TakeOver(DateTimeOffset? lastReportAt, DateTimeOffset? missedAt) => (_lastReport, _missedAt) = (lastReportAt, missedAt);

    /// <summary>A report of this site's PBX arrived.</summary>
    public void ReportArrived(DateTimeOffset now) => _lastReport = now;

    /// <summary>A poll found a change no push told of.</summary>
    public void MissedByPush(DateTimeOffset now) => _missedAt = now;

    /// <summary>The session was lost or replaced: the report address may be gone with it.</summary>
    public void SessionChanged() => _lastReport = null;

    /// <summary>The state now.</summary>
    public PushState StateAt(DateTimeOffset now)
    {
        if (_lastReport is not { } last || now - last > Lifetime)
        {
            return PushState.Silent;
        }

        return _missedAt is { } missed && last < missed + Grace ? PushState.Silent : PushState.Proven;
    }
}
