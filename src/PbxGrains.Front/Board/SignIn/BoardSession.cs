using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using PbxGrains.Front.Keys;

namespace PbxGrains.Front.Board.SignIn;

/// <summary>
/// Who signed in to the board with an API key carries a cookie instead of the key. It names the key and lives no longer
/// than it: a revoked key ends its sessions within seconds. Any front of the installation reads it, since they share the key ring.
/// </summary>
internal static class BoardSession
{
    public const string SchemeName = "Board";
    public const string CookieName = "pbxgrains-board";
    public const string SignInPath = "/sign-in";

    /// <summary>Claim with the name an administrator gave the key.</summary>
    public const string KeyNameClaim = "key-name";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = true;
        options.LoginPath = SignInPath;
        options.AccessDeniedPath = SignInPath;
        options.ReturnUrlParameter = "to";
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>The session of a key that was just found valid.</summary>
    public static ClaimsPrincipal Of(string keyId, string keyName, string scope)
    {
        var identity = Scope.Identity(SchemeName, keyId, scope);
        identity.AddClaim(new Claim(KeyNameClaim, keyName));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>True when the caller came with a session, not with a key.</summary>
    public static bool Is(ClaimsPrincipal user) => user.Identity?.AuthenticationType == SchemeName;

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        // Routes open to everybody must not depend on the database for a session they do not need.
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            context.RejectPrincipal();
            return;
        }

        var keys = context.HttpContext.RequestServices.GetRequiredService<KnownKeys>();
        if (context.Principal?.FindFirstValue(ClaimTypes.Name) is not { } keyId || await keys.FindLiveAsync(keyId, context.HttpContext.RequestAborted) is not { } key)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(SchemeName);
            return;
        }

        context.ReplacePrincipal(Of(key.KeyId, key.Name, key.Scope));
    }
}
