using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Events;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Board.Sites;

/// <summary>Pages of sites.</summary>
internal static class SitePages
{
    public static IEndpointRouteBuilder MapSitePages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapBoardPages();
        pages.MapGet("/", SitesAsync);
        return routes;
    }

    private static async Task<RazorComponentResult<SitesPage>> SitesAsync(SiteOffice office, EventReader log, CancellationToken ct)
    {
        // The place first, then the picture: what happens in between is told again, and telling it twice does no harm.
        var cursor = await EventStart.FindAsync(wanted: null, log, ct);
        return new RazorComponentResult<SitesPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(SitesPage.Cursor)] = cursor.Cursor.ToString(),
            [nameof(SitesPage.Sites)] = await office.ListAsync(ct),
        });
    }
}
