using Npgsql;
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
    private readonly HashSet<ExtensionNumber> _dialling = [];
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
            if (calls.Find(call => taken.All(other => other.CallId != call) && CallId.TryParse(call, out var id) && !journal.IsOfAnother(id, row.OriginateId)) is { } callId)
            {
                var accepted = row with { State = OriginateRowState.Accepted, CallId = callId, Message = null, ResolvedAt = time.GetUtcNow() };
                await journal.ResolvedAsync(accepted, isNews: true, ct);
            }
        }
    }

    /// <summary>A dial for an extension leaves now. False when another one is under way: its phone does not ring yet, so the picture cannot know.</summary>
    public bool BeginDial(ExtensionNumber extension) => _dialling.Add(extension);

    /// <summary>It is known what became of it, or that nobody knows.</summary>
    public void EndDial(ExtensionNumber extension) => _dialling.Remove(extension);

    /// <summary>True in the moment between a dial for the extension and its phone's ringing.</summary>
    public bool IsDialling(ExtensionNumber extension) => _dialling.Contains(extension);

    /// <summary>Compares unknown dials with the live picture and writes down what became of them.</summary>
    public async Task SettleAsync(bool roundDone, CancellationToken ct)
    {
        if (!open.Any)
        {
            return;
        }

        var suspects = open.Suspects();
        var owners = await OwnersAsync(suspects, ct);
        foreach (var settled in open.Settle(roundDone, time.GetUtcNow(), IsTheirs))
        {
            var row = settled.Row;
            if (settled.CallId is { } callId && ExtensionNumber.TryParse(row.Extension, out var extension))
            {
                _ = picture.Calls.Originated(callId, extension, row.Destination, row.Reference, row.AgentId, time.GetUtcNow());
            }

            var outcome = row with { State = settled.State, CallId = settled.CallId?.Value, Refusal = settled.Refusal?.ToString(), Message = settled.Message, ResolvedAt = time.GetUtcNow() };
            await journal.ResolvedAsync(outcome, isNews: row.State is OriginateRowState.Dialling or OriginateRowState.Unknown, ct);
        }

        // A dial that is under way may be the one whose call has just shown.
        bool? IsTheirs(OriginateRow row, CallId call) =>
            owners is null || !suspects.Contains(call) || _dialling.Contains(ExtensionNumber.Parse(row.Extension)) ? null
            : !journal.IsOfAnother(call, row.OriginateId) && owners.All(owner => owner.CallId != call.Value || owner.OriginateId == row.OriginateId);
    }

    /// <summary>
    /// The dials these calls are known to be of: who redials within two minutes leaves calls and records of the same parties.
    /// Null while the database does not tell.
    /// </summary>
    private async Task<IReadOnlyList<OriginateRow>?> OwnersAsync(IReadOnlySet<CallId> calls, CancellationToken ct)
    {
        try
        {
            return calls.Count == 0 ? [] : await ledger.ListByCallsAsync(site.Value, [.. calls.Select(call => call.Value)], ct);
        }
        catch (NpgsqlException)
        {
            // What else it does not take is told as a warning of the site; this is asked again.
            return null;
        }
    }
}
