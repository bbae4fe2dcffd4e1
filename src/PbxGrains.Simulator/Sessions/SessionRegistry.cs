using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using PbxGrains.Simulator.Fleet;
using PbxGrains.Simulator.Http;

namespace PbxGrains.Simulator.Sessions;

/// <summary>Logins, their lock-out, and tokens that live half an hour after their last use. Used under the PBX's gate.</summary>
internal sealed class SessionRegistry(Timeline timeline, PbxFaults faults, PbxCounters counters)
{
    /// <summary>Failures in a row after which an address is locked out.</summary>
    public const int FailuresAllowed = 5;

    private const int RememberedTokens = 256;

    /// <summary>How long a lock-out lasts.</summary>
    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(10);

    /// <summary>How long a token lives after its last use.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(1800);

    private readonly Dictionary<IPAddress, Suspect> _suspects = [];
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>The login whose address the PBX reports to: the latest. Null before the first one and after a reboot.</summary>
    public Session? Reporting { get; private set; }

    /// <summary>Tokens alive.</summary>
    public int Live => _sessions.Values.Count(IsAlive);

    /// <summary>A right login gives a session; a wrong one counts against the address.</summary>
    public (Session? Session, ErrorCode Error) LogIn(IPAddress caller, bool credentialsAreRight)
    {
        counters.LoginTried();
        var suspect = _suspects.GetValueOrDefault(caller);
        if (faults.AddressBlocked || suspect?.LockedUntil > timeline.Now)
        {
            return (null, ErrorCode.AddressLocked);
        }

        if (!credentialsAreRight || faults.RejectLogins)
        {
            counters.LoginFailed();
            var failures = suspect is { LockedUntil: null } ? suspect.Failures + 1 : 1;
            var locked = failures >= FailuresAllowed;
            if (locked)
            {
                counters.LockedOut();
            }

            _suspects[caller] = new Suspect(failures, locked ? timeline.Now + LockOut : null);
            return (null, ErrorCode.WrongCredentials);
        }

        _ = _suspects.Remove(caller);
        Forget();
        var session = new Session(RandomNumberGenerator.GetHexString(32, lowercase: true), caller, timeline.Now);
        _sessions.Add(session.Token, session);
        Reporting = session;
        return (session, default);
    }

    /// <summary>The session of a token; using it starts its half hour again.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isGoodBye">Who says good-bye does not go on using it.</param>
    public (Session? Session, ErrorCode Error) Find(string token, bool isGoodBye)
    {
        if (token.Length == 0)
        {
            return (null, ErrorCode.TokenBlank);
        }

        if (!_sessions.TryGetValue(token, out var session) || session.IsEnded)
        {
            return (null, ErrorCode.TokenUnknown);
        }

        if (!IsAlive(session))
        {
            return (null, ErrorCode.TokenTimedOut);
        }

        if (session != Reporting && !isGoodBye)
        {
            counters.OldSessionUsed();
        }

        session.LastUse = timeline.Now;
        return (session, default);
    }

    /// <summary>Whether requests with its token are served and its reports are sent.</summary>
    public bool IsAlive(Session session) => IsAliveAt(session, timeline.Now);

    /// <inheritdoc cref="IsAlive" />
    public static bool IsAliveAt(Session session, DateTimeOffset instant) => !session.IsEnded && instant - session.LastUse < TokenLife;

    /// <summary>A delivered report starts the half hour again, too.</summary>
    public void Prolong(Session session)
    {
        if (IsAlive(session))
        {
            session.LastUse = timeline.Now;
        }
    }

    /// <summary>Ends one session: its token is unknown, its reports stop.</summary>
    public void LogOut(Session session)
    {
        session.IsEnded = true;
        _ = _sessions.Remove(session.Token);
    }

    /// <summary>A reboot forgets all tokens. Lock-outs are forgotten too.</summary>
    public void EndAll()
    {
        foreach (var session in _sessions.Values)
        {
            session.IsEnded = true;
        }

        _sessions.Clear();
        _suspects.Clear();
        Reporting = null;
    }

    /// <summary>What the wire carries instead of the password.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "MD5 is what the PBX's login wants (sheet, section 3.1).")]
    public static string Hash(string password) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password)));

    private void Forget()
    {
        if (_sessions.Count < RememberedTokens)
        {
            return;
        }

        foreach (var dead in _sessions.Values.Where(session => !IsAlive(session)).ToList())
        {
            _ = _sessions.Remove(dead.Token);
        }
    }

    private sealed record Suspect(int Failures, DateTimeOffset? LockedUntil);
}
