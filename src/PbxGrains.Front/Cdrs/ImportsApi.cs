using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Cdrs;

/// <summary>Routes that read older call records from a PBX into the ledger.</summary>
internal static class ImportsApi
{
    public static IEndpointRouteBuilder MapImportsApi(this IEndpointRouteBuilder routes)
    {
        var imports = routes.MapGroup("/api/pbx/sites/{siteId}/imports").WithTags("Call records").AddEndpointFilter<RegisteredSite>();
        imports.MapPost("", Start).RequireAuthorization(Scope.Operate).WithMetadata(new NeverRepeated()).WithName("StartImport")
            .WithSummary("Starts reading the PBX's older call records, from the oldest day to the newest.")
            .WithDescription("One at a time per site, beside everything else. It goes on by itself after a restart or when the PBX was out of reach.")
            .Produces<ImportResource>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 403, 404, 409, 503);
        imports.MapGet("", List).RequireAuthorization(Scope.Read).WithName("ListImports")
            .WithSummary("The last 20 imports of the site, newest first.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        imports.MapGet("/{importId:guid}", Find).RequireAuthorization(Scope.Read).WithName("GetImport")
            .WithSummary("One import: how far it has come and what it found.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        imports.MapDelete("/{importId:guid}", Cancel).RequireAuthorization(Scope.Operate).WithName("CancelImport")
            .WithSummary("Calls an import off; what was read stays. Does nothing to one that is over.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return routes;
    }

    private static async Task<IResult> Start([FromBody] ImportInput input, [AsParameters] SiteScope scope, HistoryImports imports, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var (since, until) = (Day("since", input.Since, errors), Day("until", input.Until, errors));
        if (since is null && errors.None)
        {
            errors.Add("since", "Give the first day, 2026-01-01 for example.");
        }

        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        var start = await scope.Site.StartImport(since!.Value, until, ct);
        if (start is { Refusal: { } refusal })
        {
            return Refused(refusal, start.ImportId, scope.SiteId);
        }

        return await imports.FindAsync(scope.SiteId, start.ImportId!.Value, ct) is { } row
            ? TypedResults.Accepted($"/api/pbx/sites/{scope.SiteId}/imports/{row.ImportId}", ImportResource.Of(row))
            : Unknown(start.ImportId.Value);
    }

    private static async Task<Ok<IReadOnlyList<ImportResource>>> List([AsParameters] SiteScope scope, HistoryImports imports, CancellationToken ct) =>
        TypedResults.Ok<IReadOnlyList<ImportResource>>([.. (await imports.ListAsync(scope.SiteId, ct)).Select(ImportResource.Of)]);

    private static async Task<Results<Ok<ImportResource>, ProblemHttpResult>> Find(Guid importId, [AsParameters] SiteScope scope, HistoryImports imports, CancellationToken ct) =>
        await imports.FindAsync(scope.SiteId, importId, ct) is { } row ? TypedResults.Ok(ImportResource.Of(row)) : Unknown(importId);

    private static async Task<Results<NoContent, ProblemHttpResult>> Cancel(Guid importId, [AsParameters] SiteScope scope, HistoryImports imports, CancellationToken ct)
    {
        if (await imports.FindAsync(scope.SiteId, importId, ct) is not { } row)
        {
            return Unknown(importId);
        }

        if (row.FinishedAt is null)
        {
            await scope.Site.CancelImport(importId, ct);
        }

        return TypedResults.NoContent();
    }

    private static DateOnly? Day(string field, string? text, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        errors.Add(field, "Give a day as 2026-01-01.");
        return null;
    }

    private static ProblemHttpResult Refused(HistoryImportRefusal refusal, Guid? running, string siteId) => refusal switch
    {
        HistoryImportRefusal.AlreadyRunning => Problem.Of(
            StatusCodes.Status409Conflict,
            ProblemCodes.ImportRunning,
            "Another import of the site is not done yet",
            "Wait for it, or call it off by DELETE; GET …/imports shows how far it has come.",
            KeyValuePair.Create<string, object?>("importId", running)),
        HistoryImportRefusal.SiteSuspended => Problem.Of(
            StatusCodes.Status409Conflict,
            ProblemCodes.SiteSuspended,
            "The site is switched off",
            "An operator switched supervision off; resume the site first."),
        HistoryImportRefusal.InTheFuture => Problem.Invalid("since", "That day has not come yet at the site."),
        HistoryImportRefusal.TooLongAgo => Problem.Invalid("since", "Give a day of the last ten years."),
        HistoryImportRefusal.EndsBeforeItBegins => Problem.Invalid("until", "Give a day that is not before since."),
        _ => Problem.SiteUnknown(siteId),
    };

    private static ProblemHttpResult Unknown(Guid importId) => Problem.Of(
        StatusCodes.Status404NotFound, ProblemCodes.ImportUnknown, "No such import", $"The site has no import {importId}. GET …/imports lists the last ones.");
}
