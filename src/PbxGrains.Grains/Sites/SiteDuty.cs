using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Moves;

namespace PbxGrains.Grains.Sites;

/// <summary>
/// Follows the site's row in the directory: on duty while it is there, resting while it is suspended or gone, with a new
/// session when the row asks for one.
/// </summary>
internal sealed class SiteDuty(
    SiteId site,
    SiteWork work,
    SiteConfigurations configurations,
    IGrainBase grain,
    Func<CancellationToken, Task<LoopVerdict>> round,
    TimeProvider time,
    SiteHandOver? handOver = null) : IDisposable
{
    private SiteHandOver? _handOver = handOver;
    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly SiteReminder _reminder = new(grain);

    /// <summary>The row as it was read last; null when the site is not registered.</summary>
    public SiteConfiguration? Configuration { get; private set; }

    /// <summary>The row of a site that is on duty; null when it is suspended or gone.</summary>
    public SiteConfiguration? Active => Configuration is { Suspended: false } ? Configuration : null;

    /// <summary>The poll loop; null while the site rests.</summary>
    public SiteLoop? Loop { get; private set; }

    /// <summary>
    /// Reads the row and does what it asks: new, changed, suspended, gone. One at a time, whoever calls, so that the row
    /// read last is the one that holds.
    /// </summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await _loading.WaitAsync(ct);
        try
        {
            var before = Configuration;
            var now = Configuration = await configurations.LoadAsync(site, ct);
            work.Teller.Country = now?.Country;
            if (now is not { Suspended: false })
            {
                await RestAsync(before, ct);
                return;
            }

            if (before is null && TakesOver(now))
            {
                _reminder.Ticked();
            }
            else if (now.NeedsNewSession(before))
            {
                await ReconnectAsync(before, now);
            }

            await EnsureAsync();
        }
        finally
        {
            _ = _loading.Release();
        }
    }

    /// <summary>A reminder ticked: makes sure that the loop runs.</summary>
    public Task TickedAsync(CancellationToken ct)
    {
        _reminder.Ticked();
        return Configuration is null ? LoadAsync(ct) : EnsureAsync();
    }

    /// <summary>Makes sure that the loop runs, unless the site rests.</summary>
    public Task EnsureAsync()
    {
        if (Active is null)
        {
            return Task.CompletedTask;
        }

        Loop ??= new SiteLoop(grain, round, time, _handOver?.Rounds);
        _handOver = null;
        return _reminder.EnsureAsync();
    }

    /// <summary>Starts from the beginning after an operator's word.</summary>
    public void StartAfresh()
    {
        if (Active is not null)
        {
            work.Health.Enter(SiteHealth.Connecting, SiteHealthReason.FirstContact, detail: null, time.GetUtcNow());
            Loop?.Restart();
        }
    }

    /// <summary>No more rounds: the actor ends.</summary>
    public void Stop()
    {
        _reminder.Stop();
        Loop?.Dispose();
    }

    /// <inheritdoc />
    public void Dispose() => _loading.Dispose();

    /// <summary>The site moved here from another silo: its actor goes on where the one there was, unless the row names another PBX or user by now.</summary>
    private bool TakesOver(SiteConfiguration now)
    {
        if (_handOver is not { } arrived || arrived.CredentialsVersion != now.CredentialsVersion || arrived.Address != now.Connection?.Address.AbsoluteUri)
        {
            _handOver = null;
            return false;
        }

        work.TakeOver(arrived, now);
        return true;
    }

    private async Task ReconnectAsync(SiteConfiguration? before, SiteConfiguration now)
    {
        work.Health.Enter(SiteHealth.Connecting, SiteHealthReason.FirstContact, detail: null, time.GetUtcNow());
        if (before?.Connection is { } old && old.Address != now.Connection?.Address)
        {
            work.Picture.Clear();
        }

        await work.Session.CloseAsync(validFrom: now.RowVersion);
        Loop?.Restart();
    }

    /// <summary>Stops supervision: the site is suspended or gone.</summary>
    private async Task RestAsync(SiteConfiguration? before, CancellationToken ct)
    {
        Loop?.Dispose();
        Loop = null;
        if (Configuration is { } suspended)
        {
            work.Health.Enter(SiteHealth.Suspended, SiteHealthReason.SuspendedByOperator, suspended.SuspendedReason, time.GetUtcNow());
            work.Show();
        }
        else
        {
            work.Hide();
            work.Picture.Clear();
        }

        await work.Session.CloseAsync(validFrom: Configuration?.RowVersion ?? before?.RowVersion + 1 ?? 0);
        await _reminder.RemoveAsync();
        _ = await work.TellAsync(ct);
    }
}
