using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Front.Recordings;

/// <summary>Routes that say how long call records and recordings are kept.</summary>
internal static class RetentionApi
{
    private const int MostDays = 36_500;

    public static IEndpointRouteBuilder MapRetentionApi(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/api/pbx/retention").WithTags("Retention");
        all.MapGet("", Show).RequireAuthorization(Scope.Read).WithName("GetRetention").WithSummary("How many days call records and recordings of all sites are kept.");
        all.MapPut("", Save).RequireAuthorization(Scope.Admin).WithName("SetRetention")
            .WithSummary("Says how many days call records and recordings are kept where a site says nothing itself.").ProducesProblem(StatusCodes.Status400BadRequest);

        var site = routes.MapGroup("/api/pbx/sites/{siteId}/retention").WithTags("Retention").AddEndpointFilter<RegisteredSite>().ProducesProblem(StatusCodes.Status404NotFound);
        site.MapGet("", ShowSite).RequireAuthorization(Scope.Read).WithName("GetSiteRetention").WithSummary("How many days call records and recordings of a site are kept.");
        site.MapPut("", SaveSite).RequireAuthorization(Scope.Admin).WithName("SetSiteRetention")
            .WithSummary("Says how many days call records and recordings of a site are kept; null: as for all sites.").ProducesProblem(StatusCodes.Status400BadRequest);
        return routes;
    }

    private static async Task<Ok<RetentionDays>> Show(CallRecordRetention retention, CancellationToken ct) => TypedResults.Ok(await AllAsync(retention, ct));

    private static async Task<Results<Ok<RetentionDays>, ProblemHttpResult>> Save(RetentionDays days, CallRecordRetention retention, CancellationToken ct)
    {
        if (Errors(days, complete: true) is { Count: > 0 } errors)
        {
            return Problem.Invalid(errors);
        }

        await retention.SetAsync(siteId: null, Keeping(days), ct);
        return TypedResults.Ok(await AllAsync(retention, ct));
    }

    private static async Task<Ok<SiteRetention>> ShowSite(string siteId, CallRecordRetention retention, CancellationToken ct) => TypedResults.Ok(await OfSiteAsync(siteId, retention, ct));

    private static async Task<Results<Ok<SiteRetention>, ProblemHttpResult>> SaveSite(string siteId, RetentionDays days, CallRecordRetention retention, CancellationToken ct)
    {
        if (Errors(days, complete: false) is { Count: > 0 } errors)
        {
            return Problem.Invalid(errors);
        }

        await retention.SetAsync(siteId, Keeping(days), ct);
        return TypedResults.Ok(await OfSiteAsync(siteId, retention, ct));
    }

    private static async Task<RetentionDays> AllAsync(CallRecordRetention retention, CancellationToken ct)
    {
        var all = await retention.GetAsync(siteId: null, ct);
        return new RetentionDays(all.RecordDays, all.RawDays, all.AnonymiseAfterDays, all.RecordingDays ?? RecordingCatalogue.DefaultDays);
    }

    private static async Task<SiteRetention> OfSiteAsync(string siteId, CallRecordRetention retention, CancellationToken ct)
    {
        var own = await retention.GetAsync(siteId, ct);
        var all = await AllAsync(retention, ct);
        var effective = new RetentionDays(
            own.RecordDays ?? all.RecordDays,
            own.RawDays ?? all.RawDays,
            own.AnonymiseAfterDays ?? all.AnonymiseAfterDays,
            own.RecordingDays ?? all.RecordingDays);
        return new SiteRetention(own.RecordDays, own.RawDays, own.AnonymiseAfterDays, own.RecordingDays, effective);
    }

    private static CallRecordKeeping Keeping(RetentionDays days) => new(days.RecordDays, days.RawDays, days.AnonymiseAfterDays, days.RecordingDays);

    private static Dictionary<string, string[]> Errors(RetentionDays days, bool complete)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Check("recordDays", days.RecordDays, required: complete);
        Check("rawDays", days.RawDays, required: complete);
        Check("anonymiseAfterDays", days.AnonymiseAfterDays, required: false);
        Check("recordingDays", days.RecordingDays, required: false);
        return errors;

        void Check(string field, int? value, bool required)
        {
            if (value is < 1 or > MostDays)
            {
                errors[field] = [$"Give 1 to {MostDays} days."];
            }
            else if (value is null && required)
            {
                errors[field] = ["For all sites a number of days is needed."];
            }
        }
    }
}
