using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace PbxGrains.Front.Keys;

internal static class KeyServices
{
    /// <summary>Keys as the only way in; a route that names no policy of its own demands an admin key.</summary>
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<KnownKeys>();
        services.AddHostedService<FirstAdminKey>();
        services.AddAuthentication(KeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Scope.Read, p => p.RequireClaim(Scope.Claim, Scope.Read))
            .AddPolicy(Scope.Operate, p => p.RequireClaim(Scope.Claim, Scope.Operate))
            .AddPolicy(Scope.Admin, p => p.RequireClaim(Scope.Claim, Scope.Admin))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireClaim(Scope.Claim, Scope.Admin).Build());
        return services;
    }
}
