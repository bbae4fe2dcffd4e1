using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Board.Calls;

/// <summary>A site to choose.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Zone">Zone of its clock.</param>
public sealed record SiteChoice(string Id, string Name, TimeZoneInfo Zone)
{
    /// <summary>The registered sites in the order of their names; what was removed has no name but its id.</summary>
    internal static async Task<IReadOnlyList<SiteChoice>> ListAsync(SiteRegistry registry, CancellationToken ct) =>
    [
        .. (await registry.ListAsync(ct)).Select(row => new SiteChoice(row.SiteId, row.Name, TimeZoneInfo.TryFindSystemTimeZoneById(row.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc))
            .OrderBy(site => site.Name, StringComparer.CurrentCultureIgnoreCase).ThenBy(site => site.Id, StringComparer.Ordinal),
    ];
}

/// <summary>Finds names of sites.</summary>
internal static class SiteChoices
{
    /// <summary>The site's name; its id when it is not registered any more.</summary>
    public static string NameOf(this IReadOnlyList<SiteChoice> sites, string id) => sites.FirstOrDefault(site => site.Id == id)?.Name ?? id;
}
