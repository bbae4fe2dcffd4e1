using PbxGrains.Contracts.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>What the answer to a login means: for the budget, for the site's health, and for when the next one may be tried.</summary>
internal sealed class LoginVerdicts(LoginBudget budget, SiteHealthBook health, TimeProvider time)
{
    /// <summary>When the budget allows the next login; null when it allows one now or never.</summary>
    public DateTimeOffset? NotBefore { get; private set; }

    /// <summary>Another login begins, or the session is closed: what was said before no longer holds.</summary>
    public void Forget() => NotBefore = null;

    /// <summary>Charges the budget with what came of a login.</summary>
    /// <param name="login">The PBX's answer.</param>
    /// <param name="current">False when the configuration it was tried with no longer holds: then it says nothing of the site's health.</param>
    public void Settle(PbxResult<IPbxClient> login, bool current)
    {
        var now = time.GetUtcNow();
        switch (login.Failure?.Kind)
        {
            case null:
                budget.Accepted();
                break;
            case PbxFailureKind.CredentialsRejected:
                budget.Refused(now);
                break;
            case PbxFailureKind.AddressLocked:
                budget.LockedOut(now);
                break;
            case PbxFailureKind.NoAnswer:
                budget.Unresolved(now);
                break;
            default:
                budget.CostNothing();
                break;
        }

        if (current && login.Failure?.Kind is PbxFailureKind.CredentialsRejected or PbxFailureKind.AddressLocked)
        {
            _ = Denied(budget.Ask(budget.CredentialsVersion, now));
            if (login.Failure.Kind == PbxFailureKind.AddressLocked)
            {
                health.Enter(SiteHealth.Degraded, SiteHealthReason.AddressLocked, $"The PBX has locked out our address. Next try at {NotBefore:HH:mm:ss} UTC; or free it in the PBX's list of blocked addresses and resume the site.", now);
            }
        }
    }

    /// <summary>Says why no login is tried.</summary>
    public PbxFailure Denied(LoginPermission permission)
    {
        NotBefore = permission.NotBefore;
        var now = time.GetUtcNow();
        if (permission.Stopped)
        {
            health.Enter(SiteHealth.CredentialsRejected, SiteHealthReason.WrongCredentials, "The PBX refused user or password twice. Correct them, or resume the site when the PBX was corrected.", now);
            return new PbxFailure(PbxFailureKind.CredentialsRejected, "The PBX refused user or password twice; no login is tried until they change or the site is resumed.");
        }

        if (budget.Rejected > 0)
        {
            health.Enter(SiteHealth.Degraded, SiteHealthReason.WrongCredentials, $"The PBX refused user or password. One more try at {permission.NotBefore:HH:mm:ss} UTC.", now);
            return new PbxFailure(PbxFailureKind.CredentialsRejected, "The PBX refused user or password.");
        }

        if (health.Reason != SiteHealthReason.AddressLocked)
        {
            health.Enter(SiteHealth.Unreachable, SiteHealthReason.LoginUnresolved, $"Logins got no answer. Next try at {permission.NotBefore:HH:mm:ss} UTC, so that the PBX does not lock us out.", now);
        }

        return new PbxFailure(PbxFailureKind.AddressLocked, "No login is tried before the PBX's lock-out time is over.");
    }
}
