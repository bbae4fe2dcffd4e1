using PbxGrains.Contracts.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>
/// The one session kept with a PBX: logs in within the budget, keeps it alive, gives it up. One login at a time, whoever
/// asks; a caller who gives up does not interrupt it.
/// </summary>
public sealed class SiteSession(
    PbxConnector connector,
    LoginBudget budget,
    Func<CancellationToken, Task> storeBudget,
    SiteHealthBook health,
    TimeProvider time,
    CancellationToken lifetime) : IDisposable
{
    private Task<PbxResult<IPbxClient>>? _login;
    private DateTimeOffset _heartbeatAt;
    private ReportTarget? _reports;

    /// <summary>The open session; null when there is none.</summary>
    public IPbxClient? Client { get; private set; }

    /// <summary>Logins done in this activation.</summary>
    public int Logins { get; private set; }

    /// <summary>When the budget allows the next login; null when it allows one now or never.</summary>
    public DateTimeOffset? NotBefore { get; private set; }

    /// <summary>The open session, or a new one if the budget allows.</summary>
    public Task<PbxResult<IPbxClient>> EnsureAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        if (Client is { } open)
        {
            return Task.FromResult(Succeeded(open));
        }

        _login ??= LogInOnceAsync(configuration);
        return _login.WaitAsync(ct);
    }

    /// <summary>Gives up a session that is over, unless another one has taken its place.</summary>
    public void Drop(IPbxClient? client)
    {
        if (client is not null && ReferenceEquals(client, Client))
        {
            Client.Dispose();
            Client = null;
        }
    }

    /// <summary>Sends a heartbeat when one is due or the report address changed.</summary>
    public async Task<PbxFailure?> HeartbeatIfDueAsync(IPbxClient client, SiteConfiguration configuration, CancellationToken ct)
    {
        var reports = configuration.Connection?.Reports;
        var now = time.GetUtcNow();
        if (now - _heartbeatAt < configuration.Periods.Heartbeat && reports == _reports)
        {
            return null;
        }

        var beat = await client.HeartbeatAsync(reports, ct);
        if (!beat.Succeeded)
        {
            return beat.Failure;
        }

        _heartbeatAt = now;
        _reports = reports;
        return null;
    }

    /// <summary>Logs out if logged in; the PBX may be unreachable, so it is given little time.</summary>
    public async Task CloseAsync(TimeSpan within)
    {
        if (Client is not { } client)
        {
            return;
        }

        Client = null;
        using var limit = new CancellationTokenSource(within, time);
        try
        {
            _ = await client.LogoutAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // It did not answer in time: the PBX forgets the session by itself.
        }
        finally
        {
            client.Dispose();
        }
    }

    /// <inheritdoc />
    public void Dispose() => Drop(Client);

    private async Task<PbxResult<IPbxClient>> LogInOnceAsync(SiteConfiguration configuration)
    {
        await Task.Yield();
        try
        {
            return await LogInAsync(configuration);
        }
        finally
        {
            _login = null;
        }
    }

    private async Task<PbxResult<IPbxClient>> LogInAsync(SiteConfiguration configuration)
    {
        NotBefore = null;
        if (configuration.Connection is not { } connection)
        {
            var (state, reason) = configuration.AddressUnusable
                ? (SiteHealth.Unreachable, SiteHealthReason.NoConnection)
                : (SiteHealth.Degraded, SiteHealthReason.SecretUnreadable);
            health.Enter(state, reason, configuration.Flaw, time.GetUtcNow());
            return new PbxFailure(PbxFailureKind.NotReached, configuration.Flaw ?? "The site's row cannot be used.");
        }

        var permission = budget.Ask(configuration.CredentialsVersion, time.GetUtcNow());
        if (!permission.Allowed)
        {
            return Denied(permission);
        }

        budget.Begin();
        await storeBudget(lifetime);
        var login = await connector.ConnectAsync(connection, lifetime);
        Settle(login);
        await storeBudget(lifetime);
        if (!login.Succeeded)
        {
            return login;
        }

        Logins++;
        Client = login.Value;
        _heartbeatAt = time.GetUtcNow();
        _reports = connection.Reports;
        return login;
    }

    private void Settle(PbxResult<IPbxClient> login)
    {
        var now = time.GetUtcNow();
        switch (login.Failure?.Kind)
        {
            case null:
                budget.Accepted();
                break;
            case PbxFailureKind.CredentialsRejected:
                budget.Refused(now);
                _ = Denied(budget.Ask(budget.CredentialsVersion, now));
                break;
            case PbxFailureKind.AddressLocked:
                budget.LockedOut(now);
                _ = Denied(budget.Ask(budget.CredentialsVersion, now));
                health.Enter(SiteHealth.Degraded, SiteHealthReason.AddressLocked, $"The PBX has locked out our address. Next try at {NotBefore:HH:mm:ss} UTC; or free it in the PBX's list of blocked addresses and resume the site.", now);
                break;
            case PbxFailureKind.NoAnswer:
                budget.Unresolved(now);
                break;
            default:
                budget.CostNothing();
                break;
        }
    }

    private PbxFailure Denied(LoginPermission permission)
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

    private static PbxResult<IPbxClient> Succeeded(IPbxClient client) => PbxResult.Of(client);
}
