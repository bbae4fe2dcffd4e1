using Microsoft.AspNetCore.Mvc;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Problems;

namespace PbxGrains.Front.Sites;

/// <summary>The site a route names, and its actors. Behind <see cref="RegisteredSite"/> the site exists.</summary>
/// <param name="SiteId">The site.</param>
/// <param name="Grains">The actors.</param>
internal sealed record SiteScope([FromRoute] string SiteId, [FromServices] IGrainFactory Grains)
{
    /// <summary>The site's id.</summary>
    public SiteId Id => Contracts.SiteId.Parse(SiteId);

    /// <summary>The site's actor.</summary>
    public ISiteGrain Site => Grains.GetGrain<ISiteGrain>(Id.GrainKey);

    /// <summary>The actor of one of its extensions.</summary>
    public IExtensionGrain Extension(ExtensionNumber number) => Grains.GetGrain<IExtensionGrain>(new ExtensionId(Id, number).GrainKey);
}

/// <summary>Answers 404 for sites that are not registered, so that no actor wakes up for them.</summary>
internal sealed class RegisteredSite(SiteDirectory directory) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var text = http.GetRouteValue("siteId") as string ?? "";
        return SiteId.TryParse(text, out var id) && await directory.FindAsync(id, http.RequestAborted) is not null
            ? await next(context)
            : Problem.SiteUnknown(text);
    }
}
