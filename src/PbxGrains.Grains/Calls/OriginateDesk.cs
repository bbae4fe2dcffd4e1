using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Events;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Events;
using PbxGrains.Grains.Extensions;
using PbxGrains.Grains.Sites;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Reports;
using PbxGrains.Yeastar.Time;

namespace PbxGrains.Grains.Calls;

/// <summary>
/// Starts calls. Each dial is written down before it leaves; a dial whose answer was lost is unknown and is never
/// repeated: the live picture tells later whether the call started.
/// </summary>
public sealed partial class OriginateDesk(SiteId site, SiteSession session, SitePicture picture, Originates ledger, DialledCalls dialled, SiteTeller teller, TimeProvider time, ILogger logger)
{
    private readonly OpenOriginates _open = new(picture);
    private readonly HashSet<Guid> _own = [];
    private readonly HashSet<ExtensionNumber> _dialling = [];
    private bool _loaded;

    /// <summary>True while there are dials whose outcome is unknown.</summary>
    public bool HasOpen => _open.Any;

    /// <summary>Starts a call, or says why not. Runs to its end whatever becomes of the caller.</summary>
    public async Task<OriginateOutcome> StartAsync(OriginateRequest request, SiteConfiguration? configuration, CancellationToken lifetime)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (await ReplayAsync(request, lifetime) is { } earlier)
        {
            return earlier;
        }

        if (Objection(request, configuration) is { } refusal)
        {
            return RefusedAtOnce(id, request, refusal.Why, refusal.Message);
        }

        if (request.DryRun)
        {
            return new OriginateOutcome { OriginateId = id, State = OriginateState.Possible, Reference = request.Reference };
        }

        var login = await session.EnsureAsync(configuration!, lifetime);
        if (!login.Succeeded)
        {
            var (why, message, code) = OriginateRefusals.Of(login.Failure);
            return RefusedAtOnce(id, request, why, message, code);
        }

        if (!_loaded)
        {
            _ = _own.Add(id);
        }

        var row = NewRow(id, request);
        if (await ledger.BeginAsync(row, lifetime) is { } raced)
        {
            return Replay(raced, request);
        }

        if (!_dialling.Add(request.Extension))
        {
            // Its phone does not ring yet, so the picture cannot know: the same moment brought another dial for it.
            return await FailedAsync(row with { State = OriginateRowState.Refused, Refusal = nameof(OriginateRefusal.ExtensionBusy), Message = $"Another call is being started for extension {request.Extension}.", ResolvedAt = time.GetUtcNow() }, lifetime);
        }

        try
        {
            return await DialAsync(row, request, configuration!, login.Value, lifetime);
        }
        finally
        {
            _ = _dialling.Remove(request.Extension);
        }
    }

    /// <summary>What became of an earlier originate; null when the site has none of that id.</summary>
    public async Task<OriginateOutcome?> FindAsync(Guid originateId, CancellationToken ct) =>
        await ledger.FindAsync(site.Value, originateId, ct) is { } row ? Outcome(row, replayed: false) : null;

    /// <summary>Takes up dials whose outcome nobody wrote down: an earlier activation was killed, or its answer was lost.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (_loaded)
        {
            return;
        }

        foreach (var row in (await ledger.ListOpenAsync(site.Value, ct)).Where(r => !_own.Contains(r.OriginateId)))
        {
            _open.TakeUp(row);
        }

        _loaded = true;
        _own.Clear();
    }

    /// <summary>A call record tells of a call that may be one of the unknown ones.</summary>
    public void RecordSeen(PbxCallRecord record) => _open.RecordSeen(record);

    /// <summary>
    /// Records read from the PBX's own list, before they go to the ledger: they may tell what became of dials whose answer
    /// was lost, also of those given up hours ago because the PBX was out of reach.
    /// </summary>
    public async Task RecordsReadAsync(IReadOnlyCollection<PbxCallRecord> records, CancellationToken ct)
    {
        foreach (var record in records)
        {
            _open.Match(record);
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
                Log.Resolved(logger, site, row.OriginateId, OriginateRowState.Accepted, callId);
                var accepted = row with { State = OriginateRowState.Accepted, CallId = callId, Message = null, ResolvedAt = time.GetUtcNow() };
                teller.Originated(EventTypes.OriginateResolved, accepted);
                _ = await CompleteAsync(accepted, ct);
            }
        }
    }

    /// <summary>Compares unknown dials with the live picture and writes down what became of them.</summary>
    public async Task SettleAsync(bool roundDone, CancellationToken ct)
    {
        foreach (var settled in _open.Settle(roundDone, time.GetUtcNow()))
        {
            var row = settled.Row;
            if (settled.CallId is { } callId && ExtensionNumber.TryParse(row.Extension, out var extension))
            {
                _ = picture.Calls.Originated(callId, extension, row.Destination, row.Reference, row.AgentId, time.GetUtcNow());
            }

            Log.Resolved(logger, site, row.OriginateId, settled.State, settled.CallId?.Value);
            var outcome = row with { State = settled.State, CallId = settled.CallId?.Value, Refusal = settled.Refusal?.ToString(), Message = settled.Message, ResolvedAt = time.GetUtcNow() };
            if (row.State is OriginateRowState.Dialling or OriginateRowState.Unknown)
            {
                teller.Originated(EventTypes.OriginateResolved, outcome);
            }

            _ = await CompleteAsync(outcome, ct);
        }
    }

    private async Task<OriginateOutcome> DialAsync(OriginateRow row, OriginateRequest request, SiteConfiguration configuration, IPbxClient client, CancellationToken lifetime)
    {
        var dial = new PbxOriginate(
            request.Extension.Value,
            request.Destination,
            ExtensionNumber.TryParse(request.Destination, out var other) && picture.Extensions.Find(other) is not null,
            request.CallerId,
            request.AutoAnswer);
        var answer = await client.OriginateAsync(dial, lifetime);
        if (answer.Failure?.Kind == PbxFailureKind.SessionEnded)
        {
            // The PBX refused for the session's sake, so nothing was dialled: asking again is safe.
            session.Drop(client);
            var again = await session.EnsureAsync(configuration, lifetime);
            answer = again.Succeeded ? await again.Value.OriginateAsync(dial, lifetime) : again.Failure;
        }

        if (answer.Succeeded && CallId.TryParse(answer.Value, out var callId))
        {
            _ = picture.Calls.Originated(callId, request.Extension, request.Destination, request.Reference, request.AgentId, time.GetUtcNow());
            return await AcceptedAsync(row with { State = OriginateRowState.Accepted, CallId = callId.Value, ResolvedAt = time.GetUtcNow() }, lifetime);
        }

        if (answer.Failure is null or { Kind: PbxFailureKind.NoAnswer or PbxFailureKind.UnexpectedAnswer })
        {
            var unknown = row with { State = OriginateRowState.Unknown, Message = "The PBX's answer was lost. It is not dialled again; ask for this originate until it is resolved." };
            _open.Add(unknown);
            return await CompleteAsync(unknown, lifetime);
        }

        var (why, message, code) = OriginateRefusals.Of(answer.Failure);
        return await FailedAsync(row with { State = OriginateRowState.Refused, Refusal = why.ToString(), Message = message, PbxErrorCode = code, ResolvedAt = time.GetUtcNow() }, lifetime);
    }

    /// <summary>Nothing was written down, since nothing was to be dialled; that somebody wanted to is told all the same.</summary>
    private OriginateOutcome RefusedAtOnce(Guid id, OriginateRequest request, OriginateRefusal why, string message, string? code = null)
    {
        if (!request.DryRun && why != OriginateRefusal.SiteUnknown)
        {
            teller.Originated(EventTypes.OriginateFailed, NewRow(id, request) with { State = OriginateRowState.Refused, Refusal = why.ToString(), Message = message, PbxErrorCode = code });
        }

        return Refused(id, request, why, message, code);
    }

    private Task<OriginateOutcome> AcceptedAsync(OriginateRow row, CancellationToken ct)
    {
        teller.Originated(EventTypes.OriginateAccepted, row);
        return CompleteAsync(row, ct);
    }

    private Task<OriginateOutcome> FailedAsync(OriginateRow row, CancellationToken ct)
    {
        teller.Originated(EventTypes.OriginateFailed, row);
        return CompleteAsync(row, ct);
    }

    /// <summary>Writes down what became of a dial. Without a database the answer still goes to the caller, and writing is tried again.</summary>
    private async Task<OriginateOutcome> CompleteAsync(OriginateRow row, CancellationToken ct)
    {
        try
        {
            await ledger.CompleteAsync(row.OriginateId, row.State, row.CallId, row.Refusal, row.Message, row.PbxErrorCode, row.ResolvedAt, ct);
            if (row.State == OriginateRowState.Accepted)
            {
                await dialled.ResolvedAsync(row, ct);
            }
        }
        catch (Exception e) when (e is NpgsqlException or LedgerUnavailableException)
        {
            Log.NotWritten(logger, site, row.OriginateId, row.State, e);
            _open.AddDecided(row);
        }
        catch (CallRecordRejectedException e)
        {
            Log.NotNamed(logger, site, row.OriginateId, e);
        }

        return Outcome(row, replayed: false);
    }

    private async Task<OriginateOutcome?> ReplayAsync(OriginateRequest request, CancellationToken ct)
    {
        if (request.IdempotencyKey is null || request.DryRun)
        {
            return null;
        }

        var earlier = await ledger.FindByKeyAsync(site.Value, request.IdempotencyKey, time.GetUtcNow(), ct);
        return earlier is null ? null : Replay(earlier, request);
    }

    private static OriginateOutcome Replay(OriginateRow earlier, OriginateRequest request) =>
        earlier.RequestHash.AsSpan().SequenceEqual(HashOf(request))
            ? Outcome(earlier, replayed: true)
            : Refused(earlier.OriginateId, request, OriginateRefusal.IdempotencyConflict, "This idempotency key was used for another call in the last 24 hours. Use a new key for a new call.");

    private (OriginateRefusal Why, string Message)? Objection(OriginateRequest request, SiteConfiguration? configuration)
    {
        if (configuration is null)
        {
            return (OriginateRefusal.SiteUnknown, "No such site. Register it first.");
        }

        if (configuration.Suspended)
        {
            return (OriginateRefusal.SiteSuspended, "The site is suspended. Resume it first.");
        }

        var now = time.GetUtcNow();
        if (picture.Extensions.Find(request.Extension) is not { } state)
        {
            var listed = picture.Extensions.ListedAt is not null;
            return listed ? (OriginateRefusal.ExtensionUnknown, $"The site's PBX has no extension {request.Extension}.") : null;
        }

        var bound = configuration.Periods.BoundAt(configuration.Periods.PushProven);
        var view = ExtensionJudge.View(new ExtensionId(site, request.Extension), state, picture.Extensions.ListedAt, bound, now);
        return view.Status switch
        {
            ExtensionStatus.Unregistered => (OriginateRefusal.ExtensionUnregistered, $"No phone is registered on extension {request.Extension}: it cannot ring."),
            ExtensionStatus.Ringing or ExtensionStatus.Busy or ExtensionStatus.OnHold => (OriginateRefusal.ExtensionBusy, $"Extension {request.Extension} is in a call."),
            _ => null,
        };
    }

    private OriginateRow NewRow(Guid id, OriginateRequest request) => new()
    {
        OriginateId = id,
        SiteId = site.Value,
        Extension = request.Extension.Value,
        Destination = request.Destination,
        IdempotencyKey = request.IdempotencyKey,
        RequestHash = HashOf(request),
        State = OriginateRowState.Dialling,
        Reference = request.Reference,
        AgentId = request.AgentId,
        CreatedAt = time.GetUtcNow(),
    };

    private static OriginateOutcome Outcome(OriginateRow row, bool replayed) => new()
    {
        OriginateId = row.OriginateId,
        State = row.State switch
        {
            OriginateRowState.Accepted => OriginateState.Accepted,
            OriginateRowState.Refused => OriginateState.Refused,
            _ => OriginateState.Unknown,
        },
        CallId = CallId.TryParse(row.CallId, out var callId) ? callId : null,
        Refusal = Enum.TryParse<OriginateRefusal>(row.Refusal, out var why) ? why : null,
        Message = row.Message,
        PbxErrorCode = row.PbxErrorCode,
        Reference = row.Reference,
        Replayed = replayed,
    };

    private static OriginateOutcome Refused(Guid id, OriginateRequest request, OriginateRefusal why, string message, string? code = null) => new()
    {
        OriginateId = id,
        State = OriginateState.Refused,
        Refusal = why,
        Message = message,
        PbxErrorCode = code,
        Reference = request.Reference,
    };

    private static byte[] HashOf(OriginateRequest request) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', request.Extension.Value, request.Destination, request.CallerId, request.AutoAnswer, request.Reference)));

    private static partial class Log
    {
        [LoggerMessage(31, LogLevel.Warning, "Site {Site}: originate {OriginateId} is {State}, which could not be written down yet")]
        public static partial void NotWritten(ILogger logger, SiteId site, Guid originateId, OriginateRowState state, Exception exception);

        [LoggerMessage(32, LogLevel.Error, "Site {Site}: the records of originate {OriginateId} cannot say for whom it was dialled")]
        public static partial void NotNamed(ILogger logger, SiteId site, Guid originateId, Exception exception);

        [LoggerMessage(30, LogLevel.Information, "Site {Site}: originate {OriginateId}, whose answer was lost, turned out {State} (call {CallId})")]
        public static partial void Resolved(ILogger logger, SiteId site, Guid originateId, OriginateRowState state, string? callId);
    }
}
