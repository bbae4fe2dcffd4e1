using Microsoft.Net.Http.Headers;

namespace PbxGrains.Front.Board.Shell;

/// <summary>What browsers may do with a page: nothing that is not served from here, no inline script or style, no frame around it.</summary>
internal sealed class BoardHeaders(RequestDelegate next)
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
        "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";

        // A page holds a picture of one moment: the browser must not show it again later as if it were new.
        headers[HeaderNames.CacheControl] = "no-store";
        return next(http);
    }
}
