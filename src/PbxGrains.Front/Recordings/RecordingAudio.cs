using System.Net;
using System.Security.Claims;
using Microsoft.Net.Http.Headers;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Front.Recordings;

/// <summary>
/// Hands out a recording from the vault: ranges, conditions and HEAD as the platform does them, nothing buffered. Before the
/// first byte of audio is read, a row says who listens; afterwards it says how much was handed over.
/// </summary>
internal sealed partial class RecordingAudio(RecordingRow row, IRecordingVault vault) : IResult
{
    private const int LongestRangeKept = 100;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var listenings = services.GetRequiredService<RecordingListenings>();
        var time = services.GetRequiredService<TimeProvider>();
        long? listening = null;
        await using var content = new VaultStream(vault, row.RecordingId, row.Bytes!.Value, async ct => listening ??= await listenings.BeginAsync(Listening(httpContext, time.GetUtcNow()), ct));
        try
        {
            var headers = httpContext.Response.GetTypedHeaders();
            headers.ContentDisposition = new ContentDispositionHeaderValue("inline") { FileName = $"recording-{row.RecordingId}{Ending}" };
            headers.CacheControl = new CacheControlHeaderValue { Private = true, NoCache = true };
            httpContext.Response.Headers.XContentTypeOptions = "nosniff";
            await TypedResults.Stream(
                content,
                row.ContentType,
                lastModified: row.FetchedAt,
                entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(row.Sha256!)}\""),
                enableRangeProcessing: true).ExecuteAsync(httpContext);
        }
        catch (Exception e) when (e is RecordingLostException or VaultUnavailableException && !httpContext.Response.HasStarted)
        {
            httpContext.Response.Clear();
            await InsteadAsync(e, httpContext, services.GetRequiredService<RecordingCatalogue>(), time);
        }
        finally
        {
            await EndAsync(listenings, listening, content.Handed, services);
        }
    }

    private string Ending => row.ContentType!.Contains("yswav", StringComparison.Ordinal) ? ".yswav" : ".wav";

    private async Task InsteadAsync(Exception e, HttpContext http, RecordingCatalogue catalogue, TimeProvider time)
    {
        if (e is VaultUnavailableException unavailable)
        {
            await RecordingProblems.NoVault(unavailable.Fault).ExecuteAsync(http);
            return;
        }

        await catalogue.LostAsync(row.RecordingId, time.GetUtcNow(), http.RequestAborted);
        var lost = await catalogue.FindAsync(row.RecordingId, http.RequestAborted);
        await RecordingProblems.NotReady(lost ?? row, time.GetUtcNow()).ExecuteAsync(http);
    }

    private ListeningRow Listening(HttpContext http, DateTimeOffset now) => new(
        ListeningId: 0,
        row.RecordingId,
        http.User.FindFirstValue(ClaimTypes.Name) ?? "",
        KeyName: null,
        Shown(http.Connection.RemoteIpAddress),
        now,
        Range(http.Request.Headers.Range.ToString()),
        Bytes: null);

    private static string? Shown(IPAddress? address) => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();

    /// <summary>Without what no range has, half characters above all: the row must not fail for what a stranger sends.</summary>
    private static string? Range(string header) => header is "" ? null : string.Concat(header.Where(char.IsAscii).Take(LongestRangeKept));

    /// <summary>Also when the listener has gone away: how much he got is what is of interest then.</summary>
    private static async Task EndAsync(RecordingListenings listenings, long? listening, long bytes, IServiceProvider services)
    {
        if (listening is not { } id)
        {
            return;
        }

        try
        {
            await listenings.EndAsync(id, bytes, CancellationToken.None);
        }
        catch (Npgsql.NpgsqlException e)
        {
            // That he listened is written; only how much is not known.
            Log.NotCounted(services.GetRequiredService<ILogger<RecordingAudio>>(), id, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "How much was handed over in listening {ListeningId} could not be noted: {Why}")]
        public static partial void NotCounted(ILogger logger, long listeningId, string why);
    }
}
