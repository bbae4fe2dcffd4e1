using System.Globalization;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Board.Sites;

/// <summary>The order of the wall: problems first, what was switched off on purpose last. <c>site-order.js</c> keeps it.</summary>
internal static class SiteRank
{
    /// <summary>Sites in the order of the wall.</summary>
    public static IReadOnlyList<SiteResource> Sort(IEnumerable<SiteResource> sites) =>
        [.. sites.OrderBy(Of).ThenBy(site => site.Name, StringComparer.Create(CultureInfo.CurrentUICulture, CompareOptions.IgnoreCase | CompareOptions.NumericOrdering)).ThenBy(site => site.SiteId, StringComparer.Ordinal)];

    /// <summary>True when somebody should look at it.</summary>
    public static bool IsProblem(SiteResource site) => Of(site) < 4;

    private static int Of(SiteResource site) => site.Status?.Health switch
    {
        SiteHealth.Unreachable => 0,
        SiteHealth.CredentialsRejected => 1,
        SiteHealth.Degraded => 2,
        null => 3,
        SiteHealth.Connecting => 4,
        SiteHealth.Online => 5,
        _ => 6,
    };
}
