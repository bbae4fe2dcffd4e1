using PbxGrains.Contracts;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Events;

namespace PbxGrains.Grains.Cdrs;

/// <summary>
/// Writes onto call records for whom their call was dialled here: the agent, and the caller's own reference. Whichever is
/// known first, the record or the originate, the other finds it: a record asks when it is written and looks once more after,
/// an originate that got its call looks for records that are there already, and whatever a killed process leaves
/// undone the next catch-up does.
/// </summary>
public sealed class DialledCalls(SiteId site, CallRecordReader records, CallRecordLedger ledger, SitePicture picture)
{
    /// <summary>The same versions, with agent and reference where the picture knows them; the ledger itself asks the originates.</summary>
    public IReadOnlyList<CallRecordRow> Named(IEnumerable<CallRecordRow> rows) => [.. rows.Select(FromPicture)];

    /// <summary>Appends one version, named.</summary>
    /// <returns>What it did to the ledger.</returns>
    /// <inheritdoc cref="CallRecordLedger.AppendAsync(CallRecordRow, CancellationToken)" path="/exception" />
    public Task<LedgerOutcome> AppendAsync(CallRecordRow row, CancellationToken ct) => AppendAsync(row, told: [], ct);

    /// <summary>Appends one version, named, and events with it.</summary>
    /// <returns>What it did to the ledger.</returns>
    /// <inheritdoc cref="CallRecordLedger.AppendAsync(CallRecordRow, IReadOnlyList{EventRow}, CancellationToken)" path="/exception" />
    public async Task<LedgerOutcome> AppendAsync(CallRecordRow row, IReadOnlyList<EventRow> told, CancellationToken ct)
    {
        var named = FromPicture(row);
        var outcome = await ledger.AppendAsync(named, told, ct);

        // The PBX may have answered the dial meanwhile: whoever noted it found no record yet.
        var late = FromPicture(named);
        if (late != named)
        {
            _ = await ledger.AppendAsync(late, ct);
        }

        return outcome;
    }

    /// <summary>An originate got its call: records of it that are in the ledger already learn of it.</summary>
    /// <inheritdoc cref="CallRecordLedger.AppendAsync(CallRecordRow, CancellationToken)" path="/exception" />
    public async Task ResolvedAsync(OriginateRow originate, CancellationToken ct)
    {
        if (originate is { CallId: { } callId } and not { AgentId: null, Reference: null })
        {
            var known = await records.FindByCallAsync(site.Value, callId, ct);
            var named = known.Select(row => Named(row, originate.AgentId, originate.Reference)).Where((row, i) => row != known[i]).ToList();
            _ = await ledger.AppendAsync(named, ct);
        }
    }

    private CallRecordRow FromPicture(CallRecordRow row) =>
        CallId.TryParse(row.CallId, out var id) && picture.Calls.Find(id) is { } call ? Named(row, call.AgentId, call.Reference) : row;

    private static CallRecordRow Named(CallRecordRow row, string? agentId, string? reference) =>
        (row.AgentId ?? agentId, row.Reference ?? reference) is var (agent, own) && (agent, own) != (row.AgentId, row.Reference)
            ? row with { AgentId = agent, Reference = own }
            : row;
}
