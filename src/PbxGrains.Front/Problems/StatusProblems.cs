namespace PbxGrains.Front.Problems;

/// <summary>Problem details for answers that would else have an empty body: unknown routes, wrong methods and the like.</summary>
internal static class StatusProblems
{
    public static Task Write(HttpContext http)
    {
        var status = http.Response.StatusCode;
        var (code, title, detail) = Describe(status);
        return Problem.Of(status, code, title, detail).ExecuteAsync(http);
    }

    public static (string Code, string Title, string Detail) Describe(int status) => status switch
    {
        StatusCodes.Status404NotFound => ("not-found", "Nothing here", "No route has this address. /docs lists them."),
        StatusCodes.Status405MethodNotAllowed => ("method-not-allowed", "Wrong method", "This address exists, but not with this method. The Allow header names those it takes."),
        StatusCodes.Status408RequestTimeout => ("too-slow", "The request came too slowly", "The body did not arrive in time. Send it again."),
        StatusCodes.Status413PayloadTooLarge => ("too-large", "The body is too large", "Send a smaller body; a report may have 256 KiB, a list of agents 8 MiB, any other body 1 MiB."),
        StatusCodes.Status415UnsupportedMediaType => ("unsupported-media-type", "Wrong media type", "Send the body as application/json in UTF-8."),
        StatusCodes.Status429TooManyRequests => ("too-many-requests", "Too many requests", "Wait as long as the Retry-After header says."),
        _ when status < 500 => (ProblemCodes.InvalidRequest, "The request cannot be used", "Something about this request cannot be used. /docs shows what the route takes."),
        _ => (ProblemCodes.InternalError, "Something broke here", "This is our fault. The log of the front tells what happened."),
    };
}
