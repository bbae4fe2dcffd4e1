using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Problems;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Front.Sites;

/// <summary>Credentials that shall take the place of the stored ones.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SiteCredentialsInput
{
    /// <summary>API user of the PBX; absent for the stored one.</summary>
    public string? UserName { get; init; }

    /// <summary>API password of the PBX.</summary>
    public string? Password { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"as {UserName}";
}

/// <summary>A site whose credentials were changed.</summary>
/// <param name="Site">The site.</param>
/// <param name="Proof">What the login found out that proved them.</param>
internal sealed record SiteCredentialsChanged(SiteResource Site, SiteProbeResult Proof);

/// <summary>Route that changes a site's credentials.</summary>
internal static class SiteCredentialsApi
{
    public static IEndpointRouteBuilder MapSiteCredentialsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/api/pbx/sites/{siteId}/credentials", Change).RequireAuthorization(Scope.Admin).WithTags("Sites").WithName("ChangeSiteCredentials")
            .WithSummary("Changes user and password of a site, once the PBX has accepted them.")
            .WithDescription("The site's actor tries them with one login. When the PBX accepts it they are stored and the session goes over to them; otherwise nothing changes, and 'reached' and 'failure' say how far the login came.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status504GatewayTimeout);
        return routes;
    }

    private static async Task<Results<Ok<SiteCredentialsChanged>, ProblemHttpResult>> Change(
        string siteId, SiteCredentialsInput input, SiteOffice office, IGrainFactory grains, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var userName = input.UserName is null ? null : SiteFields.Text("userName", input.UserName, "the API user of the PBX", errors);
        if (string.IsNullOrEmpty(input.Password))
        {
            errors.Add("password", "Give the API password of the PBX.");
        }

        if (!errors.None)
        {
            return Problem.Invalid(errors.ToDictionary());
        }

        if (!SiteId.TryParse(siteId, out var id) || await office.FindAsync(id, ct) is null)
        {
            return Problem.SiteUnknown(siteId);
        }

        var credentials = new SiteCredentials { UserName = userName, PasswordMd5 = PbxPassword.FromPlainText(input.Password!).Reveal() };
        try
        {
            var change = await grains.GetGrain<ISiteGrain>(id.GrainKey).ChangeCredentials(credentials, ct);
            return change is { Outcome: CredentialsOutcome.Changed, Proof: { } proof } ? await ChangedAsync(id, proof, office, ct) : Refusal(siteId, change);
        }
        catch (Exception e) when (GrainCalls.IsBusy(e))
        {
            return Problem.Of(
                StatusCodes.Status504GatewayTimeout,
                ProblemCodes.OutcomeUnknown,
                "The outcome is not known",
                "The site's actor did not answer in time, so nobody knows whether the credentials were changed. The site's health shows within a minute whether the stored ones work; if they do not, send these again.");
        }
    }

    private static async Task<Results<Ok<SiteCredentialsChanged>, ProblemHttpResult>> ChangedAsync(SiteId id, SiteProbeResult proof, SiteOffice office, CancellationToken ct)
    {
        _ = await office.ChangedAsync(id, ct);
        return await office.FindAsync(id, ct) is { } site ? TypedResults.Ok(new SiteCredentialsChanged(site, proof)) : Problem.SiteUnknown(id.Value);
    }

    private static ProblemHttpResult Refusal(string siteId, CredentialsChange change) => change.Outcome switch
    {
        CredentialsOutcome.SiteUnknown => Problem.SiteUnknown(siteId),
        CredentialsOutcome.ChangedMeanwhile => Problem.Of(
            StatusCodes.Status409Conflict,
            ProblemCodes.CredentialsChangedMeanwhile,
            "The site was changed meanwhile",
            "Somebody else changed address or credentials of this site while these were tried. That change stays. Look at the site and send these again if they are still meant."),
        _ => Problem.Of(
            StatusCodes.Status409Conflict,
            ProblemCodes.CredentialsNotProven,
            "The new credentials did not work",
            $"{change.Proof?.Message ?? "The PBX did not accept the login."} Nothing was changed: the stored credentials stay in force.",
            KeyValuePair.Create<string, object?>("reached", change.Proof?.Reached),
            KeyValuePair.Create<string, object?>("failure", change.Proof?.Failure)),
    };
}
