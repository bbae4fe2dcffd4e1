using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Board.Calls;
using PbxGrains.Front.Board.Shell;
using PbxGrains.Front.Cdrs.Statistics;
using PbxGrains.Front.Events;
using PbxGrains.Storage.Cdrs.Statistics;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Board.Charts;

/// <summary>Pages of charts.</summary>
internal static class ChartPages
{
    public static IEndpointRouteBuilder MapChartPages(this IEndpointRouteBuilder routes)
    {
        routes.MapBoardPages().MapGet("/charts", ShowAsync);
        return routes;
    }

    // A day is counted in milliseconds; a month of a large company is not.
    private static int LiveSecondsOf(CallStatisticsWish wish) => wish.To - wish.From < TimeSpan.FromDays(2) ? 10 : 120;

    private static async Task<RazorComponentResult> ShowAsync(
        HttpRequest request, CallStatisticsReader reader, SiteRegistry registry, EventReader log, TimeProvider time, CancellationToken ct)
    {
        var start = await EventStart.FindAsync(wanted: null, log, ct);
        var sites = await SiteChoice.ListAsync(registry, ct);
        var now = time.GetUtcNow();
        var filters = ChartFilters.Read(request.Query, sites, ReaderZone.Of(request), now);
        var wish = filters.ForApi(now);
        return CallPages.Page<ChartsPage>(
            (nameof(ChartsPage.Cursor), start.Cursor.ToString()),
            (nameof(ChartsPage.Filters), filters),
            (nameof(ChartsPage.Sites), sites),
            (nameof(ChartsPage.LiveSeconds), wish?.To > now ? LiveSecondsOf(wish) : null),
            (nameof(ChartsPage.Statistics), wish is null ? null : CallStatisticsResource.Of(wish, await reader.CountAsync(wish, ct))));
    }
}
