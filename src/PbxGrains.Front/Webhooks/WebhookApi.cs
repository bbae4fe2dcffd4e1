using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Reports;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Webhooks;

/// <summary>Where PBXs push their reports to. A PBX repeats whatever is not answered 200, for ever.</summary>
internal static class WebhookApi
{
    /// <summary>Largest report taken, bytes.</summary>
    public const int LargestReport = IncomingReport.LargestBody;

    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(10);

    public static IEndpointRouteBuilder MapWebhookApi(this IEndpointRouteBuilder routes)
    {
        var webhook = routes.MapGroup("/api/pbx/webhook").WithTags("Webhook").AllowAnonymous().WithMetadata(new ReportRoute());
        webhook.MapPost("/{siteId}", Take).WithName("TakeReport").Describe()
            .WithSummary("Takes a report of the site's PBX; proof is a source address in the site's list, or ?secret=.");
        webhook.MapPost("/{siteId}/{secret}", Take).WithName("TakeReportWithSecret").Describe()
            .WithSummary("Takes a report of the site's PBX; proof is the secret in the path.");
        return routes;
    }

    private static async Task<Results<Ok, ProblemHttpResult, RetryLater>> Take([AsParameters] WebhookRequest request, HttpContext http, CancellationToken ct)
    {
        if (!SiteId.TryParse(request.SiteId, out var id) || await request.Directory.FindAsync(id, ct) is not { } site)
        {
            return Problem.SiteUnknown(request.SiteId);
        }

        var source = http.Connection.RemoteIpAddress;
        var receivedAt = request.Time.GetUtcNow();
        var secret = http.Features.Get<PresentedSecret>()?.Value;
        var proof = ProofOf(site);
        if (proof == ReportProof.Unknown && await request.Directory.LookAgainAsync(id, ct) is { } anew)
        {
            proof = ProofOf(anew);
        }

        if (proof == ReportProof.Unknown)
        {
            await request.Unproven.TellAsync(id, source?.ToString(), ct);
            return Problem.Of(
                StatusCodes.Status401Unauthorized,
                ProblemCodes.Unauthenticated,
                "The sender did not prove itself",
                "Push to the address shown when the site was registered, secret included, or list the PBX's address under the site's sourceAddresses.");
        }

        byte[] body;
        try
        {
            body = await ReadBody(http, request.Time, ct);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // The PBX repeats it for ever, and nobody would know.
            await request.Grains.GetGrain<ISiteGrain>(id.GrainKey).NoteTooLargeReport(source?.ToString(), CancellationToken.None);
            throw;
        }

        var report = new IncomingReport(ImmutableCollectionsMarshal.AsImmutableArray(body), receivedAt, source?.ToString(), proof);

        // The PBX may hang up before the answer: what it sent counts all the same.
        return await request.Grains.GetGrain<ISiteGrain>(id.GrainKey).TakeReport(report, CancellationToken.None) switch
        {
            ReportReceipt.Taken or ReportReceipt.Unreadable => TypedResults.Ok(),
            ReportReceipt.WrongPbx => Problem.Of(
                StatusCodes.Status403Forbidden,
                ProblemCodes.WrongPbx,
                "Another PBX",
                "The report's serial number is not that of this site's PBX. Check which site id the PBX pushes to."),
            ReportReceipt.UnknownSite => Problem.SiteUnknown(request.SiteId),
            _ => new RetryLater(
                Problem.Of(StatusCodes.Status503ServiceUnavailable, ProblemCodes.NotStored, "Not stored", "The report could not be stored just now. Send it again."),
                RetryLater.Soon),
        };

        ReportProof ProofOf(KnownSite known) =>
            WebhookProof.Proves(secret, known.Secrets, receivedAt) ? ReportProof.Secret
            : known.Trusts(source) ? ReportProof.SourceAddress
            : ReportProof.Unknown;
    }

    private static async Task<byte[]> ReadBody(HttpContext http, TimeProvider time, CancellationToken ct)
    {
        // In chunks the server would count their framing, too: there its own limit holds while reading, ours after it.
        if (http.Request.ContentLength is not null && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestReport;
        }

        using var deadline = new CancellationTokenSource(BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        using var body = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 0, LargestReport));
        try
        {
            await http.Request.Body.CopyToAsync(body, either.Token);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The report's body did not arrive in time.", StatusCodes.Status408RequestTimeout, e);
        }

        return body.Length <= LargestReport
            ? body.ToArray()
            : throw new BadHttpRequestException("The report's body is too large.", StatusCodes.Status413PayloadTooLarge);
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder route) => route
        .WithDescription("Answers 200 with an empty body when the report was taken, or kept as unreadable. The body is taken whatever its media type.")
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge);
}

/// <summary>What taking a report needs.</summary>
/// <param name="SiteId">The site.</param>
/// <param name="Directory">Sites and their secrets.</param>
/// <param name="Grains">The actors.</param>
/// <param name="Unproven">Told of reports whose sender did not prove itself.</param>
/// <param name="Time">The clock.</param>
internal sealed record WebhookRequest(
    [FromRoute] string SiteId,
    [FromServices] SiteDirectory Directory,
    [FromServices] IGrainFactory Grains,
    [FromServices] UnprovenReports Unproven,
    [FromServices] TimeProvider Time);

/// <summary>Marks the routes that the report listener serves.</summary>
internal sealed record ReportRoute;
