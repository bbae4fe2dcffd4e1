using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PbxGrains.Front.Calls;
using PbxGrains.Front.Keys;
using Scalar.AspNetCore;

namespace PbxGrains.Front.OpenApi;

/// <summary>The API's own description, and a page to read it; both carry everything they need with them.</summary>
internal static class ApiDescription
{
    private const string Bearer = "bearer";
    private const string Header = "header";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(DemandKey);
    });

    public static IEndpointRouteBuilder MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi().AllowAnonymous();
        routes.MapScalarApiReference("/docs", page => page
            .WithTitle("PbxGrains API")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()).AllowAnonymous();
        return routes;
    }

    /// <summary>Says which problems a route may answer.</summary>
    public static TBuilder ProducesProblems<TBuilder>(this TBuilder routes, params ReadOnlySpan<int> statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            routes.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));
        }

        return routes;
    }

    /// <summary>Shows the idempotency header, which the handler reads itself.</summary>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder route) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = OriginateWish.KeyHeader,
            In = ParameterLocation.Header,
            Description = "1 to 128 visible ASCII characters. The same key within 24 hours gives the same answer and never a second call.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        return Task.CompletedTask;
    });

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "PbxGrains",
            Version = "v1",
            Description = "One API over every Yeastar PBX of a company. Instants are UTC, unknown is null, errors are problem details (RFC 9457) with a stable type and code.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, pbx_…" },
            [Header] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = KeyAuthentication.HeaderName, Description = "An API key, pbx_…" },
        };
        return Task.CompletedTask;
    }

    private static Task DemandKey(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            return Task.CompletedTask;
        }

        var scope = metadata.OfType<IAuthorizeData>().Select(a => a.Policy).LastOrDefault() ?? Keys.Scope.Admin;
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Header, context.Document)] = [] },
        ];
        operation.Description = string.Join("\n\n", new[] { operation.Description, $"Needs a key of scope `{scope}`." }.Where(s => !string.IsNullOrEmpty(s)));
        return Task.CompletedTask;
    }
}
