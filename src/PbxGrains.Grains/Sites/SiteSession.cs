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
    /// <summary>Time a PBX is given to answer a logout.</summary>
    public static readonly TimeSpan LogoutWithin = TimeSpan.FromSeconds(1);

    private Task<PbxResult<IPbxClient>>? _login;
    private long _loginEra;
    private long _validFrom;
    private DateTimeOffset _heartbeatAt;
    private ReportTarget? _reports;

    /// <summary>The open session; null when there is none.</summary>
    public IPbxClient? Client { get; private set; }

    /// <summary>
    /// Counts how often the session was closed for good. Who awaits an answer compares it: an answer from an earlier era
    /// is about a PBX, a configuration or an operator's wish that no longer holds.
    /// </summary>
    public long Era { get; private set; }

    /// <summary>Logins done in this activation.</summary>
    public int Logins { get; private set; }

    /// <summary>When the budget allows the next login; null when it allows one now or never.</summary>
    public DateTimeOffset? NotBefore { get; private set; }

    /// <summary>The open session, or a new one if the budget allows.</summary>
    public async Task<PbxResult<IPbxClient>> EnsureAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        while (Client is null && _login is not null && _loginEra != Era)
        {
            // A login with an earlier configuration is still under way: never two at a time, and never its session.
            _ = await _login.WaitAsync(ct);
        }

        if (configuration.RowVersion < _validFrom)
        {
            return Superseded;
        }

        if (Client is { } open)
        {
            return Succeeded(open);
        }

        _login ??= LogInOnceAsync(configuration);
        return await _login.WaitAsync(ct);
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

    /// <summary>
    /// Ends the session's era: logs out if logged in, and a login still under way will give its session up at once. The
    /// PBX may be unreachable, so it is given little time.
    /// </summary>
    /// <param name="validFrom">Configurations with a lower row version no longer hold: nobody logs in with them any more.</param>
    public async Task CloseAsync(long validFrom)
    {
        Era++;
        _validFrom = validFrom;
        NotBefore = null;
        if (Client is not { } client)
        {
            return;
        }

        Client = null;
        await LogOutAsync(client);
    }

    /// <inheritdoc />
    public void Dispose() => Drop(Client);

    private async Task LogOutAsync(IPbxClient client)
    {
        using var limit = new CancellationTokenSource(LogoutWithin, time);
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

    private async Task<PbxResult<IPbxClient>> LogInOnceAsync(SiteConfiguration configuration)
    {
        var era = _loginEra = Era;
        await Task.Yield();
        try
        {
            return era == Era ? await LogInAsync(configuration, era) : Superseded;
        }
        finally
        {
            _login = null;
        }
    }

    private async Task<PbxResult<IPbxClient>> LogInAsync(SiteConfiguration configuration, long era)
    {
        NotBefore = null;
        if (configuration.Connection is not { } connection)
        {
            var obstacle = configuration.Obstacle ?? new SiteObstacle(SiteHealthReason.Incomplete, "The site cannot be reached as it is saved.");
            health.Enter(SiteHealth.Degraded, obstacle.Reason, obstacle.Message, time.GetUtcNow());
            return new PbxFailure(PbxFailureKind.NotReached, obstacle.Message);
        }

        var permission = budget.Ask(configuration.CredentialsVersion, time.GetUtcNow());
        if (!permission.Allowed)
        {
            return Denied(permission);
        }

        budget.Begin();
        await storeBudget(lifetime);
        if (era != Era)
        {
            budget.CostNothing();
            return Superseded;
        }

        var login = await connector.ConnectAsync(connection, lifetime);
        SiteMeter.LoggedIn(login.Failure);
        Settle(login, current: era == Era);
        if (era != Era)
        {
            await GiveUpAsync(login);
            return Superseded;
        }

        if (login.Succeeded)
        {
            Logins++;
            Client = login.Value;
            _heartbeatAt = time.GetUtcNow();
            _reports = connection.Reports;
        }

        await storeBudget(lifetime);
        return login;
    }

    /// <summary>The site was reconfigured, suspended or removed while the PBX made up its mind.</summary>
    private async Task GiveUpAsync(PbxResult<IPbxClient> login)
    {
        if (login.Succeeded)
        {
            await LogOutAsync(login.Value);
        }

        await storeBudget(lifetime);
    }

    private void Settle(PbxResult<IPbxClient> login, bool current)
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

    private static PbxResult<IPbxClient> Superseded =>
        new PbxFailure(PbxFailureKind.NotReached, "The site's configuration changed meanwhile; ask again.");

    private static PbxResult<IPbxClient> Succeeded(IPbxClient client) => PbxResult.Of(client);
}
