using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Events;

/// <summary>
/// Shows events as they happen, each once: a stream that breaks is opened again behind the last event that came whole. Only
/// what the first try meets is a failure; later the front may be away for as long as it likes.
/// </summary>
/// <param name="session">Where to ask and write.</param>
/// <param name="query">Which events, and from where.</param>
/// <param name="count">Ends after so many; null for never.</param>
internal sealed class EventTail(Session session, ApiQuery query, int? count)
{
    private const string Gap = "gap";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string? _cursor;
    private int _shown;
    private int _failures;
    private bool _lost;

    /// <summary>Shows events until there were enough, or somebody interrupts.</summary>
    public async Task<ExitCode> RunAsync(CancellationToken ct)
    {
        try
        {
            for (var first = true; ; first = false)
            {
                var answer = await session.Api.OpenEvents(query, _cursor, ct);
                if (answer.Succeeded)
                {
                    if (await FollowAsync(answer.Value, ct) is { } end)
                    {
                        return end;
                    }
                }
                else if (first || !MayPass(answer.Problem))
                {
                    return session.Refuse(answer.Problem);
                }

                await PauseAsync(answer.Problem, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            session.Terminal.ErrorWriter.WriteLine();
            TellCursor();
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Shows what one connection brings; null when it ended before there was enough.</summary>
    private async Task<ExitCode?> FollowAsync(StreamedAnswer answer, CancellationToken ct)
    {
        using var source = answer;
        if (source.MediaType != PbxApi.EventStreamType)
        {
            return session.Refuse(session.Api.NotTheApi());
        }

        if (_lost)
        {
            session.Terminal.Aside(Sentence.Of(Text.Tail_back, _cursor ?? LocalTime.Unknown));
            _lost = false;
        }

        await using var events = new WholeEvents(source);
        var parser = SseParser.Create(events);
        try
        {
            await foreach (var item in parser.EnumerateAsync(ct))
            {
                Show(item);
                if (_shown == count)
                {
                    Keep(parser.LastEventId);
                    if (!session.Terminal.OnlyJson)
                    {
                        TellCursor();
                    }

                    return ExitCode.Ok;
                }
            }
        }
        catch (AnswerBrokenException)
        {
            // Opened again, like one that the front ended.
        }
        finally
        {
            // Also the place of events that were not for us: it comes with the front's signs of life.
            Keep(parser.LastEventId);
        }

        return null;
    }

    private async Task PauseAsync(ApiProblem? problem, CancellationToken ct)
    {
        if (!_lost)
        {
            session.Terminal.Warn(Text.Tail_lost);
            _lost = true;
        }

        // No secret hangs on this chance.
        var pause = ReconnectPause.After(_failures++, Random.Shared.NextDouble());
        var asked = TimeSpan.FromSeconds(problem?.RetryAfterSeconds ?? 0);
        await Task.Delay(pause > asked ? pause : asked, session.Time, ct);
    }

    private void Show(SseItem<string> item)
    {
        if (item.EventType == Gap)
        {
            var gap = Read(item.Data, data => JsonSerializer.Deserialize(data, ApiJson.Default.EventGap));
            session.Terminal.Warn(Sentence.Of(Text.Tail_gap, gap?.Requested ?? _cursor ?? LocalTime.Unknown, gap?.ResumesAt ?? LocalTime.Unknown));
            return;
        }

        _shown++;
        if (session.Terminal.OnlyJson && Read(item.Data, Line) is { } line)
        {
            session.Terminal.Result(Printable.Json(line));
        }
        else if (!session.Terminal.OnlyJson && Read(item.Data, data => JsonSerializer.Deserialize(data, ApiJson.Default.EventResource)) is { } told)
        {
            session.Terminal.Result(EventLine.Of(told, session.Terminal.Decorated ? LocalTime.Clock(told.Time, session.Time) : LocalTime.Of(told.Time, session.Time)));
        }
        else
        {
            session.Terminal.Warn(Sentence.Of(Text.Tail_unreadable, item.EventId ?? LocalTime.Unknown));
        }
    }

    private void Keep(string lastEventId)
    {
        if (lastEventId.Length > 0)
        {
            _cursor = lastEventId;
            _failures = 0;
        }
    }

    private void TellCursor()
    {
        if (_cursor is not null)
        {
            session.Terminal.Aside(Sentence.Of(Text.Tail_resume, _cursor));
        }
    }

    private static bool MayPass(ApiProblem problem) =>
        problem is { Code: ApiProblem.NotReachable } or { Status: >= 500 or (int)HttpStatusCode.TooManyRequests or (int)HttpStatusCode.RequestTimeout };

    private static T? Read<T>(string data, Func<string, T?> read)
        where T : class
    {
        try
        {
            return read(data);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The event in one line, however it was written.</summary>
    private static string Line(string data)
    {
        using var told = JsonDocument.Parse(data);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            told.RootElement.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
