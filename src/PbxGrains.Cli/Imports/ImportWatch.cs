using System.Globalization;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Imports;

/// <summary>
/// Watches an import to its end. It runs on the front whether somebody watches or not, so a front that restarts meanwhile is
/// asked again for a while, and interrupting ends the watching alone.
/// </summary>
/// <param name="session">Where to ask and tell.</param>
/// <param name="siteId">The site it reads.</param>
internal sealed class ImportWatch(Session session, string siteId)
{
    private const int BarWidth = 24;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // As long as a front takes to restart and its silos to agree.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly long _start = session.Time.GetTimestamp();
    private double? _firstProgress;
    private int _toldTenth = -1;

    /// <summary>Watches.</summary>
    /// <param name="importId">Which import.</param>
    /// <param name="ct">Ends the watching, not the import.</param>
    /// <param name="once">True to tell how it is getting on and leave it at that.</param>
    public async Task<ExitCode> RunAsync(string importId, CancellationToken ct, bool once = false)
    {
        try
        {
            var answer = await session.Terminal.Progress(Text.Import_waiting, tell => WatchAsync(importId, tell, once, ct));
            return answer.Succeeded ? End(answer.Value, answer.Json) : session.Refuse(answer.Problem);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            session.Terminal.Restore();
            session.Terminal.Warn(Sentence.Of(Text.Import_interrupted, siteId));
            return ExitCode.Interrupted;
        }
    }

    private async Task<ApiAnswer<ImportResource>> WatchAsync(string importId, Action<string> tell, bool once, CancellationToken ct)
    {
        long? failingSince = null;
        while (true)
        {
            var answer = await session.Api.FindImport(siteId, importId, ct);
            if (answer.Problem is { Code: ApiProblem.NotReachable } or { Status: >= 500 })
            {
                failingSince ??= session.Time.GetTimestamp();
                if (session.Time.GetElapsedTime(failingSince.Value) > Patience)
                {
                    return answer;
                }

                tell(Text.Import_unseen);
            }
            else if (!answer.Succeeded || once || answer.Value.State is not ("waiting" or "running"))
            {
                return answer;
            }
            else
            {
                failingSince = null;
                Tell(answer.Value, tell);
            }

            await Task.Delay(Pause, session.Time, ct);
        }
    }

    private ExitCode End(ImportResource import, string json)
    {
        var failed = import.State is "failed" or "cancelled";
        if (session.Terminal.OnlyJson)
        {
            session.Terminal.Result(Printable.Json(json));
        }

        switch (import.State)
        {
            case "waiting" or "running":
                session.Terminal.Say(Line(import));
                break;
            case "failed":
                session.Terminal.Fail(Sentence.Of(Text.Import_failed, import.RowsRead, import.RowsNew, import.Detail));
                break;
            case "cancelled":
                session.Terminal.Warn(Sentence.Of(Text.Import_cancelled, import.RowsRead, import.RowsNew));
                break;
            default:
                session.Terminal.Good(Sentence.Of(Text.Import_done, import.RowsRead, import.RowsNew));
                break;
        }

        if (import.WindowsFailed > 0)
        {
            session.Terminal.Warn(Sentence.Of(Text.Import_windows_failed, import.WindowsFailed, siteId));
        }

        return failed ? ExitCode.Refused : import.WindowsFailed > 0 && import.State is "done" ? ExitCode.Incomplete : ExitCode.Ok;
    }

    // A log gets a line per tenth; a screen shows every change in place.
    private void Tell(ImportResource import, Action<string> tell)
    {
        _firstProgress ??= import.Progress;
        var tenth = (int)((import.Progress ?? 0) * 10);
        if (session.Terminal.Decorated || tenth != _toldTenth)
        {
            _toldTenth = tenth;
            tell(Line(import));
        }
    }

    private string Line(ImportResource import)
    {
        if (import.State is "waiting")
        {
            return Text.Import_waiting;
        }

        var progress = Math.Clamp(import.Progress ?? 0, 0, 1);
        var full = (int)(progress * BarWidth);
        return Sentence.Of(
            Text.Import_goes_on,
            new string('█', full) + new string('░', BarWidth - full),
            ((int)(progress * 100)).ToString(CultureInfo.InvariantCulture),
            import.Position is { Length: >= 10 } position ? position[..10] : LocalTime.Unknown,
            import.RowsRead,
            import.RowsNew,
            Remaining(progress) is { } remaining ? LocalTime.Remaining(remaining) : LocalTime.Unknown);
    }

    private TimeSpan? Remaining(double progress)
    {
        var made = progress - (_firstProgress ?? progress);
        return made > 0 ? session.Time.GetElapsedTime(_start) * Math.Min(1000, (1 - progress) / made) : null;
    }
}
