using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Contracts.Events;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Grains.Events;
using PbxGrains.Storage.Calls;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Grains.Calls;

/// <summary>What is written down of dials, and told of them: each before it leaves, and what became of it.</summary>
/// <param name="site">The site.</param>
/// <param name="ledger">Where it is written.</param>
/// <param name="open">Keeps what could not be written yet.</param>
/// <param name="dialled">Names records of calls by what was dialled.</param>
/// <param name="teller">Tells the event log.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says what could not be written.</param>
public sealed partial class OriginateJournal(SiteId site, Originates ledger, OpenOriginates open, DialledCalls dialled, SiteTeller teller, TimeProvider time, ILogger logger)
{
    /// <summary>A dial that has not left yet.</summary>
    public OriginateRow NewRow(Guid id, OriginateRequest request) => new()
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

    /// <summary>Writes a dial down before it leaves.</summary>
    /// <returns>The earlier dial that has the key; null when it may leave.</returns>
    public Task<OriginateRow?> BeginAsync(OriginateRow row, CancellationToken ct) => ledger.BeginAsync(row, ct);

    /// <summary>What became of an earlier originate; null when the site has none of that id.</summary>
    public async Task<OriginateOutcome?> FindAsync(Guid originateId, CancellationToken ct) =>
        await ledger.FindAsync(site.Value, originateId, ct) is { } row ? Outcome(row, replayed: false) : null;

    /// <summary>The answer an idempotency key has already; null when there is none.</summary>
    public async Task<OriginateOutcome?> ReplayAsync(OriginateRequest request, CancellationToken ct)
    {
        if (request.IdempotencyKey is null)
        {
            return null;
        }

        var earlier = await ledger.FindByKeyAsync(site.Value, request.IdempotencyKey, time.GetUtcNow(), ct);
        return earlier is null ? null : Replay(earlier, request);
    }

    /// <summary>The earlier answer again, or a refusal when it was given to another wish.</summary>
    public static OriginateOutcome Replay(OriginateRow earlier, OriginateRequest request) =>
        earlier.RequestHash.AsSpan().SequenceEqual(HashOf(request))
            ? Outcome(earlier, replayed: true)
            : Refused(earlier.OriginateId, request, OriginateRefusal.IdempotencyConflict, "This idempotency key was used for another call in the last 24 hours. Use a new key for a new call.");

    /// <summary>Nothing was written down, since nothing was to be dialled; that somebody wanted to is told all the same.</summary>
    public OriginateOutcome RefusedAtOnce(Guid id, OriginateRequest request, OriginateRefusal why, string message, string? code = null)
    {
        if (why != OriginateRefusal.SiteUnknown)
        {
            teller.Originated(EventTypes.OriginateFailed, NewRow(id, request) with { State = OriginateRowState.Refused, Refusal = why.ToString(), Message = message, PbxErrorCode = code });
        }

        return Refused(id, request, why, message, code);
    }

    /// <summary>The PBX started it.</summary>
    public Task<OriginateOutcome> AcceptedAsync(OriginateRow row, CallId callId, CancellationToken ct)
    {
        var accepted = row with { State = OriginateRowState.Accepted, CallId = callId.Value, ResolvedAt = time.GetUtcNow() };
        teller.Originated(EventTypes.OriginateAccepted, accepted);
        return CompleteAsync(accepted, ct);
    }

    /// <summary>It was not started.</summary>
    public Task<OriginateOutcome> FailedAsync(OriginateRow row, OriginateRefusal why, string message, string? code, CancellationToken ct)
    {
        var failed = row with { State = OriginateRowState.Refused, Refusal = why.ToString(), Message = message, PbxErrorCode = code, ResolvedAt = time.GetUtcNow() };
        teller.Originated(EventTypes.OriginateFailed, failed);
        return CompleteAsync(failed, ct);
    }

    /// <summary>Nobody knows whether it was started: from now on it is asked after.</summary>
    public Task<OriginateOutcome> LostAsync(OriginateRow row, CancellationToken ct)
    {
        var unknown = row with { State = OriginateRowState.Unknown, Message = "The PBX's answer was lost. It is not dialled again; ask for this originate until it is resolved." };
        open.Add(unknown);
        return CompleteAsync(unknown, ct);
    }

    /// <summary>It turned out what became of one whose answer was lost.</summary>
    public Task<OriginateOutcome> ResolvedAsync(OriginateRow row, bool isNews, CancellationToken ct)
    {
        Log.Resolved(logger, site, row.OriginateId, row.State, row.CallId);
        if (isNews)
        {
            teller.Originated(EventTypes.OriginateResolved, row);
        }

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
            open.AddDecided(row);
        }
        catch (CallRecordRejectedException e)
        {
            Log.NotNamed(logger, site, row.OriginateId, e);
        }

        return Outcome(row, replayed: false);
    }

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
