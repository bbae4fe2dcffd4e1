using System.Net;
using System.Text.Json;

namespace PbxGrains.Simulator.Http;

/// <summary>The web server of one PBX as a client sees it: headers, faults, and the way from bytes to an endpoint and back.</summary>
internal static class PbxEndpoint
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    /// <summary>Answers one request.</summary>
    public static async Task ServeAsync(SimulatedPbx pbx, HttpContext context)
    {
        var ct = context.RequestAborted;
        try
        {
            if (pbx.Faults.Slow is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, pbx.Time, ct);
            }

            var answer = pbx.Faults.ServerError is var status and not 0
                ? ApiAnswer.Page(status, "Internal Server Error")
                : await AnswerAsync(pbx, context.Request, ct);
            await SendAsync(pbx, context, answer, ct);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or BadHttpRequestException)
        {
            context.Abort();
        }
    }

    private static async Task<ApiAnswer> AnswerAsync(SimulatedPbx pbx, HttpRequest request, CancellationToken ct)
    {
        // /api/{version}/{endpoint}: the version text decides the dialect and is not checked strictly (sheet, section 1).
        var path = request.Path.Value ?? "";
        var parts = path.Split('/', 4);
        if (parts is not ["", "api", var version, var endpoint])
        {
            return ApiAnswer.Page(StatusCodes.Status404NotFound, "Not Found");
        }

        pbx.Counters.Requested($"{version}/{endpoint}");
        Dialect? dialect = version switch
        {
            ['v', '1', '.', ..] => Dialect.V1,
            ['v', '2', '.', ..] => Dialect.V2,
            _ => null,
        };
        if (dialect is null || (dialect is Dialect.V2 && !pbx.SpeaksV2))
        {
            return pbx.Options.UnknownPath is UnknownPathAnswer.NotFound
                ? ApiAnswer.Page(StatusCodes.Status404NotFound, "Not Found")
                : ApiAnswer.Failed(ErrorCode.RequestNotSupported);
        }

        if (!HttpMethods.IsPost(request.Method) && !(HttpMethods.IsGet(request.Method) && ApiRouter.IsDownload(endpoint)))
        {
            return ApiAnswer.Failed(ErrorCode.OnlyPost);
        }

        var (body, refusal) = await ReadAsync(request, ct);
        var caller = request.HttpContext.Connection.RemoteIpAddress?.MapToIPv4() ?? IPAddress.Loopback;
        return refusal is { } error
            ? ApiAnswer.Failed(error)
            : ApiRouter.Answer(pbx, new ApiRequest(dialect.Value, endpoint, caller, body, request.Query));
    }

    private static async Task<(JsonElement Body, ErrorCode? Refusal)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, ct);
        var text = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        var start = text.Span.IndexOfAnyExcept(" \r\n\t"u8);
        if (start < 0)
        {
            return (Nothing, null);
        }

        if (text.Span[start] is (byte)'<' || request.ContentType?.Contains("xml", StringComparison.OrdinalIgnoreCase) is true)
        {
            return (Nothing, ErrorCode.XmlNotSupported);
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object ? (document.RootElement.Clone(), null) : (Nothing, ErrorCode.OnlyJson);
        }
        catch (JsonException)
        {
            return (Nothing, ErrorCode.OnlyJson);
        }
    }

    private static async Task SendAsync(SimulatedPbx pbx, HttpContext context, ApiAnswer answer, CancellationToken ct)
    {
        if (answer.IsLost)
        {
            context.Abort();
            return;
        }

        var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers.Server = "Boa/0.94.14rc21";
        response.Headers.AcceptRanges = "bytes";
        response.Headers.Connection = "close";
        response.Headers["Access-control-allow-origin"] = "*";
        response.Headers["Access-control-allow-methods"] = "GET, POST, OPTIONS, PUT, DELETE";
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        if (pbx.Faults.CutBodies || answer.IsCut)
        {
            await response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2), ct);
            await response.Body.FlushAsync(ct);
            context.Abort();
            return;
        }

        if (pbx.Faults.LongestAnswer is var longest and > 0 && answer.Body.Length > longest)
        {
            await response.Body.FlushAsync(ct);
            await Task.Delay(Timeout.InfiniteTimeSpan, pbx.Time, ct);
        }

        await response.Body.WriteAsync(answer.Body, ct);
    }
}
