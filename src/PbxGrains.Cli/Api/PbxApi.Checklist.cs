using System.Globalization;
using System.Net.Http.Headers;

namespace PbxGrains.Cli.Api;

/// <summary>Checklists of sites. Their sentences come in the reader's language.</summary>
internal sealed partial class PbxApi
{
    /// <summary>Media type of a run that is told item by item.</summary>
    public const string LinesType = "application/x-ndjson";

    // A proving call rings, is answered, ends, and then its record is waited for.
    private static readonly TimeSpan LongestSilenceOfCheck = TimeSpan.FromMinutes(5);

    /// <summary>Runs a site's checklist, or joins the run under way; items come as they finish.</summary>
    public Task<ApiAnswer<StreamedAnswer>> OpenChecklistRun(string siteId, ChecklistWish wish, CancellationToken ct) =>
        Open(HttpMethod.Post, Routes.Checklist(siteId), Json(wish, ApiJson.Default.ChecklistWish), LinesType, InReadersLanguage, LongestSilenceOfCheck, ct);

    /// <summary>The last run of a site's checklist.</summary>
    public Task<ApiAnswer<ChecklistRun>> FindChecklistRun(string siteId, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Checklist(siteId), null, ApiJson.Default.ChecklistRun, ct, InReadersLanguage);

    /// <summary>Earlier runs, newest first, without their items.</summary>
    public Task<ApiAnswer<IReadOnlyList<ChecklistRun>>> ListChecklistRuns(string siteId, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Checklist(siteId) + "/runs", null, ApiJson.Default.IReadOnlyListChecklistRun, ct, InReadersLanguage);

    /// <summary>A run as a page to print.</summary>
    public Task<ApiAnswer<StreamedAnswer>> OpenChecklistReport(string siteId, string? runId, CancellationToken ct) =>
        Open(HttpMethod.Get, Routes.Checklist(siteId) + "/report" + ApiQuery.Empty.With("runId", runId), null, "text/html", InReadersLanguage, LongestSilence, ct);

    private static void InReadersLanguage(HttpRequestHeaders headers) =>
        headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName));

    private static partial class Routes
    {
        public static string Checklist(string siteId) => Site(siteId) + "/checklist";
    }
}
