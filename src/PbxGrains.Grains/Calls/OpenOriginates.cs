using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Calls;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Calls;

/// <summary>An originate whose outcome became known.</summary>
/// <param name="Row">The originate.</param>
/// <param name="State">What became of it; still unknown when it was given up.</param>
/// <param name="CallId">The call it became.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Message">One English sentence.</param>
public sealed record SettledOriginate(OriginateRow Row, OriginateRowState State, CallId? CallId, OriginateRefusal? Refusal, string? Message);

/// <summary>
/// Originates whose answer was lost. Pure: matches them with the live picture. A call that fits, began right after the dial
/// and is no other dial's is theirs. Only an extension that was watched without a gap from the dial on and stayed free shows
/// that nothing started; where nobody watched (a killed process, a PBX out of reach), a short call may have come and gone.
/// </summary>
public sealed class OpenOriginates(SitePicture picture)
{
    /// <summary>A PBX needs some seconds until a new call shows; nothing is concluded before.</summary>
    public static readonly TimeSpan ShowsWithin = TimeSpan.FromSeconds(20);

    /// <summary>After this long without a trace it stays unknown for good.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromMinutes(10);

    /// <summary>Longest time between two looks at the extension in which no call can come and go unseen.</summary>
    public static readonly TimeSpan WatchedEvery = TimeSpan.FromSeconds(20);

    private const int RoundsWithoutTrace = 3;

    // The call id's epoch is the PBX's clock, which may run behind ours.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    // A report may be handled in the moment between the dial and its row.
    private static readonly TimeSpan Blink = TimeSpan.FromSeconds(1);

    private const int RecordsKept = 50;

    private readonly List<Open> _open = [];
    private readonly List<PbxCallRecord> _records = [];

    /// <summary>True while there are any.</summary>
    public bool Any => _open.Count > 0;

    /// <summary>Its answer was lost just now.</summary>
    public void Add(OriginateRow row) => AddOnce(new Open(row) { WatchedAt = row.CreatedAt });

    /// <summary>Another activation dialled it and is gone: nobody knows what happened meanwhile.</summary>
    public void TakeUp(OriginateRow row) => AddOnce(new Open(row));

    /// <summary>Its outcome is known and only needs to be written down.</summary>
    public void AddDecided(OriginateRow row) => AddOnce(new Open(row) { Decided = true });

    /// <summary>One whose outcome is known and not written down; null when there is none of that id.</summary>
    public OriginateRow? Decided(Guid originateId) => _open.Find(o => o.Decided && o.Row.OriginateId == originateId)?.Row;

    /// <summary>Whether a call is that of one whose outcome is known and not written down.</summary>
    public bool IsDecided(CallId callId) => _open.Exists(o => o.Decided && o.Row.CallId == callId.Value);

    /// <summary>It is asked after no longer.</summary>
    public void Forget(Guid originateId) => _open.RemoveAll(o => o.Row.OriginateId == originateId);

    /// <summary>A call record tells of a call that may be one of them.</summary>
    public void RecordSeen(PbxCallRecord record)
    {
        // A short call's record arrives while we still wait for the lost answer.
        _records.Add(record);
        if (_records.Count > RecordsKept)
        {
            _records.RemoveAt(0);
        }

        Match(record);
    }

    /// <summary>A record that came by another way than a push tells of a call that may be one of them.</summary>
    public void Match(PbxCallRecord record)
    {
        if (!CallId.TryParse(record.CallId, out var id))
        {
            return;
        }

        var seenAt = picture.Calls.Find(id)?.SeenAt;
        foreach (var open in _open.Where(o => !o.Decided && TellsOf(record, o.Row) && !(seenAt < o.Row.CreatedAt - Blink)))
        {
            _ = open.Recorded.Add(id);
        }
    }

    /// <summary>Calls that may be theirs: each may be another dial's all the same, which only the ledger of dials knows.</summary>
    public IReadOnlySet<CallId> Suspects() => _open.Where(o => !o.Decided).SelectMany(Suspects).ToHashSet();

    /// <summary>Those whose outcome shows by now; they are asked after no longer.</summary>
    /// <param name="roundDone">A poll round has just looked at the extensions.</param>
    /// <param name="now">The time.</param>
    /// <param name="isTheirs">Whether a call may be a dial's; null when that cannot be said yet: then nothing is concluded.</param>
    public IReadOnlyList<SettledOriginate> Settle(bool roundDone, DateTimeOffset now, Func<OriginateRow, CallId, bool?> isTheirs)
    {
        if (_open.Count == 0)
        {
            return [];
        }

        List<SettledOriginate> settled = [];
        foreach (var open in _open.ToList())
        {
            if (Judge(open, call => settled.Exists(s => s.CallId == call) ? false : isTheirs(open.Row, call), roundDone, now) is { } verdict)
            {
                settled.Add(verdict);
                _ = _open.Remove(open);
            }
        }

        return settled;
    }

    private SettledOriginate? Judge(Open open, Func<CallId, bool?> isTheirs, bool roundDone, DateTimeOffset now)
    {
        var row = open.Row;
        if (open.Decided)
        {
            return new SettledOriginate(row, row.State, CallId.TryParse(row.CallId, out var known) ? known : null, Enum.TryParse<OriginateRefusal>(row.Refusal, out var why) ? why : null, row.Message);
        }

        var verdicts = Suspects(open).Select(call => (Call: call, IsTheirs: isTheirs(call))).ToList();
        if (verdicts.Find(v => v.IsTheirs == true) is { IsTheirs: true, Call: var callId })
        {
            return new SettledOriginate(row, OriginateRowState.Accepted, callId, Refusal: null, Message: null);
        }

        open.Recorded.ExceptWith(verdicts.Where(v => v.IsTheirs == false).Select(v => v.Call));
        if (roundDone)
        {
            open.Look(picture.Extensions.Find(ExtensionNumber.Parse(row.Extension))?.Status is ExtensionStatus.Idle or ExtensionStatus.Unregistered, now);
        }

        if (verdicts.Exists(v => v.IsTheirs is null))
        {
            return null;
        }

        if (open.FreeRounds >= RoundsWithoutTrace && now - row.CreatedAt > ShowsWithin && picture.Extensions.ListedAt > row.CreatedAt)
        {
            return new SettledOriginate(row, OriginateRowState.Refused, CallId: null, OriginateRefusal.NotStarted, "The PBX's answer was lost, and no call started: the extension stayed free. Dial again if you wish.");
        }

        return now - row.CreatedAt > GivenUpAfter
            ? new SettledOriginate(row, OriginateRowState.Unknown, CallId: null, Refusal: null, "The PBX's answer was lost and no trace of the call was found in ten minutes.")
            : null;
    }

    /// <summary>Calls that fit and are not known to be of another dial, the earliest first.</summary>
    private List<CallId> Suspects(Open open) =>
        [.. picture.Calls.All
            .Where(c => c.SeenAt >= open.Row.CreatedAt - Blink && BeganWith(open.Row, c.StartedAt))
            .Where(c => c.Direction != CallDirection.Inbound && Fits(c, open.Row))
            .Select(c => c.Id)
            .Union(open.Recorded)
            .Where(id => picture.Calls.Find(id) is null or { Reference: null, Destination: null })
            .OrderBy(id => Yeastar.Time.PbxTime.CallIdEpoch(id.Value))];

    /// <summary>
    /// The extension calls the destination, or its own phone still rings and nobody else is in the call, as it is when the PBX
    /// dials for it. Whoever dials by hand does not ring.
    /// </summary>
    private static bool Fits(TrackedCall call, OriginateRow row)
    {
        var own = call.Legs.FirstOrDefault(l => l.Kind == LegKind.Extension && l.Number == row.Extension);
        return own is not null && (call.Callee == row.Destination || (call.Legs.Count == 1 && own.CallerSide != true && own.State == LegState.Ringing));
    }

    /// <summary>Whether a record is of the call that an originate became: same parties, begun right after the dial.</summary>
    public static bool TellsOf(PbxCallRecord record, OriginateRow row) =>
        row.Extension == record.From && IsTo(record.To, row.Destination) && BeganWith(row, Yeastar.Time.PbxTime.CallIdEpoch(record.CallId));

    /// <summary>When originates were asked for whose call may have begun at this moment.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) AskedAround(DateTimeOffset first, DateTimeOffset last) =>
        (first - ShowsWithin - ClockTolerance, last + ClockTolerance);

    private static bool BeganWith(OriginateRow row, DateTimeOffset? startedAt) =>
        startedAt >= row.CreatedAt - ClockTolerance && startedAt <= row.CreatedAt + ShowsWithin + ClockTolerance;

    /// <summary>The number dialled; a ring group or queue shows who answered in brackets: <c>6200(4002)</c>.</summary>
    private static bool IsTo(string? to, string destination) =>
        to == destination || (to?.StartsWith(destination + "(", StringComparison.Ordinal) ?? false);

    private void AddOnce(Open open)
    {
        _ = _open.RemoveAll(o => o.Row.OriginateId == open.Row.OriginateId);
        _open.Add(open);
        foreach (var record in _records)
        {
            Match(record);
        }
    }

    private sealed class Open(OriginateRow row)
    {
        public OriginateRow Row { get; } = row;

        public bool Decided { get; init; }

        /// <summary>Calls whose records fit.</summary>
        public HashSet<CallId> Recorded { get; } = [];

        /// <summary>When somebody last looked, in an unbroken row since the dial; null when there was a gap.</summary>
        public DateTimeOffset? WatchedAt { get; set; }

        public int FreeRounds { get; private set; }

        public void Look(bool free, DateTimeOffset now)
        {
            WatchedAt = WatchedAt is { } before && now - before <= WatchedEvery ? now : null;
            FreeRounds = free && WatchedAt is not null ? FreeRounds + 1 : 0;
        }
    }
}
