using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Checklists;
using PbxGrains.Front.Checklists.Report;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Grains.Checklists;
using PbxGrains.Storage.Checklists;

namespace PbxGrains.Front.Checklists;

/// <summary>Routes of a site's checklist.</summary>
internal static class ChecklistApi
{
    public static IEndpointRouteBuilder MapChecklistApi(this IEndpointRouteBuilder routes)
    {
        var checklist = routes.MapGroup("/api/pbx/sites/{siteId}/checklist").WithTags("Checklist").AddEndpointFilter<RegisteredSite>();
        checklist.MapGet("", Last).RequireAuthorization(Scope.Read).WithName("GetChecklist")
            .WithSummary("The last run of the site's checklist: every item with its verdict, the evidence and what to change where.")
            .WithDescription("Sentences are in English or French, by Accept-Language or ?lang=. notice marks what cannot be seen from outside; it is never counted as passed.")
            .Produces<ChecklistRunResource>()
            .ProducesProblems(404, 503);
        checklist.MapGet("/runs", List).RequireAuthorization(Scope.Read).WithName("ListChecklistRuns")
            .WithSummary("The last 50 runs of the site's checklist, newest first, without their items.")
            .Produces<IReadOnlyList<ChecklistSummaryResource>>()
            .ProducesProblems(404, 503);
        checklist.MapPost("", Run).RequireAuthorization(Scope.Operate).WithName("RunChecklist")
            .WithSummary("Runs the site's checklist, or joins the run under way, and answers when it is over.")
            .WithDescription(
                "With Accept: application/x-ndjson it answers at once, one object a line: {\"item\":{…}} as each item finishes, and last {\"run\":{…}}. " +
                "Nothing is changed at the PBX, and it is logged in to once at most. returnPath asks for a short call between two extensions, whose record must then arrive.")
            .Produces<ChecklistRunResource>(StatusCodes.Status200OK, "application/json", ChecklistStream.MediaType)
            .ProducesProblems(400, 403, 404, 409, 503);
        checklist.MapReport();
        return routes;
    }

    private static async Task<IResult> Last([AsParameters] SiteScope scope, HttpRequest request, ChecklistRuns runs, SiteDirectory directory, CancellationToken ct) =>
        await runs.LatestAsync(scope.SiteId, ct) is { } row
            ? TypedResults.Ok(ChecklistRunResource.Of(ChecklistRows.Read(row), await ReaderAsync(request, scope, directory, ct)))
            : None(scope.SiteId);

    private static async Task<IResult> List([AsParameters] SiteScope scope, ChecklistRuns runs, CancellationToken ct) =>
        TypedResults.Ok<IReadOnlyList<ChecklistSummaryResource>>([.. (await runs.ListAsync(scope.SiteId, ct)).Select(ChecklistSummaryResource.Of)]);

    private static async Task<IResult> Run(
        [FromBody(EmptyBodyBehavior = Microsoft.AspNetCore.Mvc.ModelBinding.EmptyBodyBehavior.Allow)] ChecklistInput? input,
        [AsParameters] SiteScope scope,
        HttpRequest request,
        SiteDirectory directory,
        CancellationToken ct)
    {
        var errors = new FieldErrors();
        var wish = Read(input ?? new ChecklistInput(), errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        var reader = await ReaderAsync(request, scope, directory, ct);
        var start = await scope.Site.StartChecklist(wish, ct);
        return start switch
        {
            { RunId: { } runId } => new ChecklistStream(scope.Site, runId, reader, isStreamed: Streams(request)),
            { Refusal: ChecklistRefusal.SiteSuspended } => Problem.Of(
                StatusCodes.Status409Conflict, ProblemCodes.SiteSuspended, "The site is switched off", "An operator switched supervision off; resume the site first."),
            _ => Problem.SiteUnknown(scope.SiteId),
        };
    }

    /// <summary>How a reader of this site's checklist reads.</summary>
    public static async Task<ChecklistReader> ReaderAsync(HttpRequest request, SiteScope scope, SiteDirectory directory, CancellationToken ct)
    {
        request.HttpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        var culture = ChecklistLanguage.Of(request);
        request.HttpContext.Response.Headers.ContentLanguage = culture.Name;
        var zone = await directory.FindAsync(scope.Id, ct) is { Row.TimeZone: var name } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var known) ? known : TimeZoneInfo.Utc;
        return new ChecklistReader(culture, zone);
    }

    /// <summary>The answer for a site whose checklist never ran.</summary>
    public static IResult None(string siteId) => Problem.Of(
        StatusCodes.Status404NotFound, ProblemCodes.ChecklistNone, "The checklist never ran", $"POST /api/pbx/sites/{siteId}/checklist to run it.");

    private static bool Streams(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(ChecklistStream.MediaType, StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    private static ChecklistRequest Read(ChecklistInput input, FieldErrors errors)
    {
        var trigger = ChecklistTrigger.Manual;
        if (input.Trigger is not (null or "manual" or "onboarding"))
        {
            errors.Add("trigger", "Give manual or onboarding.");
        }
        else if (input.Trigger == "onboarding")
        {
            trigger = ChecklistTrigger.Onboarding;
        }

        if (input.ReturnPath is not { } path)
        {
            return new ChecklistRequest { Trigger = trigger };
        }

        if (!ExtensionNumber.TryParse(path.Caller?.Trim(), out var caller))
        {
            errors.Add("returnPath.caller", "Give the number of an extension, 1001 for example.");
        }

        if (!ExtensionNumber.TryParse(path.Callee?.Trim(), out var callee))
        {
            errors.Add("returnPath.callee", "Give the number of an extension, 1002 for example.");
        }
        else if (callee == caller)
        {
            errors.Add("returnPath.callee", "Give another extension than the caller's.");
        }

        return new ChecklistRequest { Trigger = trigger, ReturnPath = errors.None ? new ReturnPathCall(caller, callee) : null };
    }
}
