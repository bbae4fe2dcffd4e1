using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace PbxGrains.Front.Webhooks;

/// <summary>
/// The secret a webhook request came with, taken out of its address before anything could log or trace it.
/// </summary>
/// <param name="Value">The secret.</param>
internal sealed partial record PresentedSecret(string Value)
{
    /// <summary>What stands in the address instead.</summary>
    public const string Mask = "***";

    private const string QueryKey = "secret";

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
        var match = SecretOfPath().Match(request.Path);
        if (!match.Success)
        {
            return null;
        }

        request.Path = request.Path[..match.Index] + Mask;
        return match.Value;
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

    // An escaped slash reaches us escaped; it leads to no route, but what follows it is a secret all the same.
    [GeneratedRegex("(?<=(?:/|%2F)webhook(?:/|%2F)+[^/%]+(?:/|%2F)).+", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretOfPath();
}
