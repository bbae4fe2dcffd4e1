using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using PbxGrains.Front.Problems;

namespace PbxGrains.Front.Keys;

/// <summary>Reads an API key from <c>Authorization: Bearer</c> or <c>X-Api-Key</c>.</summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    KnownKeys keys) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string HeaderName = "X-Api-Key";

    private const string Bearer = "Bearer ";

    /// <summary>Whether a request shows a key, be it a good one or not.</summary>
    public static bool IsPresented(HttpRequest request) => request.Headers.ContainsKey(HeaderNames.Authorization) || request.Headers.ContainsKey(HeaderName);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Routes open to everybody must not depend on the database for a key they do not need.
        var text = Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null ? Presented() : null;
        if (text is null)
        {
            return AuthenticateResult.NoResult();
        }

        if (!ApiKey.TryParse(text, out var key) || await keys.JudgeAsync(key, Context.RequestAborted) is not { } row)
        {
            return AuthenticateResult.Fail("The key is not valid.");
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(Scope.Identity(SchemeName, row.KeyId, row.Scope)), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Presented() is null ? "Bearer realm=\"pbxgrains\"" : "Bearer realm=\"pbxgrains\", error=\"invalid_token\"";
        return Problem.Of(
            StatusCodes.Status401Unauthorized,
            ProblemCodes.Unauthenticated,
            "No valid API key",
            "Send a live key as 'Authorization: Bearer pbx_…' or 'X-Api-Key: pbx_…'. An administrator makes one with 'pbx key create'.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"pbxgrains\", error=\"insufficient_scope\"";
        return Problem.Of(
            StatusCodes.Status403Forbidden,
            ProblemCodes.Forbidden,
            "The key may not do this",
            "This needs a key with a higher scope: read < operate < admin. GET /api/pbx/keys lists scopes.").ExecuteAsync(Context);
    }

    private string? Presented()
    {
        if (Request.Headers[HeaderNames.Authorization].ToString() is { Length: > 0 } header)
        {
            return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
        }

        return Request.Headers[HeaderName].ToString() is { Length: > 0 } key ? key.Trim() : null;
    }
}
