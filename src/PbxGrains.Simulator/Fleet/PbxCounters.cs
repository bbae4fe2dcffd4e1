using System.Collections.Concurrent;
using System.Diagnostics;

namespace PbxGrains.Simulator;

/// <summary>What one PBX has seen since it was made; reboots do not reset it. Safe to read from any thread.</summary>
public sealed class PbxCounters
{
    private readonly ConcurrentDictionary<string, long> _requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _dialled = new(StringComparer.Ordinal);
    private long _loginsTried;
    private long _loginsFailed;
    private long _lockOuts;
    private long _oldSessionsUsed;
    private long _heartbeats;
    private long _originates;
    private long _reportsSent;
    private long _reportsAcknowledged;
    private long _reportsFailed;
    private long _reportsDropped;
    private long _listedAt;
    private Func<int> _liveSessions = static () => 0;

    /// <summary>Login requests that arrived, right or wrong.</summary>
    public long LoginsTried => Interlocked.Read(ref _loginsTried);

    /// <summary>Logins refused for a wrong user or password (20003). Those refused by a lock-out (20002) are not counted here.</summary>
    public long LoginsFailed => Interlocked.Read(ref _loginsFailed);

    /// <summary>How often five failures locked an address out.</summary>
    public long LockOuts => Interlocked.Read(ref _lockOuts);

    /// <summary>Requests with a token that lives but is not that of the latest login, other than to log it out: two clients use this PBX at once.</summary>
    public long OldSessionsUsed => Interlocked.Read(ref _oldSessionsUsed);

    /// <summary>Tokens that are alive now.</summary>
    public int LiveSessions => _liveSessions();

    /// <summary>Heartbeats accepted.</summary>
    public long Heartbeats => Interlocked.Read(ref _heartbeats);

    /// <summary>Calls started through the API.</summary>
    public long Originates => Interlocked.Read(ref _originates);

    /// <summary>Calls started through the API, by the number that was to be reached.</summary>
    public IReadOnlyDictionary<string, long> Dialled => _dialled;

    /// <summary>Tries to deliver a report, repeats included.</summary>
    public long ReportsSent => Interlocked.Read(ref _reportsSent);

    /// <summary>Tries that were answered 200.</summary>
    public long ReportsAcknowledged => Interlocked.Read(ref _reportsAcknowledged);

    /// <summary>Tries that failed: no connection, no answer, or an answer other than 200.</summary>
    public long ReportsFailed => Interlocked.Read(ref _reportsFailed);

    /// <summary>Reports given up: the token had ended, the queue was full, or a fault dropped them.</summary>
    public long ReportsDropped => Interlocked.Read(ref _reportsDropped);

    /// <summary>Requests by path, <c>v1.1.0/login</c> for example, without the query.</summary>
    public IReadOnlyDictionary<string, long> Requests => _requests;

    /// <summary>Real time since the extensions were last listed; null before.</summary>
    public TimeSpan? SinceListed => Interlocked.Read(ref _listedAt) is var at and not 0 ? Stopwatch.GetElapsedTime(at) : null;

    internal void Listed() => Interlocked.Exchange(ref _listedAt, Stopwatch.GetTimestamp());

    internal void CountSessionsWith(Func<int> count) => _liveSessions = count;

    internal void LoginTried() => Interlocked.Increment(ref _loginsTried);

    internal void LoginFailed() => Interlocked.Increment(ref _loginsFailed);

    internal void LockedOut() => Interlocked.Increment(ref _lockOuts);

    internal void OldSessionUsed() => Interlocked.Increment(ref _oldSessionsUsed);

    internal void HeartbeatAccepted() => Interlocked.Increment(ref _heartbeats);

    internal void Originated(string number)
    {
        _ = Interlocked.Increment(ref _originates);
        _ = _dialled.AddOrUpdate(number, 1, static (_, count) => count + 1);
    }

    internal void ReportSent() => Interlocked.Increment(ref _reportsSent);

    internal void ReportAcknowledged() => Interlocked.Increment(ref _reportsAcknowledged);

    internal void ReportFailed() => Interlocked.Increment(ref _reportsFailed);

    internal void ReportDropped() => Interlocked.Increment(ref _reportsDropped);

    internal void Requested(string path) => _requests.AddOrUpdate(path, 1, static (_, count) => count + 1);
}
