using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Board.Calls;

/// <summary>Somebody to call back.</summary>
/// <param name="Last">Record of the last call.</param>
/// <param name="Calls">How often in the list.</param>
/// <param name="First">When the first of them was.</param>
public sealed record MissedCaller(CallRecordRow Last, int Calls, DateTimeOffset First)
{
    /// <summary>The number as the PBX showed it; null when it was withheld.</summary>
    public string? Number => Last.Caller;

    /// <summary>Puts calls of the same number together: the same in E.164 at one site, or the same digits. Withheld ones stay apart.</summary>
    internal static IReadOnlyList<MissedCaller> Of(IEnumerable<CallRecordRow> calls) =>
    [
        .. calls.GroupBy(call => (call.SiteId, Number: call.CallerE164 ?? call.Caller, Alone: call.Caller is null ? call.RecordId : 0))
            .Select(group => new MissedCaller(group.MaxBy(call => call.StartedAt)!, group.Count(), group.Min(call => call.StartedAt)))
            .OrderByDescending(caller => caller.Last.StartedAt),
    ];
}
