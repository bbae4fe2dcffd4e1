using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;

namespace PbxGrains.Grains.Sites;

/// <summary>One poll round after the other, and what follows from each: health, what is written down, when the next one comes.</summary>
/// <param name="site">The site.</param>
/// <param name="work">Its parts.</param>
/// <param name="follow">Told what a round changed in the picture.</param>
/// <param name="ousted">Called when another activation of the site has taken over.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says when another activation has taken over.</param>
internal sealed partial class SiteRounds(SiteId site, SiteWork work, Action<PictureChange> follow, Action ousted, TimeProvider time, ILogger logger)
{
    /// <summary>Pause before a round somebody waits for.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    /// <summary>One round.</summary>
    /// <returns>The pause until the next one, and whether the round worked.</returns>
    public async Task<LoopVerdict> RunAsync(SiteConfiguration? configuration, CancellationToken ct)
    {
        if (configuration is null)
        {
            return new LoopVerdict(Worked: false, SiteReminder.Period);
        }

        switch (await work.Fence.LookAsync(ct))
        {
            case Fenced.Perhaps:
                return new LoopVerdict(Worked: false, Soon);
            case Fenced.Yes:
                Log.Replaced(logger, site);
                ousted();
                return new LoopVerdict(Worked: false, SiteReminder.Period);
            default:
                break;
        }

        await work.Agents.FreshenAsync(ct);
        var verdict = await TryAsync(configuration, ct);
        _ = await work.TellAsync(ct);
        return verdict;
    }

    private async Task<LoopVerdict> TryAsync(SiteConfiguration configuration, CancellationToken ct)
    {
        try
        {
            var began = time.GetTimestamp();
            var outcome = await work.Round.RunAsync(configuration, ct);
            if (!outcome.Superseded)
            {
                SiteMeter.Polled(time.GetElapsedTime(began), outcome.Failure);
            }

            return outcome.Superseded ? new LoopVerdict(Worked: false, Soon) : await ConcludeAsync(outcome, configuration, ct);
        }
        catch (InconsistentStateException e)
        {
            // Another activation of this site has written: it is the one that lives on.
            Log.Ousted(logger, site, e);
            ousted();
            return new LoopVerdict(Worked: false, SiteReminder.Period);
        }
        catch (Exception e) when (e is NpgsqlException or OrleansException { InnerException: NpgsqlException })
        {
            // Grain storage wraps what the database threw. Without a written budget nobody logs in.
            work.Health.Enter(SiteHealth.Degraded, SiteHealthReason.StorageUnavailable, (e.InnerException ?? e).Message, time.GetUtcNow());
            return new LoopVerdict(Worked: false, work.PauseAfterFailure(configuration, time.GetUtcNow()));
        }
    }

    private async Task<LoopVerdict> ConcludeAsync(PollOutcome outcome, SiteConfiguration configuration, CancellationToken ct)
    {
        follow(outcome.Change);
        var now = time.GetUtcNow();
        if (outcome.Failure is { } failure)
        {
            if (work.Session.NotBefore is null && !work.Budget.Stopped && configuration.Connection is not null)
            {
                work.Health.Enter(failure, now);
            }

            await work.Recordings.SiteDownAsync(failure.Message, ct);
            return new LoopVerdict(Worked: false, work.PauseAfterFailure(configuration, now));
        }

        work.LastReadAt = now;
        work.Health.Enter(SiteHealth.Online, SiteHealthReason.Polling, detail: null, now);
        await work.KeepAsync(configuration, ct);
        return new LoopVerdict(Worked: true, work.PauseAfterSuccess(configuration, now));
    }

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Warning, "Site {Site}: another activation has taken over; this one ends")]
        public static partial void Ousted(ILogger logger, SiteId site, Exception exception);

        [LoggerMessage(41, LogLevel.Warning, "Site {Site}: another activation has logged in; this one ends")]
        public static partial void Replaced(ILogger logger, SiteId site);
    }
}
