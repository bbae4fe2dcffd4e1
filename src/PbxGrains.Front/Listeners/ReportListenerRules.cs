using PbxGrains.Front.Problems;
using PbxGrains.Front.Webhooks;

namespace PbxGrains.Front.Listeners;

/// <summary>Rules of the report listener: report routes only, one request per connection (fact sheet S-Series §7.1).</summary>
internal static class ReportListenerRules
{
    /// <summary>Runs after routing.</summary>
    public static IApplicationBuilder UseReportListenerRules(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Features.Get<ReportConnection>() is null)
        {
            return next(http);
        }

        // At the very end: an answer to an exception begins by forgetting all headers.
        http.Response.OnStarting(static response =>
        {
            ((HttpResponse)response).Headers.Connection = "close";
            return Task.CompletedTask;
        }, http.Response);
        if (http.GetEndpoint()?.Metadata.GetMetadata<ReportRoute>() is not null)
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return StatusProblems.Write(http);
    });
}
