using PbxGrains.Contracts.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <summary>Passes a question on to the PBX for a caller who wants the answer of this very moment.</summary>
public sealed class SiteQuestions(SiteSession session)
{
    /// <summary>Asks once.</summary>
    public async Task<PbxAnswer<TView>> AskAsync<TAnswer, TView>(
        SiteConfiguration? configuration,
        Func<IPbxClient, CancellationToken, Task<PbxResult<TAnswer>>> ask,
        Func<TAnswer, TView> view,
        CancellationToken ct)
        where TAnswer : notnull
        where TView : class
    {
        if (configuration is not { Suspended: false })
        {
            return new PbxAnswer<TView>(null, "site-suspended", "The site is suspended or not registered.");
        }

        var login = await session.EnsureAsync(configuration, ct);
        if (!login.Succeeded)
        {
            return Failed<TView>(login.Failure);
        }

        var answer = await ask(login.Value, ct);
        if (answer.Succeeded)
        {
            return new PbxAnswer<TView>(view(answer.Value));
        }

        if (answer.Failure.Kind == PbxFailureKind.SessionEnded)
        {
            session.Drop(login.Value);
        }

        return Failed<TView>(answer.Failure);
    }

    internal static IReadOnlyList<TrunkView> Views(IReadOnlyList<PbxTrunk> trunks) =>
        [.. trunks.Select(t => new TrunkView(t.Name, t.Type, t.Status, t.Usable))];

    internal static QueueView View(PbxQueue queue) =>
        new(queue.Number, queue.Waiting, [.. queue.Agents.Select(a => new QueueAgentView(a.Extension, char.ToLowerInvariant(a.Status.ToString()[0]) + a.Status.ToString()[1..]))]);

    private static PbxAnswer<TView> Failed<TView>(PbxFailure failure)
        where TView : class =>
        new(null, failure.Kind switch
        {
            PbxFailureKind.NotReached or PbxFailureKind.NoAnswer or PbxFailureKind.CertificateRefused => "pbx-unreachable",
            PbxFailureKind.CredentialsRejected or PbxFailureKind.AddressLocked => "credentials-rejected",
            PbxFailureKind.NotSupported => "not-supported",
            PbxFailureKind.Refused when failure.Code == PbxErrorCode.QueueNotFound => "queue-unknown",
            _ => "pbx-refused",
        }, failure.Message);
}
