using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace PbxGrains.Front.Board.Shell;

/// <summary>
/// Scripts, styles and pictures of the board. They are part of the program, so that it needs no folder beside it; browsers ask
/// each time whether they changed, so that all fronts of an upgrade agree with their own pages.
/// </summary>
internal sealed class BoardAssets
{
    public const string Folder = "/board/";

    private const string ResourcePrefix = "board/";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, Asset> _assets = Read();

    /// <summary>The asset of that name; null when there is none.</summary>
    public Asset? Find(string name) => _assets.GetValueOrDefault(name);

    private static FrozenDictionary<string, Asset> Read()
    {
        var assembly = typeof(BoardAssets).Assembly;
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"");
            assets[resource[ResourcePrefix.Length..]] = new Asset(content, Types[Path.GetExtension(resource)], tag);
        }

        return assets.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>A file of the board.</summary>
    /// <param name="Content">Its bytes.</param>
    /// <param name="Type">Its media type.</param>
    /// <param name="Tag">Changes with its content.</param>
    internal sealed record Asset(byte[] Content, string Type, EntityTagHeaderValue Tag);
}

internal static class BoardAssetRoutes
{
    public static IEndpointRouteBuilder MapBoardAssets(this IEndpointRouteBuilder routes)
    {
        var assets = routes.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        assets.MapGet(BoardAssets.Folder + "{name}", Show);
        assets.MapGet("/favicon.ico", () => TypedResults.LocalRedirect(BoardAssets.Folder + "icon.svg"));
        return routes;
    }

    private static Results<FileContentHttpResult, NotFound> Show(string name, BoardAssets assets, HttpContext http)
    {
        if (assets.Find(name) is not { } asset)
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers[HeaderNames.CacheControl] = "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.File(asset.Content, asset.Type, entityTag: asset.Tag);
    }
}
