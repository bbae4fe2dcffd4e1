using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts;
using PbxGrains.Front.Board.Sites;
using PbxGrains.Front.Checklists;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Sites;
using PbxGrains.Grains.Checklists;
using PbxGrains.Storage.Checklists;

namespace PbxGrains.Front.Board.Checklists;

/// <summary>The page of a site's checklist: the last run, and a new one as it goes.</summary>
internal static class ChecklistPages
{
    /// <summary>The page of a site's checklist.</summary>
    public static string AddressOf(string siteId) => $"{SitePages.AddressOf(siteId)}/checklist";

    public static IEndpointRouteBuilder MapChecklistPages(this IEndpointRouteBuilder routes)
    {
        routes.MapBoardPages().MapGet("/sites/{siteId}/checklist", ShowAsync);
        return routes;
    }

    private static async Task<IResult> ShowAsync(string siteId, HttpContext http, SiteDirectory directory, ChecklistRuns runs, CancellationToken ct)
    {
        if (!SiteId.TryParse(siteId, out var id) || await directory.FindAsync(id, ct) is not { } site)
        {
            return new RazorComponentResult<SiteUnknownPage> { StatusCode = StatusCodes.Status404NotFound };
        }

        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(site.Row.TimeZone, out var known) ? known : TimeZoneInfo.Utc;
        return new RazorComponentResult<ChecklistPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ChecklistPage.SiteId)] = id.Value,
            [nameof(ChecklistPage.SiteName)] = site.Row.Name,
            [nameof(ChecklistPage.Run)] = await runs.LatestAsync(id.Value, ct) is { } row ? ChecklistRows.Read(row) : null,
            [nameof(ChecklistPage.Reader)] = new ChecklistReader(CultureInfo.CurrentUICulture, zone),
            [nameof(ChecklistPage.CanOperate)] = http.User.HasClaim(Scope.Claim, Scope.Operate),
        });
    }
}
