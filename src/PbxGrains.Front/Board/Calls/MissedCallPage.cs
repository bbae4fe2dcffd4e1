using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Board.Shell;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Events;
using PbxGrains.Front.Keys;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Board.Calls;

/// <summary>The page of those who wait to be called back.</summary>
internal static class MissedCallPage
{
    private const int PageSize = 200;
    private const string After = "after";

    /// <summary>Shows the page.</summary>
    public static async Task<RazorComponentResult> ShowAsync(
        HttpContext http, CallRecordReader reader, SiteRegistry registry, EventReader log, TimeProvider time, CancellationToken ct)
    {
        var start = await EventStart.FindAsync(wanted: null, log, ct);
        var filters = CallFilters.Read(http.Request.Query, ReaderZone.Of(http.Request), time.GetUtcNow());
        var query = filters.ForApi(QueryParameters.Missed, http.Request.Query[After]);
        var rows = query is null ? [] : await reader.MissedAsync(await query.FilterAsync(registry, ct), query.After, PageSize + 1, ct);
        var older = rows.Count > PageSize ? PageCursor.Write(CallRecordCursor.After(rows[PageSize - 1])) : null;
        return CallPages.Page<MissedPage>(
            (nameof(MissedPage.Cursor), start.Cursor.ToString()),
            (nameof(MissedPage.Filters), filters),
            (nameof(MissedPage.Sites), await SiteChoice.ListAsync(registry, ct)),
            (nameof(MissedPage.Callers), MissedCaller.Of(rows.Take(PageSize))),
            (nameof(MissedPage.OlderLink), older is null ? null : "/missed" + filters.PageQuery((After, older))),
            (nameof(MissedPage.MayCall), http.User.HasClaim(Scope.Claim, Scope.Operate)));
    }
}
