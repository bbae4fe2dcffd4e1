using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using PbxGrains.Front.Board;
using PbxGrains.Front.Board.SignIn;

namespace PbxGrains.Front.Keys;

internal static class KeyServices
{
    /// <summary>Whoever shows a key is judged by it; a session of the board is asked for only where there is none.</summary>
    private const string KeyOrSession = "KeyOrSession";

    /// <summary>Keys as the only way in, a session being made of one; a route that names no policy of its own demands an admin key.</summary>
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<KnownKeys>();
        services.AddHostedService<FirstAdminKey>();
        services.AddAuthentication(KeyOrSession)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, configureOptions: null)
            .AddCookie(BoardSession.SchemeName, BoardSession.Configure)
            .AddPolicyScheme(KeyOrSession, displayName: null, options =>
            {
                options.ForwardDefaultSelector = http =>
                    !KeyAuthentication.IsPresented(http.Request) && http.Request.Cookies.ContainsKey(BoardSession.CookieName) ? BoardSession.SchemeName : KeyAuthentication.SchemeName;
                options.ForwardChallenge = KeyAuthentication.SchemeName;
                options.ForwardForbid = KeyAuthentication.SchemeName;
            });
        services.AddAuthorizationBuilder()
            .AddPolicy(Scope.Read, p => p.RequireClaim(Scope.Claim, Scope.Read))
            .AddPolicy(Scope.Operate, p => p.RequireClaim(Scope.Claim, Scope.Operate))
            .AddPolicy(Scope.Admin, p => p.RequireClaim(Scope.Claim, Scope.Admin))
            .AddPolicy(BoardPage.Policy, p => p.AddAuthenticationSchemes(BoardSession.SchemeName).RequireClaim(Scope.Claim, Scope.Read))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireClaim(Scope.Claim, Scope.Admin).Build());
        return services;
    }
}
