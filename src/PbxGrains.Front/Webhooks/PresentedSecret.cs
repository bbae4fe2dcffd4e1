using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace PbxGrains.Front.Webhooks;

/// <summary>
/// The secret a webhook request came with, taken out of its address before anything could log or trace it.
/// </summary>
/// <param name="Value">The secret.</param>
internal sealed record PresentedSecret(string Value)
{
    /// <summary>What stands in the address instead.</summary>
    public const string Mask = "***";

    private const string QueryKey = "secret";
    private const string Marker = "/webhook/";

    /// <summary>
    /// Moves a secret out of path and query into this feature. Anything after the site's segment counts as secret, also
    /// in an address that no route will match.
    /// </summary>
    public static void TakeFrom(IFeatureCollection features)
    {
        if (features.Get<IHttpRequestFeature>() is not { } request)
        {
            return;
        }

        var inPath = TakeFromPath(request);
        var inQuery = TakeFromQuery(request);
        if (inPath is null && inQuery is null)
        {
            return;
        }

        request.RawTarget = request.PathBase + request.Path + request.QueryString;
        features.Set(new PresentedSecret((inPath ?? inQuery)!));
    }

    /// <inheritdoc />
    public override string ToString() => Mask;

    private static string? TakeFromPath(IHttpRequestFeature request)
    {
        var path = request.Path;
        var marker = path.IndexOf(Marker, StringComparison.OrdinalIgnoreCase);
        if (marker < 0)
        {
            return null;
        }

        var site = marker + Marker.Length;
        while (site < path.Length && path[site] == '/')
        {
            site++;
        }

        var slash = path.IndexOf('/', site);
        var secret = slash < 0 ? "" : path[(slash + 1)..];
        if (secret.Length == 0)
        {
            return null;
        }

        request.Path = path[..(slash + 1)] + Mask;
        return secret;
    }

    private static string? TakeFromQuery(IHttpRequestFeature request)
    {
        if (!request.QueryString.Contains(QueryKey, StringComparison.OrdinalIgnoreCase) && !request.QueryString.Contains('%', StringComparison.Ordinal))
        {
            return null;
        }

        string? secret = null;
        var kept = new QueryBuilder();
        foreach (var pair in new QueryStringEnumerable(request.QueryString))
        {
            var name = pair.DecodeName().ToString();
            if (string.Equals(name, QueryKey, StringComparison.OrdinalIgnoreCase))
            {
                secret ??= pair.DecodeValue().ToString();
                kept.Add(name, Mask);
            }
            else
            {
                kept.Add(name, pair.DecodeValue().ToString());
            }
        }

        if (secret is null)
        {
            return null;
        }

        request.QueryString = kept.ToString();
        return secret.Length == 0 ? null : secret;
    }
}
