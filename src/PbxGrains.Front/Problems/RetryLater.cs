using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace PbxGrains.Front.Problems;

/// <summary>A problem that passes: tells the caller when to come back.</summary>
internal sealed class RetryLater(ProblemHttpResult problem, TimeSpan after) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    /// <summary>A pause that suits a busy cluster or database.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <summary>A pause that suits a PBX that is out of reach.</summary>
    public static readonly TimeSpan NextPoll = TimeSpan.FromSeconds(10);

    public int? StatusCode => problem.StatusCode;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        Announce(httpContext.Response, after);
        return problem.ExecuteAsync(httpContext);
    }

    /// <summary>Sets the header that names the pause.</summary>
    public static void Announce(HttpResponse response, TimeSpan after) =>
        response.Headers.RetryAfter = ((int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));
}
