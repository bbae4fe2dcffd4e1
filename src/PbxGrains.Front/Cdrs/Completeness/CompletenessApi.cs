using System.Globalization;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Keys;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Cdrs.Completeness;

/// <summary>The route that proves completeness.</summary>
internal static class CompletenessApi
{
    private const int LongestSpanDays = 366;
    private static readonly TimeSpan UsualSpan = TimeSpan.FromHours(24);
    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(3);

    public static IEndpointRouteBuilder MapCompletenessApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/pbx/sites/{siteId}/completeness", Show).WithTags("Call history").RequireAuthorization(Scope.Read).AddEndpointFilter<RegisteredSite>()
            .WithName("GetCompleteness").WithSummary("Hour by hour, whether the site's call records are complete, and why not.")
            .WithDescription("verified: compared with the PBX when every call of the hour had ended. pending: will be verified by itself. unverifiable: detail says what to do.")
            .WithQuery(QueryParameters.Span)
            .Produces<CompletenessResource>()
            .ProducesProblems(400, 404, 503);
        return routes;
    }

    private static async Task<IResult> Show([AsParameters] SiteScope scope, HttpRequest request, SiteDirectory directory, CatchUpWindows windows, TimeProvider time, CancellationToken ct)
    {
        var asOf = time.GetUtcNow();
        var errors = new FieldErrors();
        var (from, to) = ReadSpan(request.Query, asOf, errors);
        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        if (await directory.FindAsync(scope.Id, ct) is not { Row: var row })
        {
            return Problem.SiteUnknown(scope.SiteId);
        }

        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(row.TimeZone, out var known) ? known : TimeZoneInfo.Utc;
        var watermark = await windows.GetWatermarkAsync(scope.SiteId, ct) is { } wall ? new DateTimeOffset(wall, zone.GetUtcOffset(wall)) : (DateTimeOffset?)null;
        var judge = new HourJudge(asOf, scope.SiteId, zone, watermark, await HindranceAsync(scope, row, ct));
        var hours = await windows.CompletenessAsync(scope.SiteId, from, to, ct);
        return TypedResults.Ok(CompletenessResource.Of(scope.SiteId, from, to, asOf, [.. hours.Select(hour => HourResource.Of(hour, judge.Of(hour)))]));
    }

    /// <summary>The span asked for, in full hours.</summary>
    private static (DateTimeOffset From, DateTimeOffset To) ReadSpan(IQueryCollection query, DateTimeOffset asOf, FieldErrors errors)
    {
        var read = new QueryReader(query, errors);
        read.Only([.. QueryParameters.Span.Select(parameter => parameter.Name)]);
        var (first, last) = (read.Instant("from"), read.Instant("to"));
        var to = last ?? asOf;
        if (last is null && first >= to)
        {
            errors.Add("from", "Give an instant that is past, or an end.");
        }
        else if (first >= to)
        {
            errors.Add("to", "Give an end that is later than from.");
        }
        else if (to - first > TimeSpan.FromDays(LongestSpanDays))
        {
            errors.Add("to", string.Create(CultureInfo.InvariantCulture, $"Give an end at most {LongestSpanDays} days after from."));
        }

        return errors.None ? (FullHour(first ?? to - UsualSpan), FullHour(to.AddTicks(TimeSpan.TicksPerHour - 1))) : default;
    }

    private static DateTimeOffset FullHour(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>What keeps the PBX from being compared; the registry's word alone when the site's actor cannot be asked.</summary>
    private static async Task<Hindrance?> HindranceAsync(SiteScope scope, SiteRow row, CancellationToken ct)
    {
        var status = await GrainCalls.TryRead(c => scope.Site.GetStatus(c), StatusLimit, ct);
        return row.Suspended || status is { Health: SiteHealth.Suspended }
            ? new Hindrance(HourReason.SiteSuspended, $"The site is switched off{(row.SuspendedReason is { } why ? $" ({why})" : "")}; resume it and it is compared at once.")
            : status is { Health: SiteHealth.Unreachable or SiteHealth.CredentialsRejected }
                ? new Hindrance(HourReason.SiteUnreachable, SiteHealthTexts.Sentence(status.Reason, status.Detail, CultureInfo.InvariantCulture))
                : null;
    }
}
