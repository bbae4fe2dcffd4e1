using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Moves;

namespace PbxGrains.Grains.Extensions;

/// <summary>
/// The actor of one extension. It holds what its site's actor told it, judges it by age at each reading, and goes on
/// answering, honestly stale, while the site's actor is away. Where the site belongs, it belongs: it follows when it notices.
/// </summary>
/// <remarks>
/// Placed by <see cref="Placement.PlacedByShare"/>; the attribute is for silos of earlier versions, which place by what the
/// manifest says.
/// </remarks>
[Orleans.Placement.PreferLocalPlacement]
internal sealed class ExtensionGrain(IGrainFactory grains, LocalSites local, TimeProvider time) : Grain, IExtensionGrain, IGrainMigrationParticipant
{
    private const string Key = "pbx.extension";

    private static readonly TimeSpan SiteAnswersWithin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan StaysAtLeast = TimeSpan.FromSeconds(5);

    private static readonly ExtensionState NotYetKnown = new();

    private ExtensionId _id;
    private ExtensionKnowledge? _knowledge;
    private DateTimeOffset _since;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = ExtensionId.FromGrainKey(this.GetPrimaryKeyString());
        _since = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext) =>
        dehydrationContext.TryAddValue(Key, _knowledge is { } known ? known with { Now = time.GetUtcNow() } : null);

    public void OnRehydrate(IRehydrationContext rehydrationContext) =>
        _knowledge = rehydrationContext.TryGetValue<ExtensionKnowledge>(Key, out var known) && known is not null ? ExtensionJudge.Dated(known, time.GetUtcNow()) : null;

    public async Task<ExtensionView?> Get(CancellationToken ct = default)
    {
        await Refresh(ct);
        FollowSite();
        return _knowledge switch
        {
            { State: { } state } known => ExtensionJudge.View(_id, state, known.ConfirmedAt, known.StaleAfter, time.GetUtcNow()),
            { ConfirmedAt: null } => ExtensionJudge.View(_id, NotYetKnown, listedAt: null, TimeSpan.Zero, time.GetUtcNow()),
            _ => null,
        };
    }

    public Task Update(ExtensionKnowledge knowledge, CancellationToken ct = default)
    {
        Take(knowledge);
        FollowSite();
        return Task.CompletedTask;
    }

    private async Task Refresh(CancellationToken ct)
    {
        try
        {
            var site = grains.GetGrain<ISiteGrain>(_id.Site.GrainKey);
            Take(await site.GetExtensionKnowledge(_id.Number, ct).WaitAsync(SiteAnswersWithin, time, ct));
        }
        catch (Exception) when (_knowledge is not null && !ct.IsCancellationRequested)
        {
            // The site's actor is away. What is held stays, and its age tells.
        }
    }

    /// <summary>Leaves after this call for the silo that has the site. Not at once after it came: whoever sent it may know more than this silo yet.</summary>
    private void FollowSite()
    {
        if (!local.Shares.IsMine(_id.Site) && time.GetUtcNow() - _since > StaysAtLeast)
        {
            MigrateOnIdle();
        }
    }

    private void Take(ExtensionKnowledge told)
    {
        var knowledge = ExtensionJudge.Dated(told, time.GetUtcNow());

        // A site's actor that has just started has not asked its PBX yet: what is held here is older, but more.
        var knowsLess = knowledge is { State: null, ConfirmedAt: null } && _knowledge?.State is not null;
        var older = knowledge.ConfirmedAt < _knowledge?.ConfirmedAt - ExtensionJudge.ClocksDiffer || knowledge.State?.Revision < _knowledge?.State?.Revision;
        if (!knowsLess && !older)
        {
            _knowledge = knowledge;
        }
    }
}
