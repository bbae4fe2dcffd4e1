using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Grains.Moves;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;
using PbxGrains.Yeastar.Time;

namespace PbxGrains.Grains.Calls;

/// <summary>What a report or list moved.</summary>
/// <param name="Call">The call.</param>
/// <param name="Legs">Legs whose state moved.</param>
/// <param name="Ended">True when the call ended just now.</param>
public sealed record CallMove(TrackedCall Call, IReadOnlyList<TrackedLeg> Legs, bool Ended)
{
    /// <summary>Extensions that took another one's place just now.</summary>
    public IReadOnlyList<TrackedLeg> TookOver { get; init; } = [];

    /// <summary>True when a record says that the call is over, or one part of it: only the PBX knows which.</summary>
    public bool IsDoubted { get; init; }
}

/// <summary>
/// The running calls of one site, fed by reports in any order, repeated or late, and confirmed by polls. Calls that
/// ended are remembered for a while so that a late report cannot bring them back.
/// </summary>
public sealed class CallTracker
{
    /// <summary>How long an ended call is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>A call nobody confirmed for this long is over.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromHours(12);

    private const int MostRemembered = 5000;

    /// <summary>More calls than the largest PBX of the series carries at once: what goes beyond is invented or never ended.</summary>
    public const int MostRunning = 1000;

    private readonly Dictionary<CallId, TrackedCall> _calls = [];
    private readonly Queue<(DateTimeOffset EndedAt, CallId Id)> _ended = new();

    /// <summary>Calls running now, oldest first.</summary>
    public IEnumerable<TrackedCall> Running => _calls.Values.Where(c => c.EndedAt is null).OrderBy(c => c.StartedAt);

    /// <summary>All calls, those remembered as ended included.</summary>
    public IEnumerable<TrackedCall> All => _calls.Values;

    /// <summary>Number of calls running now.</summary>
    public int RunningCount => _calls.Count - _ended.Count;

    /// <summary>One call, running or ended not long ago; null when unknown.</summary>
    public TrackedCall? Find(CallId id) => _calls.GetValueOrDefault(id);

    /// <summary>The running call an extension takes part in; null when none.</summary>
    public TrackedCall? RunningCallOf(ExtensionNumber number) =>
        _calls.Values.Where(c => c.EndedAt is null && c.Legs.Any(l => l.Number == number.Value && l.Kind == LegKind.Extension && l.State != LegState.Ended))
            .MaxBy(c => c.SeenAt);

    /// <summary>A call of ours was accepted by the PBX.</summary>
    public TrackedCall Originated(CallId id, ExtensionNumber extension, string destination, string? reference, string? agentId, DateTimeOffset now)
    {
        var call = Ensure(id, now);
        call.Reference = reference;
        call.AgentId = agentId;
        call.Originator = extension;
        call.Destination = destination;
        if (call.EndedAt is null)
        {
            _ = call.Apply(new PbxLeg { Kind = PbxLegKind.Extension, Extension = extension.Value }, now);
        }

        return call;
    }

    /// <summary>A report says that a call went on.</summary>
    public CallMove? Apply(CallProgressReport report, DateTimeOffset now) => Apply(report.CallId, report.Legs, now);

    /// <summary>A report says something of a call's legs: transfer, forward, invitation.</summary>
    public CallMove? Apply(CallNoticeReport report, DateTimeOffset now) =>
        report is { CallId: { } id, Kind: not CallNoticeKind.PhoneControl } ? Apply(id, report.Legs, now) : null;

    /// <summary>A report says that a call failed. The call ends when nobody is left talking.</summary>
    public CallMove? Apply(CallFailedReport report, DateTimeOffset now)
    {
        if (!CallId.TryParse(report.CallId, out var id))
        {
            return null;
        }

        var call = Ensure(id, now);
        if (call.EndedAt is not null)
        {
            return null;
        }

        call.FailureReason = report.Reason;
        return call.AnsweredAt is null ? End(call, now) : new CallMove(call, [], Ended: false);
    }

    /// <summary>
    /// A call record ends its call, unless somebody still talks whom it does not name: a transferred call writes its first record
    /// when the first party leaves.
    /// </summary>
    public CallMove? Apply(CallRecordReport report, DateTimeOffset now)
    {
        if (!CallId.TryParse(report.Record.CallId, out var id))
        {
            return null;
        }

        // A record for a call never seen is remembered as ended: its reports may still be on their way.
        var call = Ensure(id, now);
        return call.EndedAt is not null ? null
            : call.HasPartyBeside(report.Record) ? new CallMove(call, [], Ended: false) { IsDoubted = true }
            : End(call, now);
    }

    /// <summary>Ends a call the PBX no longer knows.</summary>
    public CallMove? Ended(CallId id, DateTimeOffset now) =>
        _calls.TryGetValue(id, out var call) && call.EndedAt is null ? End(call, now) : null;

    /// <summary>Merges what a list of the PBX names.</summary>
    public IReadOnlyList<CallMove> Listed(IReadOnlyList<PbxCall> listed, DateTimeOffset askedAt)
    {
        List<CallMove> moves = [];
        foreach (var item in listed)
        {
            if (Resolve(item) is { } id && Apply(id.Value, item.Legs, askedAt) is { } move)
            {
                moves.Add(move);
            }
        }

        return moves;
    }

    /// <summary>Forgets calls that ended long ago and ends those nobody confirmed for very long.</summary>
    public IReadOnlyList<CallMove> Tidy(DateTimeOffset now)
    {
        ForgetEnded(now);
        return [.. Running.Where(c => now - c.ConfirmedAt > LongestSilence).ToList().Select(c => End(c, now))];
    }

    /// <summary>Goes on with the calls an activation on another silo tracked.</summary>
    internal void TakeOver(IEnumerable<CallHandOver> calls)
    {
        foreach (var call in calls.OrderBy(c => c.EndedAt).Select(c => new TrackedCall(c)))
        {
            if (_calls.TryAdd(call.Id, call) && call.EndedAt is { } endedAt)
            {
                _ended.Enqueue((endedAt, call.Id));
            }
        }
    }

    /// <summary>Forgets everything: the site points at another PBX now.</summary>
    public void Clear()
    {
        _calls.Clear();
        _ended.Clear();
    }

    /// <summary>Keeps memory bounded whatever a PBX invents, even while no poll round tidies up.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        if (RunningCount >= MostRunning && Running.MinBy(c => c.ConfirmedAt) is { } oldest)
        {
            _ = End(oldest, now);
        }

        ForgetEnded(now);
    }

    private void ForgetEnded(DateTimeOffset now)
    {
        while (_ended.TryPeek(out var oldest) && (_ended.Count > MostRemembered || now - oldest.EndedAt > Memory))
        {
            _ = _ended.Dequeue();
            _ = _calls.Remove(oldest.Id);
        }
    }

    private CallMove? Apply(string callId, IReadOnlyList<PbxLeg> legs, DateTimeOffset now)
    {
        if (!CallId.TryParse(callId, out var id))
        {
            return null;
        }

        Adopt(id, legs);
        var call = Ensure(id, now);
        if (call.EndedAt is not null)
        {
            return null;
        }

        call.Confirm(now);
        List<TrackedLeg> moved = [];
        foreach (var leg in legs)
        {
            if (call.Apply(leg, now) is { } tracked)
            {
                moved.Add(tracked);
            }
        }

        return call.AllLegsEnded
            ? End(call, now) with { Legs = moved }
            : new CallMove(call, moved, Ended: false) { TookOver = call.TakeOvers() };
    }

    private TrackedCall Ensure(CallId id, DateTimeOffset now)
    {
        if (!_calls.TryGetValue(id, out var call))
        {
            MakeRoom(now);
            call = new TrackedCall(id, PbxTime.CallIdEpoch(id.Value) ?? now, now);
            _calls.Add(id, call);
        }

        return call;
    }

    private CallMove End(TrackedCall call, DateTimeOffset now)
    {
        call.End(now);
        _ended.Enqueue((now, call.Id));
        return new CallMove(call, [], Ended: true);
    }

    /// <summary>Dialect 1.1.0 lists name outbound legs without their call: find the call that has the leg, or name it by the leg.</summary>
    private CallId? Resolve(PbxCall item)
    {
        if (CallId.TryParse(item.CallId, out var id))
        {
            return id;
        }

        foreach (var leg in item.Legs)
        {
            var known = _calls.Values.FirstOrDefault(c => c.EndedAt is null && c.Legs.Any(l => l.IsSame(leg) && l.Kind != LegKind.Extension));
            if (known is not null)
            {
                return known.Id;
            }
        }

        var handle = item.Legs.FirstOrDefault(l => l.Handle is not null)?.Handle;
        return CallId.TryParse(handle, out var named) ? named : null;
    }

    /// <summary>A call known only by a leg's handle gets its real id when a report tells it.</summary>
    private void Adopt(CallId id, IReadOnlyList<PbxLeg> legs)
    {
        foreach (var leg in legs)
        {
            if (leg.Kind == PbxLegKind.Outbound && CallId.TryParse(leg.Handle, out var provisional) && provisional != id
                && _calls.TryGetValue(provisional, out var call) && call.EndedAt is null)
            {
                _ = _calls.Remove(provisional);
                if (_calls.TryAdd(id, call))
                {
                    call.Id = id;
                }

                return;
            }
        }
    }
}
