using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>Waits until a site that was just saved has been polled once, telling how it goes.</summary>
internal sealed class FirstPoll(Session session)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Waits.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="before">Its last poll before it was saved; null when there was none.</param>
    /// <param name="limit">Gives up after this long.</param>
    /// <param name="ct">Cancels waiting; the site stays saved.</param>
    public async Task<ExitCode> WaitAsync(string siteId, DateTimeOffset? before, TimeSpan limit, CancellationToken ct)
    {
        var start = session.Time.GetTimestamp();
        var (polled, last, took) = await session.Terminal.Progress(Text.Poll_waiting, async tell =>
        {
            SiteResource? seen = null;
            while (true)
            {
                var answer = await session.Api.FindSite(siteId, ct);
                seen = answer.Value ?? seen;
                if (IsPolled(seen, before))
                {
                    return (true, seen, session.Time.GetElapsedTime(start));
                }

                if (IsHopeless(seen) || session.Time.GetElapsedTime(start) > limit)
                {
                    return (false, seen, session.Time.GetElapsedTime(start));
                }

                tell(seen?.Status is { } status ? Sentence.Of(Text.Poll_state, SiteWords.Health(status), SiteWords.Reason(status)) : Text.Poll_waiting);
                await Task.Delay(Pause, session.Time, ct);
            }
        });
        if (polled)
        {
            session.Terminal.Good(Sentence.Of(Text.Poll_done, last!.Status!.Extensions?.Values.Sum() ?? 0, last.Status.LastPollMilliseconds ?? 0, took.TotalSeconds));
            return ExitCode.Ok;
        }

        if (last is { Suspended: true })
        {
            session.Terminal.Warn(Sentence.Of(Text.Poll_suspended, siteId));
            return ExitCode.Ok;
        }

        session.Terminal.Fail(last?.Status is { } state
            ? Sentence.Of(Text.Poll_failed, SiteWords.Health(state), SiteWords.Reason(state), siteId)
            : Sentence.Of(Text.Poll_unseen, siteId));
        return ExitCode.Refused;
    }

    private static bool IsPolled(SiteResource? site, DateTimeOffset? before) =>
        site?.Status is { Health: "online" or "degraded", LastPollAt: { } at } && (before is null || at > before);

    private static bool IsHopeless(SiteResource? site) =>
        site is { Suspended: true } or { Status.Health: "credentialsRejected" or "suspended" };
}
