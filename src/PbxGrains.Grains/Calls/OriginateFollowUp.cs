using PbxGrains.Contracts;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Calls;
using PbxGrains.Yeastar.Reports;
using PbxGrains.Yeastar.Time;

namespace PbxGrains.Grains.Calls;

/// <summary>Finds out what became of dials whose answer was lost: from the live picture, and from the PBX's records.</summary>
/// <param name="site">The site.</param>
/// <param name="open">The dials asked after.</param>
/// <param name="journal">Where it is written down.</param>
/// <param name="ledger">What earlier activations wrote down.</param>
/// <param name="picture">The live picture.</param>
/// <param name="time">The clock.</param>
public sealed class OriginateFollowUp(SiteId site, OpenOriginates open, OriginateJournal journal, Originates ledger, SitePicture picture, TimeProvider time)
{
    private readonly HashSet<Guid> _own = [];
    private bool _loaded;

    /// <summary>True while there are dials whose outcome is unknown.</summary>
    public bool HasOpen => open.Any;

    /// <summary>A dial of this activation begins: it is none that an earlier one left behind.</summary>
    public void Starting(Guid originateId)
    {
        if (!_loaded)
        {
            _ = _own.Add(originateId);
        }
    }

    /// <summary>Takes up dials whose outcome nobody wrote down: an earlier activation was killed, or its answer was lost.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (_loaded)
        {
            return;
        }

        foreach (var row in (await ledger.ListOpenAsync(site.Value, ct)).Where(r => !_own.Contains(r.OriginateId)))
        {
            open.TakeUp(row);
        }

        _loaded = true;
        _own.Clear();
    }

    /// <summary>A call record tells of a call that may be one of the unknown ones.</summary>
    public void RecordSeen(PbxCallRecord record) => open.RecordSeen(record);

    /// <summary>
    /// Records read from the PBX's own list, before they go to the ledger: they may tell what became of dials whose answer
    /// was lost, also of those given up hours ago because the PBX was out of reach.
    /// </summary>
    public async Task RecordsReadAsync(IReadOnlyCollection<PbxCallRecord> records, CancellationToken ct)
    {
        foreach (var record in records)
        {
            open.Match(record);
        }

        var begun = records.Select(r => PbxTime.CallIdEpoch(r.CallId)).OfType<DateTimeOffset>().ToList();
        if (begun.Count == 0)
        {
            return;
        }

        var (from, to) = OpenOriginates.AskedAround(begun.Min(), begun.Max());
        foreach (var row in await ledger.ListGivenUpAsync(site.Value, from, to, ct))
        {
            var calls = records.Where(r => OpenOriginates.TellsOf(r, row)).Select(r => r.CallId).Distinct(StringComparer.Ordinal).ToList();
            var taken = calls.Count == 0 ? [] : await ledger.ListByCallsAsync(site.Value, calls, ct);
            if (calls.Find(call => taken.All(other => other.CallId != call)) is { } callId)
            {
                var accepted = row with { State = OriginateRowState.Accepted, CallId = callId, Message = null, ResolvedAt = time.GetUtcNow() };
                await journal.ResolvedAsync(accepted, isNews: true, ct);
            }
        }
    }

    /// <summary>Compares unknown dials with the live picture and writes down what became of them.</summary>
    public async Task SettleAsync(bool roundDone, CancellationToken ct)
    {
        await ReturnTakenAsync(ct);
        foreach (var settled in open.Settle(roundDone, time.GetUtcNow()))
        {
            var row = settled.Row;
            if (settled.CallId is { } callId && ExtensionNumber.TryParse(row.Extension, out var extension))
            {
                _ = picture.Calls.Originated(callId, extension, row.Destination, row.Reference, row.AgentId, time.GetUtcNow());
            }

            var outcome = row with { State = settled.State, CallId = settled.CallId?.Value, Refusal = settled.Refusal?.ToString(), Message = settled.Message, ResolvedAt = time.GetUtcNow() };
            await journal.ResolvedAsync(outcome, isNews: row.State is OriginateRowState.Dialling or OriginateRowState.Unknown, ct);
        }
    }

    /// <summary>
    /// Who redials within two minutes leaves records of the same parties: a call that is known to be another dial's is not
    /// that of the one whose answer was lost.
    /// </summary>
    private async Task ReturnTakenAsync(CancellationToken ct)
    {
        var unsure = open.Found.ToLookup(found => journal.IsOfAnother(found.CallId, found.OriginateId), found => found);
        foreach (var (_, callId) in unsure[true])
        {
            open.NotTheirs(callId);
        }

        var asked = unsure[false].ToList();
        var taken = asked.Count == 0 ? [] : await ledger.ListByCallsAsync(site.Value, [.. asked.Select(found => found.CallId.Value)], ct);
        foreach (var (_, callId) in asked.Where(found => taken.Any(row => row.CallId == found.CallId.Value && row.OriginateId != found.OriginateId)))
        {
            open.NotTheirs(callId);
        }
    }
}
