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
internal sealed record SettledOriginate(OriginateRow Row, OriginateRowState State, CallId? CallId, OriginateRefusal? Refusal, string? Message);

/// <summary>
/// Originates whose answer was lost. Pure: matches them with the live picture. A call that fits and began after the dial
/// is theirs; an extension that stays free through several rounds shows that nothing started.
/// </summary>
internal sealed class OpenOriginates(SitePicture picture)
{
    /// <summary>A PBX needs some seconds until a new call shows; nothing is concluded before.</summary>
    public static readonly TimeSpan ShowsWithin = TimeSpan.FromSeconds(20);

    /// <summary>After this long without a trace it stays unknown for good.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromMinutes(10);

    private const int RoundsWithoutTrace = 3;

    // The call id's epoch is the PBX's clock, which may run behind ours.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    private readonly List<Open> _open = [];

    public bool Any => _open.Count > 0;

    public void Add(OriginateRow row) => _open.Add(new Open(row));

    /// <summary>Its outcome is known and only needs to be written down.</summary>
    public void AddDecided(OriginateRow row) => _open.Add(new Open(row) { Decided = true });

    public void RecordSeen(PbxCallRecord record)
    {
        var match = _open.Find(o => o.Row.Extension == record.From && record.To is { } to && to.StartsWith(o.Row.Destination, StringComparison.Ordinal));
        if (match is not null && CallId.TryParse(record.CallId, out var id) && Yeastar.Time.PbxTime.CallIdEpoch(id.Value) >= match.Row.CreatedAt - ClockTolerance)
        {
            match.Found = id;
        }
    }

    public IReadOnlyList<SettledOriginate> Settle(bool roundDone, DateTimeOffset now)
    {
        if (_open.Count == 0)
        {
            return [];
        }

        List<SettledOriginate> settled = [];
        foreach (var open in _open.ToList())
        {
            if (Judge(open, roundDone, now) is { } verdict)
            {
                settled.Add(verdict);
                _ = _open.Remove(open);
            }
        }

        return settled;
    }

    private SettledOriginate? Judge(Open open, bool roundDone, DateTimeOffset now)
    {
        var row = open.Row;
        if (open.Decided)
        {
            return new SettledOriginate(row, row.State, CallId.TryParse(row.CallId, out var known) ? known : null, Enum.TryParse<OriginateRefusal>(row.Refusal, out var why) ? why : null, row.Message);
        }

        var number = ExtensionNumber.Parse(row.Extension);
        if ((open.Found ?? Matching(row)) is { } callId)
        {
            return new SettledOriginate(row, OriginateRowState.Accepted, callId, Refusal: null, Message: null);
        }

        var free = picture.Extensions.Find(number)?.Status is ExtensionStatus.Idle or ExtensionStatus.Unregistered;
        open.FreeRounds = roundDone ? (free ? open.FreeRounds + 1 : 0) : open.FreeRounds;
        if (open.FreeRounds >= RoundsWithoutTrace && now - row.CreatedAt > ShowsWithin && picture.Extensions.ListedAt > row.CreatedAt)
        {
            return new SettledOriginate(row, OriginateRowState.Refused, CallId: null, OriginateRefusal.NotStarted, "The PBX's answer was lost, and no call started: the extension stayed free. Dial again if you wish.");
        }

        return now - row.CreatedAt > GivenUpAfter
            ? new SettledOriginate(row, OriginateRowState.Unknown, CallId: null, Refusal: null, "The PBX's answer was lost and no trace of the call was found in ten minutes.")
            : null;
    }

    private CallId? Matching(OriginateRow row) =>
        picture.Calls.All
            .Where(c => c.SeenAt >= row.CreatedAt - TimeSpan.FromSeconds(1) && c.StartedAt >= row.CreatedAt - ClockTolerance)
            .Where(c => c is { Reference: null, Destination: null } && c.Direction != CallDirection.Inbound)
            .Where(c => c.Legs.Any(l => l.Kind == LegKind.Extension && l.Number == row.Extension))
            .Where(c => c.Callee is null || c.Callee == row.Destination || c.Callee == row.Extension)
            .Select(c => (CallId?)c.Id)
            .FirstOrDefault();

    private sealed class Open(OriginateRow row)
    {
        public OriginateRow Row { get; } = row;

        public bool Decided { get; init; }

        public CallId? Found { get; set; }

        public int FreeRounds { get; set; }
    }
}
