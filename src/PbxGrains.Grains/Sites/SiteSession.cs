using PbxGrains.Contracts.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>A login that left for the PBX.</summary>
/// <param name="At">When its outcome was known, UTC.</param>
/// <param name="Failure">Why it failed; null when it succeeded.</param>
public sealed record LoginAttempt(DateTimeOffset At, PbxFailure? Failure);

/// <summary>
/// The one session kept with a PBX: logs in within the budget, keeps it alive, gives it up. One login at a time, whoever
/// asks; a caller who gives up does not interrupt it.
/// </summary>
public sealed partial class SiteSession(
    PbxConnector connector,
    LoginBudget budget,
    Func<CancellationToken, Task> storeBudget,
    SiteHealthBook health,
    TimeProvider time,
    CancellationToken lifetime) : IDisposable
{
    /// <summary>Time a PBX is given to answer a logout.</summary>
    public static readonly TimeSpan LogoutWithin = TimeSpan.FromSeconds(1);

    private readonly LoginVerdicts _verdicts = new(budget, health, time);
    private Task<PbxResult<IPbxClient>>? _login;
    private long _loginEra;
    private long _validFrom;
    private DateTimeOffset _heartbeatAt;
    private ReportTarget? _reports;
    private TaskCompletionSource? _held;
    private bool _arrived;

    /// <summary>The open session; null when there is none.</summary>
    public IPbxClient? Client { get; private set; }

    /// <summary>
    /// Counts how often the session was closed for good. Who awaits an answer compares it: an answer from an earlier era
    /// is about a PBX, a configuration or an operator's wish that no longer holds.
    /// </summary>
    public long Era { get; private set; }

    /// <summary>True while a login is under way or the credentials are being replaced: this must not be cut short.</summary>
    public bool IsLoggingIn => _login is not null || _held is not null;

    /// <summary>Logins done, also before the site moved here.</summary>
    public int Logins { get; private set; }

    /// <summary>When the budget allows the next login; null when it allows one now or never.</summary>
    public DateTimeOffset? NotBefore => _verdicts.NotBefore;

    /// <summary>The last login that left in this activation, and what came of it; null before the first.</summary>
    public LoginAttempt? LastLogin { get; private set; }

    /// <summary>The open session, or a new one if the budget allows.</summary>
    public async Task<PbxResult<IPbxClient>> EnsureAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        while (Client is null && (_held is not null || (_login is not null && _loginEra != Era)))
        {
            // A login with an earlier configuration is still under way: never two at a time, and never its session.
            await (_held?.Task ?? _login!).WaitAsync(ct);
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

    /// <summary>
    /// Does something during which nobody logs in, because the credentials are being replaced: who needs a session that is
    /// not open waits. A login under way is waited for; an open session serves on.
    /// </summary>
    public async Task<T> WithoutLoginsAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        while (_held is { } other)
        {
            await other.Task.WaitAsync(ct);
        }

        var held = _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (_login is Task underWay)
            {
                // Who asked for it hears how it ended.
                await underWay.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            }

            return await work();
        }
        finally
        {
            _held = null;
            held.SetResult();
        }
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
        if (_arrived && configuration.Connection?.Reports is { Absolute: false })
        {
            // The PBX reports to the address our requests come from, and that is another one here. It shows in a first request.
            _ = await client.GetDeviceInformationAsync(ct);
            _heartbeatAt = DateTimeOffset.MinValue;
        }

        _arrived = false;
        var isDue = time.GetUtcNow() - _heartbeatAt >= configuration.Periods.Heartbeat || configuration.Connection?.Reports != _reports;
        return isDue ? (await HeartbeatAsync(client, configuration, ct)).Failure : null;
    }

    /// <summary>Sends a heartbeat now.</summary>
    public async Task<PbxResult<Done>> HeartbeatAsync(IPbxClient client, SiteConfiguration configuration, CancellationToken ct)
    {
        var reports = configuration.Connection?.Reports;
        var now = time.GetUtcNow();
        var beat = await client.HeartbeatAsync(reports, ct);
        if (beat.Succeeded)
        {
            _heartbeatAt = now;
            _reports = reports;
        }

        return beat;
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
        _verdicts.Forget();
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
        _verdicts.Forget();
        if (configuration.Connection is not { } connection)
        {
            var obstacle = configuration.Obstacle ?? new SiteObstacle(SiteHealthReason.Incomplete, "The site cannot be reached as it is saved.");
            health.Enter(SiteHealth.Degraded, obstacle.Reason, obstacle.Message, time.GetUtcNow());
            return new PbxFailure(PbxFailureKind.NotReached, obstacle.Message);
        }

        var permission = budget.Ask(configuration.CredentialsVersion, time.GetUtcNow());
        if (!permission.Allowed)
        {
            return _verdicts.Denied(permission);
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
        LastLogin = new LoginAttempt(time.GetUtcNow(), login.Failure);
        _verdicts.Settle(login, current: era == Era);
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

    private static PbxResult<IPbxClient> Superseded =>
        new PbxFailure(PbxFailureKind.NotReached, "The site's configuration changed meanwhile; ask again.");

    private static PbxResult<IPbxClient> Succeeded(IPbxClient client) => PbxResult.Of(client);
}
