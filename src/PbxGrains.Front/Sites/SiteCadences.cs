using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Sites;

/// <summary>Cadences as the API shows them, and as they are stored.</summary>
internal static class SiteCadences
{
    private const double ShortestPeriod = 0.5;
    private const double LongestPeriod = 3600;

    /// <summary>Reads cadences, noting those out of range.</summary>
    public static SitePolling Read(SitePollingResource input, FieldErrors errors)
    {
        var polling = new SitePolling
        {
            Busy = Span("busySeconds", input.BusySeconds, ShortestPeriod, LongestPeriod, errors),
            PushSilent = Span("pushSilentSeconds", input.PushSilentSeconds, ShortestPeriod, LongestPeriod, errors),
            PushProven = Span("pushProvenSeconds", input.PushProvenSeconds, ShortestPeriod, LongestPeriod, errors),
            BackoffFirst = Span("backoffFirstSeconds", input.BackoffFirstSeconds, ShortestPeriod, LongestPeriod, errors),
            BackoffLast = Span("backoffLastSeconds", input.BackoffLastSeconds, ShortestPeriod, LongestPeriod, errors),
            StaleAfter = Span("staleAfterSeconds", input.StaleAfterSeconds, 1, 86_400, errors),
            Heartbeat = Span("heartbeatSeconds", input.HeartbeatSeconds, 10, 1500, errors),
            ConnectTimeout = Span("connectTimeoutSeconds", input.ConnectTimeoutSeconds, 0.1, 60, errors),
            AnswerTimeout = Span("answerTimeoutSeconds", input.AnswerTimeoutSeconds, 0.1, 120, errors),
        };
        if (polling is { BackoffFirst: { } first, BackoffLast: { } last } && last < first)
        {
            errors.Add("polling.backoffLastSeconds", "The longest pause cannot be shorter than the first.");
        }

        return polling;
    }

    /// <summary>Stored cadences as the API shows them.</summary>
    public static SitePollingResource Show(SitePolling polling) => new()
    {
        BusySeconds = polling.Busy?.TotalSeconds,
        PushSilentSeconds = polling.PushSilent?.TotalSeconds,
        PushProvenSeconds = polling.PushProven?.TotalSeconds,
        BackoffFirstSeconds = polling.BackoffFirst?.TotalSeconds,
        BackoffLastSeconds = polling.BackoffLast?.TotalSeconds,
        StaleAfterSeconds = polling.StaleAfter?.TotalSeconds,
        HeartbeatSeconds = polling.Heartbeat?.TotalSeconds,
        ConnectTimeoutSeconds = polling.ConnectTimeout?.TotalSeconds,
        AnswerTimeoutSeconds = polling.AnswerTimeout?.TotalSeconds,
    };

    private static TimeSpan? Span(string field, double? seconds, double least, double most, FieldErrors errors)
    {
        if (seconds is not { } value)
        {
            return null;
        }

        if (!(value >= least && value <= most))
        {
            errors.Add("polling." + field, FormattableString.Invariant($"Give {least} to {most} seconds, or leave it out for the product's own."));
            return null;
        }

        return TimeSpan.FromSeconds(value);
    }
}
