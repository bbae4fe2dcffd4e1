using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PbxGrains.Front.Keys;

namespace PbxGrains.Front.Board.SignIn;

/// <summary>Routes by which a key becomes a session, and a session ends.</summary>
internal static class SignInApi
{
    private const string Home = "/";

    public static IEndpointRouteBuilder MapSignIn(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").AllowAnonymous().AsBoardPages();
        pages.MapGet(BoardSession.SignInPath, IResult ([FromQuery] string? to) => Page(to, isRefused: false));
        pages.MapPost(BoardSession.SignInPath, SignInAsync).DisableAntiforgery();
        pages.MapPost("/sign-out", (Delegate)SignOutAsync).DisableAntiforgery();
        return routes;
    }

    private static async Task<IResult> SignInAsync([FromForm] string? key, [FromForm] string? to, HttpContext http, KnownKeys keys)
    {
        if (!SameOrigin.Is(http.Request))
        {
            return SameOrigin.Refusal();
        }

        if (!ApiKey.TryParse(key?.Trim(), out var presented) || await keys.JudgeAsync(presented, http.RequestAborted) is not { } row)
        {
            var refusal = Page(to, isRefused: true);
            refusal.StatusCode = StatusCodes.Status401Unauthorized;
            return refusal;
        }

        await http.SignInAsync(BoardSession.SchemeName, BoardSession.Of(row.KeyId, row.Name, row.Scope));
        return TypedResults.LocalRedirect(Target(to));
    }

    private static async Task<IResult> SignOutAsync(HttpContext http)
    {
        if (!SameOrigin.Is(http.Request))
        {
            return SameOrigin.Refusal();
        }

        await http.SignOutAsync(BoardSession.SchemeName);
        return TypedResults.LocalRedirect(BoardSession.SignInPath);
    }

    private static RazorComponentResult<SignInPage> Page(string? to, bool isRefused) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(SignInPage.To)] = Target(to), [nameof(SignInPage.IsRefused)] = isRefused });

    /// <summary>Where to go afterwards: a page of ours, whatever the address says.</summary>
    private static string Target(string? to) =>
        to is ['/', ..] and not ['/', '/' or '\\', ..] && !to.Any(char.IsControl) && !to.StartsWith(BoardSession.SignInPath, StringComparison.Ordinal) ? to : Home;
}
