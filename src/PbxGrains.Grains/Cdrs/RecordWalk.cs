using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Cdrs;

/// <summary>A window that a walk is done with.</summary>
/// <param name="Span">The window.</param>
/// <param name="Outcome">How it went, as it is noted.</param>
/// <param name="Rows">Rows the PBX gave.</param>
/// <param name="New">Those of them nobody had told before.</param>
/// <param name="Detail">Why it was not read whole; null when it was.</param>
public sealed record WalkStep(WallSpan Span, CatchUpOutcome Outcome, int Rows, int New, string? Detail);

/// <summary>How a walk ended.</summary>
/// <param name="Finished">True when it came to its end.</param>
/// <param name="Failure">Why it could not go on; null when it was told to stop.</param>
public sealed record WalkEnd(bool Finished, PbxFailure? Failure = null);

/// <summary>
/// Walks along a span of a PBX's wall clock window by window, oldest first, and notes for each how comparing it went.
/// Windows shrink while the PBX answers too slowly. A window with rows nobody can read is read again by the hour, so that
/// only their hours stay unproven; an hour the PBX answers nonsense for is passed over, as long as it is not every hour.
/// </summary>
public sealed class RecordWalk(WindowReader reader, WindowSize size, CatchUpWindows windows, PbxClockWatch clock, TimeProvider time)
{
    /// <summary>After so many hours of nonsense in a row it is the PBX, not the hour.</summary>
    public const int NonsenseAtMost = 8;

    /// <summary>Walks.</summary>
    /// <param name="configuration">The site.</param>
    /// <param name="span">Where.</param>
    /// <param name="source">Whose reading it is, one of <see cref="RecordedSource"/>.</param>
    /// <param name="step">Told of every window that was done with; false stops the walk.</param>
    /// <param name="ct">Stops it.</param>
    /// <inheritdoc cref="WindowReader.ReadAsync" path="/exception" />
    public async Task<WalkEnd> RunAsync(SiteConfiguration configuration, WallSpan span, string source, Func<WalkStep, CancellationToken, Task<bool>> step, CancellationToken ct)
    {
        var (byTheHourUntil, newBefore) = (span.From, 0);
        List<WalkStep> nonsense = [];
        for (var rest = span; rest.Length > TimeSpan.Zero;)
        {
            var window = CatchUpPlan.First(rest, rest.From < byTheHourUntil ? CatchUpPlan.ShortestWindow : size.Current);
            var askedAt = time.GetUtcNow();
            var read = await reader.ReadAsync(configuration, window, source, ct);
            if (read.Succeeded && read.Value.Unread > 0 && window.Length > CatchUpPlan.ShortestWindow)
            {
                byTheHourUntil = window.To;
                newBefore += read.Value.New;
                continue;
            }

            if (!read.Succeeded && IsTooSlow(read.Failure) && size.TooSlow(window.Length))
            {
                continue;
            }

            var done = StepOf(window, read, newBefore);
            await windows.RecordAsync(Noted(configuration, done, askedAt), ct);
            if (read.Succeeded)
            {
                newBefore = 0;
                size.Worked(window.Length);
                if (!await TellAsync([.. nonsense, done], step, ct))
                {
                    return new WalkEnd(Finished: false);
                }

                nonsense.Clear();
            }
            else
            {
                // Told only when a window behind it can be read: else it is the PBX, and the hour is asked for again.
                nonsense.Add(done);
                if (read.Failure.Kind != PbxFailureKind.UnexpectedAnswer || nonsense.Count >= NonsenseAtMost)
                {
                    return new WalkEnd(Finished: false, read.Failure);
                }
            }

            rest = rest with { From = window.To };
        }

        return new WalkEnd(await TellAsync(nonsense, step, ct));
    }

    /// <summary>Whether a smaller window may help.</summary>
    public static bool IsTooSlow(PbxFailure failure) =>
        failure.Kind is PbxFailureKind.NoAnswer or PbxFailureKind.UnexpectedAnswer or PbxFailureKind.TryLater;

    private static async Task<bool> TellAsync(IEnumerable<WalkStep> done, Func<WalkStep, CancellationToken, Task<bool>> step, CancellationToken ct)
    {
        foreach (var window in done)
        {
            if (!await step(window, ct))
            {
                return false;
            }
        }

        return true;
    }

    private static WalkStep StepOf(WallSpan window, PbxResult<WindowRead> read, int newBefore) => read switch
    {
        { Succeeded: false } => new WalkStep(window, CatchUpOutcome.Failed, Rows: 0, New: 0, read.Failure.Message),
        { Value.Unread: 0 } => new WalkStep(window, CatchUpOutcome.Whole, read.Value.Rows, read.Value.New + newBefore, Detail: null),
        _ => new WalkStep(window, CatchUpOutcome.Damaged, read.Value.Rows, read.Value.New + newBefore, $"Rows that could not be read: {read.Value.Unread}."),
    };

    private CatchUpWindow Noted(SiteConfiguration configuration, WalkStep step, DateTimeOffset askedAt) => new()
    {
        SiteId = configuration.Site.Value,
        Start = step.Span.From,
        End = step.Span.To,
        Outcome = step.Outcome,
        ComparedAt = clock.Careful(askedAt),
        RowsRead = step.Rows,
        RowsNew = step.New,
        Detail = step.Detail,
    };
}
