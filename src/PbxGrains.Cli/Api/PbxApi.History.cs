using System.Net.Http.Headers;

namespace PbxGrains.Cli.Api;

/// <summary>The call history: records, imports, completeness, retention and recordings.</summary>
internal sealed partial class PbxApi
{
    /// <summary>A page of call records.</summary>
    public Task<ApiAnswer<CallRecordPage>> ListCallRecords(ApiQuery query, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.CallRecords + query, null, ApiJson.Default.CallRecordPage, ct);

    /// <summary>A page of missed calls nobody made good.</summary>
    public Task<ApiAnswer<CallRecordPage>> ListMissedCalls(ApiQuery query, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Missed + query, null, ApiJson.Default.CallRecordPage, ct);

    /// <summary>One call record with its history.</summary>
    public Task<ApiAnswer<CallRecordResource>> FindCallRecord(string recordId, CancellationToken ct) =>
        Send(HttpMethod.Get, $"{Routes.CallRecords}/{Uri.EscapeDataString(recordId)}", null, ApiJson.Default.CallRecordResource, ct);

    /// <summary>All that is known about one call.</summary>
    public Task<ApiAnswer<CallHistory>> FindCallHistory(string callId, string? siteId, CancellationToken ct) =>
        Send(HttpMethod.Get, $"{Routes.CallHistories}/{Uri.EscapeDataString(callId)}{ApiQuery.Empty.With("site", siteId)}", null, ApiJson.Default.CallHistory, ct);

    /// <summary>All call records that match, as one long answer.</summary>
    /// <param name="query">Which.</param>
    /// <param name="format">csv or ndjson.</param>
    /// <param name="mediaType">The media type of that format.</param>
    /// <param name="ct">Stops asking.</param>
    public Task<ApiAnswer<StreamedAnswer>> OpenCallRecords(ApiQuery query, string format, string mediaType, CancellationToken ct) =>
        Open(HttpMethod.Get, Routes.CallRecords + query.With("format", format), null, mediaType, null, LongestSilence, ct);

    /// <summary>Starts reading a PBX's history.</summary>
    public Task<ApiAnswer<ImportResource>> StartImport(string siteId, ImportInput import, CancellationToken ct) =>
        Send(HttpMethod.Post, Routes.Imports(siteId), Json(import, ApiJson.Default.ImportInput), ApiJson.Default.ImportResource, ct);

    /// <summary>The last imports of a site, newest first.</summary>
    public Task<ApiAnswer<IReadOnlyList<ImportResource>>> ListImports(string siteId, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Imports(siteId), null, ApiJson.Default.IReadOnlyListImportResource, ct);

    /// <summary>How an import is getting on.</summary>
    public Task<ApiAnswer<ImportResource>> FindImport(string siteId, string importId, CancellationToken ct) =>
        Send(HttpMethod.Get, $"{Routes.Imports(siteId)}/{Uri.EscapeDataString(importId)}", null, ApiJson.Default.ImportResource, ct);

    /// <summary>Ends an import; what it has read stays.</summary>
    public Task<ApiAnswer<Nothing>> CancelImport(string siteId, string importId, CancellationToken ct) =>
        Send<Nothing>(HttpMethod.Delete, $"{Routes.Imports(siteId)}/{Uri.EscapeDataString(importId)}", null, null, ct);

    /// <summary>Whether a site's records are complete, hour by hour.</summary>
    public Task<ApiAnswer<CompletenessResource>> FindCompleteness(string siteId, ApiQuery query, CancellationToken ct) =>
        Send(HttpMethod.Get, $"{Routes.Site(siteId)}/completeness{query}", null, ApiJson.Default.CompletenessResource, ct);

    /// <summary>How long things are kept; of all sites when none is named.</summary>
    public Task<ApiAnswer<RetentionResource>> FindRetention(string? siteId, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Retention(siteId), null, ApiJson.Default.RetentionResource, ct);

    /// <summary>Says how long things are kept.</summary>
    public Task<ApiAnswer<Nothing>> SaveRetention(string? siteId, RetentionResource retention, CancellationToken ct) =>
        Send<Nothing>(HttpMethod.Put, Routes.Retention(siteId), Json(retention, ApiJson.Default.RetentionResource), null, ct);

    /// <summary>What is known of a recording.</summary>
    public Task<ApiAnswer<RecordingResource>> FindRecording(string recordingId, CancellationToken ct) =>
        Send(HttpMethod.Get, Routes.Recording(recordingId) + "/info", null, ApiJson.Default.RecordingResource, ct);

    /// <summary>A recording's sound.</summary>
    /// <param name="recordingId">Which.</param>
    /// <param name="from">The first byte wanted; 0 for all of it.</param>
    /// <param name="tag">The rest is wanted only when the recording still has this tag, and all of it otherwise; null asks for all of it.</param>
    /// <param name="ct">Stops asking.</param>
    public Task<ApiAnswer<StreamedAnswer>> OpenRecording(string recordingId, long from, string? tag, CancellationToken ct) =>
        Open(
            HttpMethod.Get,
            Routes.Recording(recordingId),
            null,
            "audio/*",
            headers =>
            {
                if (from > 0 && tag is not null)
                {
                    headers.Range = new RangeHeaderValue(from, null);
                    headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue($"\"{tag}\""));
                }
            },
            LongestSilence,
            ct);

    private static partial class Routes
    {
        public const string CallRecords = "api/pbx/cdrs";

        public const string Missed = "api/pbx/missed";

        public const string CallHistories = "api/pbx/calls";

        public static string Imports(string siteId) => Site(siteId) + "/imports";

        public static string Retention(string? siteId) => siteId is null ? "api/pbx/retention" : Site(siteId) + "/retention";

        public static string Recording(string recordingId) => $"api/pbx/recordings/{Uri.EscapeDataString(recordingId)}";
    }
}
