using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Cdrs;

/// <summary>How call records are written.</summary>
internal enum ListingForm
{
    /// <summary>A table on a terminal, tab-separated lines elsewhere.</summary>
    Rows,

    /// <summary>One JSON object like the API's, with the items of all pages.</summary>
    Json,

    /// <summary>A line of JSON per record.</summary>
    JsonLines,
}

/// <summary>
/// Writes call records page by page, as many as are wanted. Each page is written as it comes: however many there are, no
/// more than one is held, and when a later one fails the earlier ones stand and the exit code tells.
/// </summary>
/// <param name="session">Where to ask and write.</param>
/// <param name="form">How to write.</param>
/// <param name="ask">Asks for a page.</param>
internal sealed class CallRecordListing(Session session, ListingForm form, Func<ApiQuery, CancellationToken, Task<ApiAnswer<CallRecordPage>>> ask)
{
    private const int LargestPage = 200;

    // Escapes what a terminal would obey and leaves letters of all languages as they are.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private bool _begun;

    /// <summary>Lists.</summary>
    /// <param name="query">Which records.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="ct">Stops listing.</param>
    public async Task<ExitCode> RunAsync(ApiQuery query, int? limit, CancellationToken ct)
    {
        var written = 0;
        string? next = null;
        do
        {
            var size = Math.Min(LargestPage, limit - written ?? LargestPage);
            var answer = await ask(query.With("limit", size.ToString(CultureInfo.InvariantCulture)).With("after", next), ct);
            if (!answer.Succeeded)
            {
                return session.Refuse(answer.Problem);
            }

            var items = answer.Value.Items ?? [];
            Write(items, answer.Json);
            written += items.Count;
            next = answer.Value.Next;
        }
        while (next is not null && (limit is null || written < limit));

        End(written, next);
        return ExitCode.Ok;
    }

    private void Write(IReadOnlyList<CallRecordResource> items, string json)
    {
        if (form is ListingForm.Rows)
        {
            WriteRows(items);
            return;
        }

        using var page = JsonDocument.Parse(json);
        if (!page.RootElement.TryGetProperty("items", out var records) || records.ValueKind is not JsonValueKind.Array)
        {
            return;
        }

        foreach (var record in records.EnumerateArray())
        {
            var line = Line(record);
            if (form is ListingForm.JsonLines)
            {
                session.Terminal.Result(line);
            }
            else
            {
                session.Terminal.OutputWriter.Write((_begun ? ",\n" : "{\"items\":[\n") + line);
                _begun = true;
            }
        }
    }

    private void WriteRows(IReadOnlyList<CallRecordResource> items)
    {
        if (session.Terminal.Decorated ? items.Count > 0 : !_begun || items.Count > 0)
        {
            session.Terminal.Rows(
                CallRecordTables.Headings(session.Time),
                [.. items.Select(record => CallRecordTables.Row(record, session.Time))],
                continued: _begun);
            _begun = true;
        }
    }

    private void End(int written, string? next)
    {
        if (form is ListingForm.Json)
        {
            session.Terminal.Result($"{(_begun ? "\n" : "{\"items\":[")}],\"next\":{(next is null ? "null" : $"\"{JavaScriptEncoder.Default.Encode(next)}\"")}}}");
        }
        else if (form is ListingForm.Rows && written == 0)
        {
            session.Terminal.Aside(Text.Cdr_none);
        }

        if (next is not null)
        {
            session.Terminal.Warn(Sentence.Of(Text.Cdr_more, written));
        }
    }

    private static string Line(JsonElement record)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            record.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
