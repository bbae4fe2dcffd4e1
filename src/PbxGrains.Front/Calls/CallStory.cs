using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Sites;
using PbxGrains.Front.Cluster;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;
using PbxGrains.Storage.Sites;

namespace PbxGrains.Front.Calls;

/// <summary>Everything known of one call of one site. At least one of its parts is known.</summary>
/// <param name="Site">The site.</param>
/// <param name="CallId">The PBX's name for the call.</param>
/// <param name="Records">Its records, oldest first.</param>
/// <param name="Revisions">How they changed, record by record.</param>
/// <param name="Recordings">The recordings its records name, in the order in which they were named.</param>
/// <param name="Originate">The originate that started it; null when it was started elsewhere.</param>
/// <param name="Live">The call as the site's actor knows it; null when it is over for a while, or cannot be asked just now.</param>
internal sealed record CallStory(
    string Site,
    string CallId,
    IReadOnlyList<CallRecordRow> Records,
    IReadOnlyList<CallRecordRevision> Revisions,
    IReadOnlyList<RecordingRow> Recordings,
    OriginateRow? Originate,
    CallView? Live)
{
    /// <summary>When it started, UTC.</summary>
    public DateTimeOffset StartedAt => Records is [var first, ..] ? first.StartedAt : Live?.StartedAt ?? Originate!.CreatedAt;
}

/// <summary>Finds what is known of calls.</summary>
internal sealed class CallStories(
    CallRecordReader reader, RecordingCatalogue recordings, Originates originates, SiteRegistry registry, SiteDirectory directory, IGrainFactory grains)
{
    private static readonly TimeSpan LiveLimit = TimeSpan.FromSeconds(3);

    /// <summary>The sites that know a call of this id. Calls that run are looked for only when no record is found.</summary>
    /// <param name="callId">The PBX's name for the call.</param>
    /// <param name="ct">Stops looking.</param>
    public async Task<IReadOnlyList<string>> SitesOfAsync(string callId, CancellationToken ct)
    {
        var records = await reader.FindByCallAsync(siteId: null, callId, ct);
        if (records.Count > 0)
        {
            return [.. records.Select(record => record.SiteId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }

        var live = await Task.WhenAll((await registry.ListAsync(ct)).Select(row => LiveAsync(row.SiteId, callId, ct)));
        return [.. live.OfType<CallView>().Select(call => call.Site.Value).Order(StringComparer.Ordinal)];
    }

    /// <summary>What is known of a call of a site; null when nothing is.</summary>
    public async Task<CallStory?> FindAsync(string siteId, string callId, CancellationToken ct)
    {
        var live = LiveAsync(siteId, callId, ct);
        var records = await reader.FindByCallAsync(siteId, callId, ct);
        var names = records.Select(record => record.Recording).OfType<string>().ToList();
        var changed = records.Where(record => record.Revision > 0).Select(record => record.RecordId).ToList();
        var story = new CallStory(
            siteId,
            callId,
            records,
            changed.Count > 0 ? await reader.ListRevisionsAsync(changed, ct) : [],
            names.Count > 0 ? [.. (await recordings.ListByNamesAsync(siteId, names, ct)).OrderBy(recording => recording.FirstNamedAt)] : [],
            SiteId.TryParse(siteId, out _) && CallId.TryParse(callId, out _) ? await originates.FindByCallAsync(siteId, callId, ct) : null,
            await live);
        return story is { Records: [], Originate: null, Live: null } ? null : story;
    }

    private async Task<CallView?> LiveAsync(string siteId, string callId, CancellationToken ct) =>
        SiteId.TryParse(siteId, out var site) && CallId.TryParse(callId, out var call) && await directory.FindAsync(site, ct) is not null
            ? await GrainCalls.TryRead(c => grains.GetGrain<ISiteGrain>(site.GrainKey).FindCall(call, c), LiveLimit, ct)
            : null;
}
