using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Calls;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Events;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Board.Calls;

/// <summary>Pages of calls.</summary>
internal static class CallPages
{
    private const string After = "after";
    private const string Newer = "newer";

    public static IEndpointRouteBuilder MapCallPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapBoardPages();
        pages.MapGet("/calls", ListAsync);
        pages.MapGet("/calls/{site}/{callId}", ShowAsync);
        pages.MapGet("/missed", MissedCallPage.ShowAsync);
        return routes;
    }

    /// <summary>What a page is given, by the names of its parameters.</summary>
    public static RazorComponentResult<TPage> Page<TPage>(params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        var given = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            given[name] = value;
        }

        return new RazorComponentResult<TPage>(given);
    }

    private static async Task<RazorComponentResult> ListAsync(
        HttpRequest request, CallRecordReader reader, SiteRegistry registry, EventReader log, TimeProvider time, CancellationToken ct)
    {
        var start = await EventStart.FindAsync(wanted: null, log, ct);
        var sites = await SiteChoice.ListAsync(registry, ct);
        var filters = CallFilters.Read(request.Query, ReaderZone(request), time.GetUtcNow());
        var place = request.Query[After].ToString();
        var query = filters.ForApi(QueryParameters.History, place);
        var isLost = query is null && filters.Errors.Keys.SequenceEqual([After]);
        query = isLost ? filters.ForApi(QueryParameters.History, after: null) : query;
        if (query is null)
        {
            return Page<CallsPage>((nameof(CallsPage.Cursor), start.Cursor.ToString()), (nameof(CallsPage.Filters), filters), (nameof(CallsPage.Sites), sites));
        }

        CallRecordCursor? newer = PageCursor.TryRead(request.Query[Newer].ToString(), out var cursor) ? cursor : null;
        var listing = await CallListing.ReadAsync(query, newer, CallsPage.PageSize, reader, registry, ct);
        return Page<CallsPage>(
            (nameof(CallsPage.Cursor), start.Cursor.ToString()),
            (nameof(CallsPage.Filters), filters),
            (nameof(CallsPage.Sites), sites),
            (nameof(CallsPage.Records), listing.Records.Select(CallRecordResource.Of).ToList()),
            (nameof(CallsPage.IsPageLost), isLost),
            (nameof(CallsPage.NewestLink), listing.IsFirst ? null : "/calls" + filters.PageQuery()),
            (nameof(CallsPage.NewerLink), listing is { IsFirst: false, Records: [var first, ..] } ? "/calls" + filters.PageQuery((Newer, PageCursor.Write(CallRecordCursor.After(first)))) : null),
            (nameof(CallsPage.OlderLink), listing is { HasOlder: true, Records: [.., var last] } ? "/calls" + filters.PageQuery((After, PageCursor.Write(CallRecordCursor.After(last)))) : null));
    }

    private static async Task<RazorComponentResult> ShowAsync(
        string site, string callId, HttpContext http, CallStories stories, SiteRegistry registry, EventReader log, CancellationToken ct)
    {
        var start = await EventStart.FindAsync(wanted: null, log, ct);
        var story = await stories.FindAsync(site, callId, ct);
        if (story is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        return Page<CallPage>(
            (nameof(CallPage.Cursor), start.Cursor.ToString()),
            (nameof(CallPage.Story), story is null ? null : CallStoryResource.Of(story)),
            (nameof(CallPage.Sites), await SiteChoice.ListAsync(registry, ct)),
            (nameof(CallPage.Zone), ReaderZone(http.Request)));
    }

    private static TimeZoneInfo ReaderZone(HttpRequest request) => Shell.ReaderZone.Of(request);
}
