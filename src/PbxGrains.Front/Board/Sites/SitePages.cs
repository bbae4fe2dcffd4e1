using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts;
using PbxGrains.Front.Board.Texts;
using PbxGrains.Front.Calls;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Events;
using PbxGrains.Front.Extensions;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Events;
using AgentDirectory = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Front.Board.Sites;

/// <summary>Pages of sites: the wall of all of them, and one of them closely.</summary>
internal static class SitePages
{
    private const int Happenings = 20;

    /// <summary>Longest wait for an actor before the page is shown without what it knows.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Sheets of these pages.</summary>
    public static IReadOnlyList<string> Styles { get; } = ["sites.css"];

    /// <summary>The page of a site.</summary>
    public static string AddressOf(string siteId) => $"/sites/{siteId}";

    public static IEndpointRouteBuilder MapSitePages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapBoardPages();
        pages.MapGet("/", SitesAsync);
        pages.MapGet("/sites/{siteId}", SiteAsync);
        return routes;
    }

    private static async Task<RazorComponentResult> SitesAsync(SiteOffice office, EventReader log, CancellationToken ct)
    {
        // The place first, then the picture: what happens in between is told again, and telling it twice does no harm.
        var cursor = await EventStart.FindAsync(wanted: null, log, ct);
        return new RazorComponentResult<SitesPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(SitesPage.Cursor)] = cursor.Cursor.ToString(),
            [nameof(SitesPage.Sites)] = SiteRank.Sort(await office.ListAsync(ct)),
        });
    }

    private static async Task<IResult> SiteAsync(
        string siteId, HttpContext http, SiteOffice office, IGrainFactory grains, AgentDirectory agents, EventReader log, EventRing ring, CancellationToken ct)
    {
        var cursor = await EventStart.FindAsync(wanted: null, log, ct);
        if (!SiteId.TryParse(siteId, out var id) || await office.FindAsync(id, ct) is not { } site)
        {
            return new RazorComponentResult<SiteUnknownPage> { StatusCode = StatusCodes.Status404NotFound };
        }

        var actor = new SiteScope(id.Value, grains).Site;
        var extensions = GrainCalls.TryRead(actor.ListExtensions, Patience, ct);
        var calls = GrainCalls.TryRead(actor.ListCalls, Patience, ct);
        var theirs = (await agents.ListAsync(ct)).Where(agent => agent.SiteId == id.Value).ToLookup(agent => agent.Extension, StringComparer.Ordinal);
        return new RazorComponentResult<SitePage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(SitePage.Cursor)] = cursor.Cursor.ToString(),
            [nameof(SitePage.Site)] = site,
            [nameof(SitePage.Phones)] = (IReadOnlyList<Phone>)[.. (await extensions ?? []).Select(view => Phone.Of(ExtensionResource.Of(view), theirs[view.Number.Value].FirstOrDefault()))],
            [nameof(SitePage.Calls)] = (IReadOnlyList<CallResource>)[.. (await calls ?? []).Select(CallResource.Of)],
            [nameof(SitePage.Happenings)] = HappeningsOf(id.Value, ring),
            [nameof(SitePage.CanOperate)] = http.User.HasClaim(Scope.Claim, Scope.Operate),
        });
    }

    /// <summary>What happened last as far as this front still holds it, newest first, as a JSON array; the page goes on from there.</summary>
    private static string HappeningsOf(string siteId, EventRing ring)
    {
        var events = ring.Newest(Happenings, told => told.Logged.Event.SiteId == siteId).Select(told => Encoding.UTF8.GetString(told.Json.Span));
        return BoardTexts.SafeInHtml($"[{string.Join(',', events)}]");
    }
}
