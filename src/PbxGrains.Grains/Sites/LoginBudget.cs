namespace PbxGrains.Grains.Sites;

/// <summary>What is remembered of logins, in grain storage, written before each attempt.</summary>
public sealed class LoginRecord
{
    /// <summary>Credentials the counters belong to: version of the directory row's credentials.</summary>
    public long CredentialsVersion { get; set; }

    /// <summary>Logins refused in a row for wrong credentials.</summary>
    public int Rejected { get; set; }

    /// <summary>Logins in a row whose answer never came, with credentials the PBX has not accepted yet.</summary>
    public int Unresolved { get; set; }

    /// <summary>True from just before an attempt until its outcome is known.</summary>
    public bool Pending { get; set; }

    /// <summary>True once the PBX accepted these very credentials.</summary>
    public bool Proven { get; set; }

    /// <summary>Nobody tries before this instant, UTC; null when there is no such limit.</summary>
    public DateTimeOffset? NotBefore { get; set; }
}

/// <summary>Whether a login may be tried.</summary>
/// <param name="Allowed">True when it may.</param>
/// <param name="Stopped">True when it may not until credentials change or an operator resumes.</param>
/// <param name="NotBefore">When it may be tried again; null when allowed or stopped.</param>
public readonly record struct LoginPermission(bool Allowed, bool Stopped, DateTimeOffset? NotBefore);

/// <summary>
/// Guards the five tries a PBX allows before it locks our address out for ten minutes (fact sheet S-Series §3.2). Two
/// refusals stop all logins. An attempt whose outcome nobody saw (a time-out, a killed process) counts too as long as
/// the PBX never accepted these credentials; such a budget recovers after the lock-out window.
/// </summary>
public sealed class LoginBudget(LoginRecord record)
{
    /// <summary>Refusals after which nobody tries any more.</summary>
    public const int Limit = 2;

    /// <summary>Pause after the first refusal: a PBX may be busy taking over a changed password.</summary>
    public static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromMinutes(1);

    /// <summary>A little more than the PBX's own lock-out.</summary>
    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(11);

    /// <summary>Credentials the counters belong to.</summary>
    public long CredentialsVersion => record.CredentialsVersion;

    /// <summary>Refusals in a row.</summary>
    public int Rejected => record.Rejected;

    /// <summary>True when only new credentials or an operator can start logins again.</summary>
    public bool Stopped => record.Rejected >= Limit;

    /// <summary>Says whether a login may be tried now with these credentials; other credentials than last time start afresh.</summary>
    public LoginPermission Ask(long credentialsVersion, DateTimeOffset now)
    {
        if (credentialsVersion != record.CredentialsVersion)
        {
            Forget();
            record.CredentialsVersion = credentialsVersion;
        }

        SettleInterrupted(now);
        if (Stopped)
        {
            return new LoginPermission(Allowed: false, Stopped: true, NotBefore: null);
        }

        if (record.NotBefore - now > LockOut)
        {
            // The clock was set back: no pause was ever meant to be longer than this.
            record.NotBefore = now + LockOut;
        }

        if (record.NotBefore is { } instant && now < instant)
        {
            return new LoginPermission(Allowed: false, Stopped: false, instant);
        }

        return new LoginPermission(Allowed: true, Stopped: false, NotBefore: null);
    }

    /// <summary>Notes that an attempt begins; store the record before a byte leaves.</summary>
    public void Begin()
    {
        record.Pending = true;
        record.NotBefore = null;
    }

    /// <summary>The PBX accepted.</summary>
    public void Accepted()
    {
        record.Pending = false;
        record.Rejected = 0;
        record.Unresolved = 0;
        record.Proven = true;
        record.NotBefore = null;
    }

    /// <summary>
    /// The PBX refused user or password. It will have refused these same credentials too where nobody saw its answer, and
    /// it counts those.
    /// </summary>
    public void Refused(DateTimeOffset now)
    {
        record.Pending = false;
        record.Proven = false;
        record.Rejected += 1 + record.Unresolved;
        record.Unresolved = 0;
        record.NotBefore = Stopped ? null : now + PauseAfterRefusal;
    }

    /// <summary>The PBX has locked our address out.</summary>
    public void LockedOut(DateTimeOffset now)
    {
        record.Pending = false;
        record.NotBefore = now + LockOut;
    }

    /// <summary>The attempt cost nothing: it never reached the PBX's login, or failed there for another reason than credentials.</summary>
    public void CostNothing() => record.Pending = false;

    /// <summary>The request left and no answer came.</summary>
    public void Unresolved(DateTimeOffset now)
    {
        record.Pending = false;
        if (record.Proven)
        {
            return;
        }

        record.Unresolved++;
        if (record.Rejected + record.Unresolved >= Limit)
        {
            record.Unresolved = 0;
            record.NotBefore = now + LockOut;
        }
    }

    /// <summary>An operator says: try again.</summary>
    public void Forget()
    {
        record.Pending = false;
        record.Rejected = 0;
        record.Unresolved = 0;
        record.Proven = false;
        record.NotBefore = null;
    }

    private void SettleInterrupted(DateTimeOffset now)
    {
        if (record.Pending)
        {
            Unresolved(now);
        }
    }
}
