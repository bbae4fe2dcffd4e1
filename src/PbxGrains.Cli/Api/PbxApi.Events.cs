namespace PbxGrains.Cli.Api;

/// <summary>The stream of events.</summary>
internal sealed partial class PbxApi
{
    /// <summary>Media type of the stream.</summary>
    public const string EventStreamType = "text/event-stream";

    // The front says at least every 15 seconds that it is still there.
    private static readonly TimeSpan LongestSilenceOfEvents = TimeSpan.FromSeconds(40);

    /// <summary>What happens from now on, or behind a cursor, as an answer without end.</summary>
    /// <param name="query">Which events.</param>
    /// <param name="lastEventId">The last event seen; it wins over a cursor of the query. Null when none was seen yet.</param>
    /// <param name="ct">Stops asking.</param>
    public Task<ApiAnswer<StreamedAnswer>> OpenEvents(ApiQuery query, string? lastEventId, CancellationToken ct) =>
        Open(
            HttpMethod.Get,
            Routes.Events + query,
            null,
            EventStreamType,
            headers =>
            {
                if (lastEventId is not null)
                {
                    // From the network: what is no header value is refused by the front, not by an exception here.
                    _ = headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
                }
            },
            LongestSilenceOfEvents,
            ct);

    private static partial class Routes
    {
        public const string Events = "api/pbx/events";
    }
}
