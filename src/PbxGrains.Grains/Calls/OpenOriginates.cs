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
/// Originates whose answer was lost. Pure: matches them with the live picture. A call that fits and began right after the
/// dial is theirs. Only an extension that was watched without a gap from the dial on and stayed free shows that nothing
/// started; where nobody watched (a killed process, a PBX out of reach), a short call may have come and gone.
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

    /// <summary>Calls found by their records, each with the dial it seems to be of.</summary>
    public IReadOnlyList<(Guid OriginateId, CallId CallId)> Found =>
        [.. _open.Where(o => o.Found is not null).Select(o => (o.Row.OriginateId, o.Found!.Value))];

    /// <summary>A call found by its record is another dial's: neither it nor its other records tell anything.</summary>
    public void NotTheirs(CallId callId)
    {
        _ = _records.RemoveAll(record => record.CallId == callId.Value);
        foreach (var open in _open.Where(o => o.Found == callId))
        {
            open.Found = null;
        }
    }

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
        if (!CallId.TryParse(record.CallId, out var id) || picture.Calls.Find(id) is { Destination: not null } || _open.Exists(o => o.Found == id))
        {
            return;
        }

        var seenAt = picture.Calls.Find(id)?.SeenAt;
        var match = _open.Find(o => TellsOf(record, o.Row) && !(seenAt < o.Row.CreatedAt - Blink) && o.Found is null);
        if (match is not null)
        {
            match.Found = id;
        }
    }

    /// <summary>Those whose outcome shows by now; they are asked after no longer.</summary>
    public IReadOnlyList<SettledOriginate> Settle(bool roundDone, DateTimeOffset now)
    {
        if (_open.Count == 0)
        {
            return [];
        }

        List<SettledOriginate> settled = [];
        foreach (var open in _open.ToList())
        {
            if (Judge(open, settled, roundDone, now) is { } verdict)
            {
                settled.Add(verdict);
                _ = _open.Remove(open);
            }
        }

        return settled;
    }

    private SettledOriginate? Judge(Open open, List<SettledOriginate> settled, bool roundDone, DateTimeOffset now)
    {
        var row = open.Row;
        if (open.Decided)
        {
            return new SettledOriginate(row, row.State, CallId.TryParse(row.CallId, out var known) ? known : null, Enum.TryParse<OriginateRefusal>(row.Refusal, out var why) ? why : null, row.Message);
        }

        var number = ExtensionNumber.Parse(row.Extension);
        if ((open.Found ?? Matching(row, settled)) is { } callId)
        {
            return new SettledOriginate(row, OriginateRowState.Accepted, callId, Refusal: null, Message: null);
        }

        if (roundDone)
        {
            open.Look(picture.Extensions.Find(number)?.Status is ExtensionStatus.Idle or ExtensionStatus.Unregistered, now);
        }

        if (open.FreeRounds >= RoundsWithoutTrace && now - row.CreatedAt > ShowsWithin && picture.Extensions.ListedAt > row.CreatedAt)
        {
            return new SettledOriginate(row, OriginateRowState.Refused, CallId: null, OriginateRefusal.NotStarted, "The PBX's answer was lost, and no call started: the extension stayed free. Dial again if you wish.");
        }

        return now - row.CreatedAt > GivenUpAfter
            ? new SettledOriginate(row, OriginateRowState.Unknown, CallId: null, Refusal: null, "The PBX's answer was lost and no trace of the call was found in ten minutes.")
            : null;
    }

    private CallId? Matching(OriginateRow row, List<SettledOriginate> settled) =>
        picture.Calls.All
            .Where(c => c.SeenAt >= row.CreatedAt - Blink && BeganWith(row, c.StartedAt))
            .Where(c => c is { Reference: null, Destination: null } && c.Direction != CallDirection.Inbound)
            .Where(c => Fits(c, row) && settled.TrueForAll(s => s.CallId != c.Id))
            .Select(c => (CallId?)c.Id)
            .FirstOrDefault();

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

        public CallId? Found { get; set; }

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
