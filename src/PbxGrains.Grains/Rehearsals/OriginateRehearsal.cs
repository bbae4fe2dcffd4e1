using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Rehearsals;

/// <summary>
/// Dry runs of originates: what would become of the call, check by check. Nothing rings, nothing is written down or told;
/// of the PBX only its trunks are asked, and only while it is online.
/// </summary>
/// <param name="desk">Knows what is being dialled in this moment.</param>
/// <param name="questions">Asks for the trunks.</param>
/// <param name="health">How the site does.</param>
/// <param name="time">The clock.</param>
public sealed class OriginateRehearsal(OriginateDesk desk, SiteQuestions questions, SiteHealthBook health, TimeProvider time)
{
    /// <summary>How long the PBX may take to tell its trunks.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs one.</summary>
    /// <param name="request">The wish.</param>
    /// <param name="configuration">The site; null when none is registered.</param>
    /// <param name="listing">Its extensions.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<OriginateOutcome> RunAsync(OriginateRequest request, SiteConfiguration? configuration, ExtensionListing listing, CancellationToken ct)
    {
        var scene = new OriginateScene
        {
            Request = request,
            Configuration = configuration,
            Health = health.Health,
            HealthDetail = health.Detail,
            Listing = listing,
            Dialling = desk.IsDialling(request.Extension),
            Permission = desk.Permissions.Of(request),
            Destination = DialledNumber.Read(request.Destination, configuration?.Country, listing.Extensions),
        };
        if (scene is { Reachable: true, Destination.LeavesPbx: true })
        {
            scene = scene with { Trunks = await AskTrunksAsync(configuration, ct) };
        }

        return Conclude(Guid.CreateVersion7(time.GetUtcNow()), request, Check(scene));
    }

    /// <summary>All checks of a scene, in the order of a call.</summary>
    public static IReadOnlyList<RehearsedCheck> Check(OriginateScene scene) =>
    [
        CallerChecks.Site(scene),
        CallerChecks.Extension(scene),
        CallerChecks.Registered(scene),
        CallerChecks.Idle(scene),
        DestinationChecks.Destination(scene),
        DestinationChecks.Allowed(scene),
        DestinationChecks.Route(scene),
    ];

    /// <summary>The first check that failed decides; one that was skipped or warns does not.</summary>
    private static OriginateOutcome Conclude(Guid id, OriginateRequest request, IReadOnlyList<RehearsedCheck> checks)
    {
        var failed = checks.FirstOrDefault(check => check.Refusal is not null);
        return new OriginateOutcome
        {
            OriginateId = id,
            State = failed is null ? OriginateState.Possible : OriginateState.Refused,
            Refusal = failed?.Refusal,
            Message = failed?.Found.Message,
            Reference = request.Reference,
            Checks = [.. checks.Select(check => check.Found)],
        };
    }

    private async Task<PbxAnswer<IReadOnlyList<TrunkView>>> AskTrunksAsync(SiteConfiguration? configuration, CancellationToken ct)
    {
        try
        {
            return await questions.AskAsync(configuration, (client, token) => client.ListTrunksAsync(token), SiteQuestions.Views, ct).WaitAsync(Patience, time, ct);
        }
        catch (TimeoutException)
        {
            return new PbxAnswer<IReadOnlyList<TrunkView>>(null, "no-answer", "It did not answer in time.");
        }
    }
}
