using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using PbxGrains.Storage.Cdrs;
using Sylvan.Data.Csv;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace PbxGrains.Front.Cdrs;

/// <summary>
/// Sends records as they are read, at the pace of the reader at the other end, and holds no more than a page of them. A
/// failure before the first record is a problem as ever; later it breaks the connection, so that half a list never looks whole.
/// </summary>
/// <param name="records">What to send.</param>
/// <param name="format">How.</param>
internal sealed partial class CallRecordExport(IAsyncEnumerable<CallRecordRow> records, ExportFormat format) : IResult
{
    private const int SentAtOnce = 32 * 1024;

    /// <summary>Characters. A PBX's body has 256 KiB at most, so no line is ever longer; the buffer only grows when one needs it.</summary>
    private const int LongestLine = 16 * 1024 * 1024;

    // A line of JSON is no page of HTML: a + may stay a +, for those who search a file for a number.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var ct = httpContext.RequestAborted;
        await using var rows = records.GetAsyncEnumerator(ct);
        var any = await rows.MoveNextAsync();

        var response = httpContext.Response;
        response.ContentType = format == ExportFormat.Csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
        response.Headers.ContentDisposition = $"attachment; filename=\"cdrs.{(format == ExportFormat.Csv ? "csv" : "ndjson")}\"";
        response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        await response.StartAsync(ct);
        try
        {
            await (format == ExportFormat.Csv ? WriteCsvAsync(response, rows, any, ct) : WriteLinesAsync(response, rows, any, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Nobody reads on.
        }
        catch (Exception e)
        {
            Log.Broken(httpContext.RequestServices.GetRequiredService<ILogger<CallRecordExport>>(), e);
            httpContext.Abort();
        }
    }

    private static async Task WriteCsvAsync(HttpResponse response, IAsyncEnumerator<CallRecordRow> rows, bool any, CancellationToken ct)
    {
        await using var text = new StreamWriter(response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), SentAtOnce, leaveOpen: true);
        await using var cells = Cells(rows, any, ct).GetAsyncEnumerator(ct);
        await using var table = new TextTableReader(CallRecordTable.Columns, cells);
        await using var csv = CsvDataWriter.Create(text, new CsvDataWriterOptions { NewLine = "\r\n", MaxBufferSize = LongestLine });
        _ = await csv.WriteAsync(table, ct);
        await text.FlushAsync(ct);
    }

    private static async IAsyncEnumerable<string?[]> Cells(IAsyncEnumerator<CallRecordRow> rows, bool any, [EnumeratorCancellation] CancellationToken ct)
    {
        for (; any; any = await rows.MoveNextAsync())
        {
            ct.ThrowIfCancellationRequested();
            yield return CallRecordTable.RowOf(rows.Current);
        }
    }

    private static async Task WriteLinesAsync(HttpResponse response, IAsyncEnumerator<CallRecordRow> rows, bool any, CancellationToken ct)
    {
        var options = response.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var shape = (JsonTypeInfo<CallRecordResource>)options.GetTypeInfo(typeof(CallRecordResource));
        var body = response.BodyWriter;
        await using var json = new Utf8JsonWriter(body, Plain);
        var unsent = 0L;
        for (; any; any = await rows.MoveNextAsync())
        {
            JsonSerializer.Serialize(json, CallRecordResource.Of(rows.Current), shape);
            await json.FlushAsync(ct);
            unsent += json.BytesCommitted;
            json.Reset();
            body.GetSpan(1)[0] = (byte)'\n';
            body.Advance(1);
            if (unsent >= SentAtOnce)
            {
                unsent = 0;
                _ = await body.FlushAsync(ct);
                ct.ThrowIfCancellationRequested();
            }
        }

        _ = await body.FlushAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(60, LogLevel.Warning, "An export of call records broke off; so did its connection")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
