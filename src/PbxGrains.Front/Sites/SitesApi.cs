using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using PbxGrains.Contracts;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Webhooks;
using PbxGrains.Grains.Secrets;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Sites;

/// <summary>Routes of the site registry.</summary>
internal static class SitesApi
{
    private const int LongestReason = 200;
    private const int MostNamed = 200;

    private static readonly QueryParameter[] ListParameters =
    [
        new("site", "Only these sites, at most 200; repeated or separated by commas. Those that are not registered are left out of the answer."),
    ];

    public static IEndpointRouteBuilder MapSitesApi(this IEndpointRouteBuilder routes)
    {
        var sites = routes.MapGroup("/api/pbx/sites").WithTags("Sites");
        sites.MapGet("", List).RequireAuthorization(Scope.Read).WithName("ListSites").WithQuery(ListParameters)
            .WithSummary("All registered sites with their health, or those that are named.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        sites.MapGet("/{siteId}", Show).RequireAuthorization(Scope.Read).WithName("GetSite").WithSummary("One site with its health.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        sites.MapPut("/{siteId}", Save).RequireAuthorization(Scope.Admin).WithName("SaveSite").WithSummary("Registers a site, or changes it.")
            .WithDescription("If-None-Match: * only creates, If-Match: * only updates. On update absent fields keep their value. Creation answers the webhook address, shown this once.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        sites.MapDelete("/{siteId}", Remove).RequireAuthorization(Scope.Admin).WithName("RemoveSite").WithSummary("Removes a site; its call records stay.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        sites.MapPost("/{siteId}/suspend", Suspend).RequireAuthorization(Scope.Operate).WithName("SuspendSite").WithSummary("Switches supervision of a site off.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        sites.MapPost("/{siteId}/resume", Resume).RequireAuthorization(Scope.Operate).WithName("ResumeSite")
            .WithSummary("Switches supervision on again; also lets logins start again after the PBX refused them.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return routes;
    }

    private static async Task<Results<Ok<IReadOnlyList<SiteResource>>, ProblemHttpResult>> List(HttpRequest request, SiteOffice office, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(request.Query, errors);
        query.Only([.. ListParameters.Select(parameter => parameter.Name)]);
        var named = query.List("site");
        if (named?.Count > MostNamed)
        {
            errors.Add("site", $"Name at most {MostNamed} sites at once, or none for all.");
        }

        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        return TypedResults.Ok(named is null ? await office.ListAsync(ct) : await office.ListAsync(named, ct));
    }

    private static async Task<Results<Ok<SiteResource>, ProblemHttpResult>> Show(string siteId, SiteOffice office, CancellationToken ct) =>
        SiteId.TryParse(siteId, out var id) && await office.FindAsync(id, ct) is { } site ? TypedResults.Ok(site) : Problem.SiteUnknown(siteId);

    private static async Task<Results<Ok<SiteSaved>, Created<SiteSaved>, ProblemHttpResult>> Save(
        string siteId, SiteInput input, HttpContext http, SiteRegistry registry, SiteOffice office, ISecretProtector protector, WebhookIssue webhooks, CancellationToken ct)
    {
        if (!SiteId.TryParse(siteId, out var id))
        {
            return Problem.Invalid("siteId", "Use 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit.");
        }

        var stored = await registry.FindAsync(id.Value, ct);
        if (Contradiction(siteId, http.Request, stored) is { } contradiction)
        {
            return contradiction;
        }

        var errors = new FieldErrors();
        var row = SiteDraft.Read(id, input, stored, protector.Protect, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        // What was merged belongs to what was read: a site that came or went meanwhile is another question.
        switch (await registry.SaveAsync(row, stored is null ? SiteSaveMode.Create : SiteSaveMode.Update, ct))
        {
            case SiteSaveResult.AlreadyExists:
                return Exists(siteId);
            case SiteSaveResult.NotFound:
                return Gone(siteId);
        }

        var webhook = stored is null ? await webhooks.IssueAsync(row, TimeSpan.Zero, ct) : null;
        if (stored is null && webhook is null)
        {
            return Gone(siteId);
        }

        var site = await office.ShowAsync(await office.ChangedAsync(id, ct) ?? row, ct);
        var saved = new SiteSaved(site, webhook);
        return stored is null ? TypedResults.Created($"/api/pbx/sites/{id}", saved) : TypedResults.Ok(saved);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string siteId, SiteRegistry registry, SiteOffice office, CancellationToken ct)
    {
        if (!SiteId.TryParse(siteId, out var id) || !await registry.DeleteAsync(id.Value, ct))
        {
            return Problem.SiteUnknown(siteId);
        }

        await office.ChangedAsync(id, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<SiteResource>, ProblemHttpResult>> Suspend(string siteId, SuspendInput? input, SiteRegistry registry, SiteOffice office, CancellationToken ct)
    {
        var reason = input?.Reason?.Trim() is { Length: > 0 } given ? given : null;
        if (reason is not null && !OneLine.Fits(reason, LongestReason))
        {
            return Problem.Invalid("reason", $"Give at most {LongestReason} characters, on one line.");
        }

        if (!SiteId.TryParse(siteId, out var id) || await registry.SetSuspendedAsync(id.Value, suspended: true, reason, ct) is not { } row)
        {
            return Problem.SiteUnknown(siteId);
        }

        return TypedResults.Ok(await office.ShowAsync(await office.ChangedAsync(id, ct) ?? row, ct));
    }

    private static async Task<Results<Ok<SiteResource>, ProblemHttpResult>> Resume(string siteId, SiteRegistry registry, SiteOffice office, CancellationToken ct)
    {
        if (!SiteId.TryParse(siteId, out var id) || await registry.SetSuspendedAsync(id.Value, suspended: false, reason: null, ct) is not { } row)
        {
            return Problem.SiteUnknown(siteId);
        }

        var inForce = await office.ChangedAsync(id, ct) ?? row;
        await office.ResumeAsync(id, ct);
        return TypedResults.Ok(await office.ShowAsync(inForce, ct));
    }

    private static ProblemHttpResult? Contradiction(string siteId, HttpRequest request, SiteRow? stored) =>
        stored is not null && Demands(request, HeaderNames.IfNoneMatch) ? Exists(siteId)
        : stored is null && Demands(request, HeaderNames.IfMatch) ? Gone(siteId)
        : null;

    private static bool Demands(HttpRequest request, string header) => request.Headers[header].Any(v => v?.Trim() == "*");

    private static ProblemHttpResult Exists(string siteId) => Problem.Of(
        StatusCodes.Status412PreconditionFailed,
        ProblemCodes.SiteExists,
        "The site exists already",
        $"A site '{siteId}' is registered. Choose another id, or update this one with If-Match: *.");

    private static ProblemHttpResult Gone(string siteId) => Problem.Of(
        StatusCodes.Status412PreconditionFailed,
        ProblemCodes.SiteUnknown,
        "No such site",
        $"No site '{siteId}' is registered, so there is nothing to update. Create it with If-None-Match: *.");
}
