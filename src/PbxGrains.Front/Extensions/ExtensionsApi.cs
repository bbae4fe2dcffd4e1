using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Extensions;

/// <summary>Routes of extensions.</summary>
internal static class ExtensionsApi
{
    public static IEndpointRouteBuilder MapExtensionsApi(this IEndpointRouteBuilder routes)
    {
        var extensions = routes.MapGroup("/api/pbx/sites/{siteId}/extensions").WithTags("Extensions")
            .RequireAuthorization(Scope.Read).AddEndpointFilter<RegisteredSite>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        extensions.MapGet("", List).WithName("ListExtensions").WithSummary("All extensions of a site with status, source and age.");
        extensions.MapGet("/{number}", Show).WithName("GetExtension").WithSummary("One extension with status, source and age.");
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<ExtensionResource>>> List([AsParameters] SiteScope scope, CancellationToken ct)
    {
        var views = await GrainCalls.Read(scope.Site.ListExtensions, ct);
        return TypedResults.Ok<IReadOnlyList<ExtensionResource>>([.. views.Select(ExtensionResource.Of)]);
    }

    private static async Task<Results<Ok<ExtensionResource>, ProblemHttpResult>> Show(string number, [AsParameters] SiteScope scope, CancellationToken ct) =>
        ExtensionNumber.TryParse(number, out var extension) && await GrainCalls.Read(scope.Extension(extension).Get, ct) is { } view
            ? TypedResults.Ok(ExtensionResource.Of(view))
            : Problem.ExtensionUnknown(number);
}
