using PbxGrains.Front.Problems;

namespace PbxGrains.Front.Board.SignIn;

/// <summary>
/// What a session changes must be asked for by the board's own pages. Browsers say so themselves; the cookie's
/// <c>SameSite=Strict</c> alone would let a neighbour under the same domain in.
/// </summary>
internal static class SameOrigin
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>Runs after authentication.</summary>
    public static IApplicationBuilder UseSameOrigin(this IApplicationBuilder app) => app.Use((http, next) =>
        BoardSession.Is(http.User) && !IsSafe(http.Request.Method) && !Is(http.Request)
            ? Refusal().ExecuteAsync(http)
            : next(http));

    /// <summary>Whether a page of this very host sent the request.</summary>
    public static bool Is(HttpRequest request) => request.Headers[FetchSite].ToString() switch
    {
        "same-origin" => true,
        "" => Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin)
            && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>The answer to others.</summary>
    public static IResult Refusal() => Problem.Of(
        StatusCodes.Status403Forbidden,
        ProblemCodes.Forbidden,
        "Not from here",
        "A session of the board may be used by the board's own pages only. Programs send an API key instead. A reverse proxy has to pass on the Host header as it came, with its port.");

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
