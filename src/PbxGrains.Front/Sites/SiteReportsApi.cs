using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Reports;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Webhooks;
using PbxGrains.Storage.Sites;
using PbxGrains.Storage.Webhooks;

namespace PbxGrains.Front.Sites;

/// <summary>Routes about what a site's PBX pushes.</summary>
internal static class SiteReportsApi
{
    private const double DefaultOverlapHours = 24;
    private const double LongestOverlapHours = 720;

    public static IEndpointRouteBuilder MapSiteReportsApi(this IEndpointRouteBuilder routes)
    {
        var sites = routes.MapGroup("/api/pbx/sites/{siteId}").WithTags("Sites");
        sites.MapPost("/webhook-secret", Rotate).RequireAuthorization(Scope.Admin).WithName("RotateWebhookSecret")
            .WithSummary("Gives the site a new webhook secret, shown this once; older ones live on for the overlap.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        sites.MapGet("/reports", ListRecent).RequireAuthorization(Scope.Operate).AddEndpointFilter<RegisteredSite>().WithName("ListRecentReports")
            .WithSummary("The last 20 reports of the site as they came, newest first, and since when its actor remembers.")
            .ProducesProblems(404, 503);
        sites.MapGet("/reports/unreadable", ListUnreadable).RequireAuthorization(Scope.Operate).WithName("ListUnreadableReports")
            .WithSummary("The last 50 reports of the site that could not be read, newest first.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return routes;
    }

    private static async Task<Ok<RecentReports>> ListRecent([AsParameters] SiteScope scope, CancellationToken ct) =>
        TypedResults.Ok(await GrainCalls.Read(scope.Site.ListReports, ct));

    private static async Task<Results<Ok<WebhookRotated>, ProblemHttpResult>> Rotate(
        string siteId, WebhookSecretInput? input, SiteRegistry registry, SiteOffice office, WebhookIssue webhooks, TimeProvider time, CancellationToken ct)
    {
        var hours = input?.OverlapHours ?? DefaultOverlapHours;
        if (hours is not (>= 0 and <= LongestOverlapHours))
        {
            return Problem.Invalid("overlapHours", $"Give 0 to {LongestOverlapHours} hours.");
        }

        if (!SiteId.TryParse(siteId, out var id) || await registry.FindAsync(id.Value, ct) is not { } row)
        {
            return Problem.SiteUnknown(siteId);
        }

        var overlap = TimeSpan.FromHours(hours);
        var until = time.GetUtcNow() + overlap;
        if (await webhooks.IssueAsync(row, overlap, ct) is not { } webhook)
        {
            return Problem.SiteUnknown(siteId);
        }

        await office.ChangedAsync(id, ct);
        return TypedResults.Ok(new WebhookRotated(webhook.Url, webhook.Secret, until));
    }

    private static async Task<Results<Ok<IReadOnlyList<UnreadableReportResource>>, ProblemHttpResult>> ListUnreadable(
        string siteId, SiteDirectory directory, UnreadableReports reports, CancellationToken ct)
    {
        if (!SiteId.TryParse(siteId, out var id) || await directory.FindAsync(id, ct) is null)
        {
            return Problem.SiteUnknown(siteId);
        }

        var rows = await reports.ListAsync(id.Value, ct);
        return TypedResults.Ok<IReadOnlyList<UnreadableReportResource>>(
            [.. rows.Select(r => new UnreadableReportResource(r.Id, r.ReceivedAt, r.SourceAddress, r.Reason, Convert.ToBase64String(r.Body), Encoding.UTF8.GetString(r.Body)))]);
    }
}
