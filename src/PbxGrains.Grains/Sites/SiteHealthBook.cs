using Microsoft.Extensions.Logging;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Moves;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>Hears of a site's health in the moment it changes.</summary>
public interface IHealthListener
{
    /// <summary>Health or its reason changed.</summary>
    /// <param name="book">What holds now.</param>
    /// <param name="before">The health before.</param>
    /// <param name="at">When, UTC.</param>
    void HealthChanged(SiteHealthBook book, SiteHealth before, DateTimeOffset at);

    /// <summary>There is something to look at, or no longer.</summary>
    /// <param name="warning">The matter.</param>
    /// <param name="settled">True when it is settled.</param>
    void Warned(SiteWarning warning, bool settled);
}

/// <summary>Health of one site as a small state machine; every transition is logged once, a repetition never.</summary>
/// <param name="site">The site.</param>
/// <param name="now">When the book is opened.</param>
/// <param name="logger">Where transitions are logged.</param>
/// <param name="listener">Hears of transitions and warnings; null when nobody listens.</param>
public sealed partial class SiteHealthBook(SiteId site, DateTimeOffset now, ILogger logger, IHealthListener? listener = null)
{
    private const int MostWarnings = 20;

    private readonly Dictionary<string, SiteWarning> _warnings = new(StringComparer.Ordinal);

    /// <summary>How the site does.</summary>
    public SiteHealth Health { get; private set; } = SiteHealth.Connecting;

    /// <summary>Why.</summary>
    public SiteHealthReason Reason { get; private set; } = SiteHealthReason.FirstContact;

    /// <summary>Particulars in English; null when there are none.</summary>
    public string? Detail { get; private set; }

    /// <summary>Since when it has this health.</summary>
    public DateTimeOffset Since { get; private set; } = now;

    /// <summary>What an administrator should look at, latest first.</summary>
    public IReadOnlyList<SiteWarning> Warnings => [.. _warnings.Values.OrderByDescending(w => w.At)];

    /// <summary>How many they are.</summary>
    public int WarningCount => _warnings.Count;

    internal HealthHandOver HandOver() => new(Health, Reason, Detail, Since, Warnings);

    /// <summary>Goes on with what an activation on another silo knew. Nobody is told: to everybody else nothing changed.</summary>
    internal void TakeOver(HealthHandOver health)
    {
        (Health, Reason, Detail, Since) = (health.Health, health.Reason, health.Detail, health.Since);
        foreach (var warning in health.Warnings)
        {
            _warnings[warning.Code] = warning;
        }
    }

    /// <summary>Enters a state; the same state and reason again changes at most the particulars.</summary>
    public void Enter(SiteHealth health, SiteHealthReason reason, string? detail, DateTimeOffset now)
    {
        Detail = detail;
        if (health == Health && reason == Reason)
        {
            return;
        }

        var before = Health;
        if (health != Health)
        {
            Since = now;
        }

        Health = health;
        Reason = reason;
        if (health is SiteHealth.Online or SiteHealth.Connecting)
        {
            Log.Recovered(logger, site, before, health, reason);
        }
        else
        {
            Log.Worsened(logger, site, before, health, reason, detail ?? "no particulars");
        }

        listener?.HealthChanged(this, before, now);
    }

    /// <summary>Enters the state a failed request of a poll round means.</summary>
    public void Enter(PbxFailure failure, DateTimeOffset now)
    {
        var (health, reason) = failure.Kind switch
        {
            PbxFailureKind.NotReached => (SiteHealth.Unreachable, SiteHealthReason.NoConnection),
            PbxFailureKind.NoAnswer => (SiteHealth.Unreachable, SiteHealthReason.NoAnswer),
            PbxFailureKind.CertificateRefused => (SiteHealth.Unreachable, SiteHealthReason.CertificateChanged),
            PbxFailureKind.UnexpectedAnswer => (SiteHealth.Degraded, SiteHealthReason.UnexpectedAnswer),
            PbxFailureKind.CredentialsRejected => (SiteHealth.Degraded, SiteHealthReason.WrongCredentials),
            PbxFailureKind.AddressLocked => (SiteHealth.Degraded, SiteHealthReason.AddressLocked),
            _ => (SiteHealth.Degraded, SiteHealthReason.RequestRefused),
        };
        Enter(health, reason, failure.Message, now);
    }

    /// <summary>Notes something to look at; logged once per code until it is settled.</summary>
    public void Warn(string code, string message, DateTimeOffset now)
    {
        var warning = new SiteWarning(code, message, now);
        if (!_warnings.ContainsKey(code))
        {
            if (_warnings.Count >= MostWarnings)
            {
                return;
            }

            Log.Warned(logger, site, code, message);
            listener?.Warned(warning, settled: false);
        }

        _warnings[code] = warning;
    }

    /// <summary>The matter is settled.</summary>
    public void Settle(string code)
    {
        if (_warnings.Remove(code, out var warning))
        {
            listener?.Warned(warning, settled: true);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Site {Site}: {Before} -> {Health} ({Reason})")]
        public static partial void Recovered(ILogger logger, SiteId site, SiteHealth before, SiteHealth health, SiteHealthReason reason);

        [LoggerMessage(2, LogLevel.Warning, "Site {Site}: {Before} -> {Health} ({Reason}): {Detail}")]
        public static partial void Worsened(ILogger logger, SiteId site, SiteHealth before, SiteHealth health, SiteHealthReason reason, string detail);

        [LoggerMessage(3, LogLevel.Warning, "Site {Site}: warning {Code}: {Message}")]
        public static partial void Warned(ILogger logger, SiteId site, string code, string message);
    }
}
