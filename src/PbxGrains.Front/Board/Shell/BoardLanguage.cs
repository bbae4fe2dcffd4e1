using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace PbxGrains.Front.Board.Shell;

/// <summary>The reader's language: the one chosen on the page, else the browser's; English when it is neither French nor English.</summary>
internal static class BoardLanguage
{
    public const string Path = "/language";

    private const string CookieName = "pbxgrains-language";
    private static readonly string[] Known = ["en", "fr"];

    /// <summary>The language of this page.</summary>
    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <summary>The other one.</summary>
    public static string Other => Current == "fr" ? "en" : "fr";

    public static void Configure(RequestLocalizationOptions options)
    {
        options.SetDefaultCulture(Known[0]).AddSupportedCultures(Known).AddSupportedUICultures(Known);
        options.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = CookieName }, new AcceptLanguageHeaderRequestCultureProvider()];
    }

    public static IEndpointRouteBuilder MapBoardLanguage(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("").AllowAnonymous().AsBoardPages().MapPost(Path, Choose).DisableAntiforgery();
        return routes;
    }

    private static RedirectHttpResult Choose([FromForm] string? language, HttpContext http)
    {
        var chosen = Known.Contains(language) ? language! : Known[0];
        http.Response.Cookies.Append(
            CookieName,
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(chosen)),
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
        var back = Uri.TryCreate(http.Request.Headers.Referer.ToString(), UriKind.Absolute, out var page) && string.Equals(page.Authority, http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
            ? page.PathAndQuery
            : "/";
        return TypedResults.LocalRedirect(back.StartsWith("//", StringComparison.Ordinal) ? "/" : back);
    }
}
