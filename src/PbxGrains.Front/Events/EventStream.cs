using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>Writes server-sent events (WHATWG HTML §9.2); they go out with the next <see cref="SendAsync" />.</summary>
internal sealed class EventStream(PipeWriter output)
{
    /// <summary>A comment that also tells how far the reader has come, so that it resumes from here even if nothing was for it.</summary>
    public void Mark(string comment, EventCursor cursor) => Write($": {comment}\nid: {cursor}\n\n");

    /// <summary>A comment; the reader stays where it is.</summary>
    public void Say(string comment) => Write($": {comment}\n\n");

    /// <summary>An event of the log.</summary>
    public void Add(StreamedEvent streamed)
    {
        Write($"id: {streamed.Cursor}\nevent: {streamed.Logged.Event.Type}\ndata: ");
        output.Write(streamed.Json.Span);
        Write("\n\n");
    }

    /// <summary>A message about the stream itself, which has no place in the log.</summary>
    public void Add(string type, ReadOnlySpan<byte> json)
    {
        Write($"event: {type}\ndata: ");
        output.Write(json);
        Write("\n\n");
    }

    /// <summary>Sends what was written; waits while the reader is slow.</summary>
    public async Task SendAsync(CancellationToken ct) => _ = await output.FlushAsync(ct);

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);
}
