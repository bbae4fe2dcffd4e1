using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Problems;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Front.Sites;

/// <summary>A configuration to try before it is saved.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SiteProbeInput
{
    /// <summary>The site it is meant for; null for one yet without a name.</summary>
    public string? SiteId { get; init; }

    /// <summary>Address of the PBX's web interface, or just its IP address.</summary>
    public string? Address { get; init; }

    /// <summary>API user of the PBX.</summary>
    public string? UserName { get; init; }

    /// <summary>API password of the PBX.</summary>
    public string? Password { get; init; }

    /// <summary>Pins to demand; none to accept and report the certificate presented.</summary>
    public IReadOnlyList<string>? CertificatePins { get; init; }

    /// <summary>True when plain HTTP is used on purpose.</summary>
    public bool? AllowPlainHttp { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Address} as {UserName}";
}

/// <summary>Route that tries a configuration.</summary>
internal static class SiteProbeApi
{
    public static IEndpointRouteBuilder MapSiteProbeApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/pbx/sites/probe", Probe).RequireAuthorization(Scope.Admin).WithTags("Sites").WithName("ProbeSite")
            .WithSummary("Tries a configuration without saving it: connection, certificate, one login, dialect, firmware.")
            .WithDescription("Answers 200 also when the probe failed; 'reached' names the step that failed, or 'done'.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return routes;
    }

    private static async Task<Results<Ok<SiteProbeResult>, ProblemHttpResult>> Probe(SiteProbeInput input, IGrainFactory grains, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (input.SiteId is not null && !SiteId.TryParse(input.SiteId, out _))
        {
            errors.Add("siteId", "Use 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit.");
        }

        if (string.IsNullOrEmpty(input.Password))
        {
            errors.Add("password", "Give the API password of the PBX.");
        }

        var allowPlainHttp = input.AllowPlainHttp ?? false;
        var candidate = new SiteCandidate
        {
            Address = SiteFields.Address(input.Address, allowPlainHttp, errors),
            UserName = SiteFields.Text("userName", input.UserName, "the API user of the PBX", errors),
            PasswordMd5 = PbxPassword.FromPlainText(input.Password ?? "").Reveal(),
            CertificatePins = SiteFields.Pins(input.CertificatePins ?? [], errors),
            AllowPlainHttp = allowPlainHttp,
        };
        return errors.None
            ? TypedResults.Ok(await grains.GetGrain<ISiteGrain>(Prober(input.SiteId, candidate.Address).GrainKey).Probe(candidate, ct))
            : Problem.Invalid(errors.ToDictionary());
    }

    /// <summary>
    /// The actor that probes: the site's own, or, for a site yet without a name, one per PBX address, which the probe does
    /// not change. The actor counts refused logins, and so does each PBX by itself: a password mistyped at one PBX must
    /// not keep another from being registered.
    /// </summary>
    private static SiteId Prober(string? siteId, string address) =>
        SiteId.Parse(siteId ?? $"probe-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))[..32]}");
}
