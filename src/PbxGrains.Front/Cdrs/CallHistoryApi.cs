using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Cdrs;

/// <summary>Routes of the call history.</summary>
internal static class CallHistoryApi
{
    private const string After = "after";

    public static IEndpointRouteBuilder MapCallHistoryApi(this IEndpointRouteBuilder routes)
    {
        var history = routes.MapGroup("/api/pbx").WithTags("Call history").RequireAuthorization(Scope.Read);
        history.MapGet("/cdrs", List).WithName("ListCallRecords").WithSummary("Call records of all sites, newest first.")
            .WithDescription("JSON comes in pages, each naming the next; what is recorded meanwhile neither repeats nor hides a record. CSV and NDJSON stream everything that fits. In CSV, cells that would start a formula carry a leading apostrophe.")
            .WithQuery(QueryParameters.History)
            .Produces<CallRecordPage>(StatusCodes.Status200OK, ExportFormats.MediaTypes[0], [.. ExportFormats.MediaTypes.Skip(1)])
            .ProducesProblems(400, 406, 503);
        history.MapGet("/cdrs/{recordId}", Show).WithName("GetCallRecord").WithSummary("One call record with the PBX's own words and its history of changes.")
            .ProducesProblems(404, 503);
        history.MapGet("/missed", Missed).WithName("ListMissedCalls").WithSummary("Missed calls from outside that nobody made good, newest first.")
            .WithDescription("No record of the call was answered, and afterwards nobody spoke with that number. One record, the first, stands for each call.")
            .WithQuery(QueryParameters.Missed)
            .Produces<CallRecordPage>()
            .ProducesProblems(400, 503);
        return routes;
    }

    private static async Task<IResult> List(HttpContext http, CallRecordReader reader, SiteRegistry registry, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var word = new QueryReader(http.Request.Query, errors).Text("format");
        var format = word is null ? ExportFormats.OfAccept(http.Request.Headers.Accept) : ExportFormats.OfWord(word);
        if (word is not null && format is null)
        {
            errors.Add("format", "Give json, ndjson or csv.");
        }

        var query = CallRecordQuery.Read(http.Request.Query, QueryParameters.History, format is ExportFormat.Json ? CallRecordQuery.LargestPage : long.MaxValue, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        http.Response.Headers.Vary = HeaderNames.Accept;
        var filter = await query.FilterAsync(registry, ct);
        return format switch
        {
            null => Problem.Of(
                StatusCodes.Status406NotAcceptable, ProblemCodes.NotAcceptable, "Not in that format", $"Accept {string.Join(", ", ExportFormats.MediaTypes)}, or give format=json, ndjson or csv."),
            ExportFormat.Json => await PageAsync(http, query, (limit, c) => reader.ListAsync(filter, query.After, limit, c), ct),
            { } export => new CallRecordExport(reader.StreamAsync(filter, query.After, query.Limit ?? long.MaxValue, ct), export),
        };
    }

    private static async Task<IResult> Missed(HttpContext http, CallRecordReader reader, SiteRegistry registry, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var query = CallRecordQuery.Read(http.Request.Query, QueryParameters.Missed, CallRecordQuery.LargestPage, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        var filter = await query.FilterAsync(registry, ct);
        return await PageAsync(http, query, (limit, c) => reader.MissedAsync(filter, query.After, limit, c), ct);
    }

    private static async Task<Results<Ok<CallRecordDetail>, ProblemHttpResult>> Show(string recordId, CallRecordReader reader, CancellationToken ct) =>
        long.TryParse(recordId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && await reader.FindAsync(id, ct) is { } row
            ? TypedResults.Ok(new CallRecordDetail(row, await reader.ListRevisionsAsync([id], ct)))
            : Problem.Of(
                StatusCodes.Status404NotFound,
                ProblemCodes.RecordUnknown,
                "No such call record",
                $"There is no call record '{Problem.Shown(recordId)}', or its time to be kept is over. GET /api/pbx/cdrs lists those there are.");

    private static async Task<Ok<CallRecordPage>> PageAsync(
        HttpContext http, CallRecordQuery query, Func<int, CancellationToken, Task<IReadOnlyList<CallRecordRow>>> list, CancellationToken ct)
    {
        var limit = (int)(query.Limit ?? CallRecordQuery.UsualPage);
        var rows = await list(limit + 1, ct);
        var next = rows.Count > limit ? PageCursor.Write(CallRecordCursor.After(rows[limit - 1])) : null;
        if (next is not null)
        {
            http.Response.Headers.Link = $"<{AddressOf(http.Request, next)}>; rel=\"next\"";
        }

        return TypedResults.Ok(new CallRecordPage([.. rows.Take(limit).Select(CallRecordResource.Of)], next));
    }

    /// <summary>The same request for the next page, relative: only the caller knows by which name it reaches us.</summary>
    private static string AddressOf(HttpRequest request, string next)
    {
        var query = new QueryBuilder(request.Query.Where(parameter => !parameter.Key.Equals(After, StringComparison.OrdinalIgnoreCase))
            .SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value ?? "")))
        {
            { After, next },
        };
        return $"{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{query.ToQueryString().ToUriComponent()}";
    }
}
