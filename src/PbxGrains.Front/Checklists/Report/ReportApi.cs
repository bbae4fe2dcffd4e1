using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Grains.Checklists;
using PbxGrains.Storage.Checklists;

namespace PbxGrains.Front.Checklists.Report;

/// <summary>The route of the acceptance report.</summary>
internal static class ReportApi
{
    public static RouteGroupBuilder MapReport(this RouteGroupBuilder checklist)
    {
        checklist.MapGet("/report", Show).RequireAuthorization(Scope.Read).WithName("GetChecklistReport")
            .WithSummary("The acceptance report of a run: a page to print, with every item, its evidence and remedy, and a SHA-256 of the content.")
            .WithDescription("In English or French, by ?lang= or Accept-Language; the last run unless runId names another. format=json answers the very bytes the SHA-256 is of: pipe them to sha256sum to check a printed report.")
            .Produces(StatusCodes.Status200OK, contentType: "text/html", additionalContentTypes: ["application/json"])
            .ProducesProblems(400, 404, 503);
        return checklist;
    }

    private static async Task<IResult> Show(
        [AsParameters] SiteScope scope, [FromQuery] Guid? runId, [FromQuery] string? lang, [FromQuery] string? format, HttpContext http, ChecklistRuns runs, SiteDirectory directory, CancellationToken ct)
    {
        if (lang is not (null or "en" or "fr"))
        {
            return Problem.Invalid(ChecklistLanguage.Parameter, "Give en or fr.");
        }

        if (format is not (null or "html" or "json"))
        {
            return Problem.Invalid("format", "Give html or json.");
        }

        var row = runId is { } id ? await runs.FindAsync(scope.SiteId, id, ct) : await runs.LatestAsync(scope.SiteId, ct);
        if (row is not { FinishedAt: not null })
        {
            return runId is null ? ChecklistApi.None(scope.SiteId) : Unknown(runId.Value);
        }

        var run = ChecklistRows.Read(row);
        http.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        if (format == "json")
        {
            return TypedResults.Bytes(CanonicalRun.Bytes(run), "application/json");
        }

        var reader = await ChecklistApi.ReaderAsync(http.Request, scope, directory, ct);
        return Page(run, reader, (await directory.FindAsync(scope.Id, ct))?.Row.Name ?? scope.SiteId, http.Response);
    }

    private static RazorComponentResult<ReportPage> Page(ChecklistRun run, ChecklistReader reader, string siteName, HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = ReportStyle.ContentPolicy;
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "same-origin";
        return new RazorComponentResult<ReportPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ReportPage.Run)] = run,
            [nameof(ReportPage.Reader)] = reader,
            [nameof(ReportPage.SiteName)] = siteName,
        });
    }

    private static ProblemHttpResult Unknown(Guid runId) => Problem.Of(
        StatusCodes.Status404NotFound, ProblemCodes.ChecklistNone, "No such run", $"The site has no finished run {runId}, or it is too old. GET …/checklist/runs lists the last ones.");
}
