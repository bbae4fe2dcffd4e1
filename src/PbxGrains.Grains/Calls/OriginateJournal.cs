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

/// <summary>
/// What is written down of dials, and told of them: each before it leaves, and what became of it. The outcome is written
/// after the caller has it; who asks meanwhile gets it from here, and of a killed process <see cref="OriginateFollowUp" />
/// finds it out anew.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="ledger">Where it is written.</param>
/// <param name="open">Keeps what could not be written yet.</param>
/// <param name="dialled">Names records of calls by what was dialled.</param>
/// <param name="teller">Notes what is to be told.</param>
/// <param name="events">Tells the event log.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says what could not be written.</param>
public sealed partial class OriginateJournal(
    SiteId site,
    Originates ledger,
    OpenOriginates open,
    DialledCalls dialled,
    SiteTeller teller,
    SiteEvents events,
    TimeProvider time,
    ILogger logger)
{
    private readonly Dictionary<Guid, OriginateRow> _unwritten = [];
    private Task _writing = Task.CompletedTask;

    /// <summary>True while an outcome that was answered is not written down yet.</summary>
    public bool IsWriting => _unwritten.Count > 0;

    /// <summary>Ends when every outcome that was answered is written down, or kept as one that could not be.</summary>
    public async Task WrittenAsync()
    {
        while (IsWriting)
        {
            await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Whether a call is known to be another dial's, which may not be written down yet.</summary>
    public bool IsOfAnother(CallId callId, Guid originateId) =>
        _unwritten.Values.Any(row => row.CallId == callId.Value && row.OriginateId != originateId) || open.IsDecided(callId);

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
    public async Task<OriginateRow?> BeginAsync(OriginateRow row, CancellationToken ct) =>
        await ledger.BeginAsync(row, ct) is { } earlier ? await NewestAsync(earlier, ct) : null;

    /// <summary>What became of an earlier originate; null when the site has none of that id.</summary>
    public async Task<OriginateOutcome?> FindAsync(Guid originateId, CancellationToken ct) =>
        await ledger.FindAsync(site.Value, originateId, ct) is { } row ? Outcome(await NewestAsync(row, ct), replayed: false) : null;

    /// <summary>The answer an idempotency key has already; null when there is none.</summary>
    public async Task<OriginateOutcome?> ReplayAsync(OriginateRequest request, CancellationToken ct)
    {
        if (request.IdempotencyKey is null)
        {
            return null;
        }

        var earlier = await ledger.FindByKeyAsync(site.Value, request.IdempotencyKey, time.GetUtcNow(), ct);
        return earlier is null ? null : Replay(await NewestAsync(earlier, ct), request);
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
    public OriginateOutcome Accepted(OriginateRow row, CallId callId, CancellationToken ct)
    {
        var accepted = row with { State = OriginateRowState.Accepted, CallId = callId.Value, ResolvedAt = time.GetUtcNow() };
        teller.Originated(EventTypes.OriginateAccepted, accepted);
        return AnsweredFirst(accepted, ct);
    }

    /// <summary>It was not started.</summary>
    public OriginateOutcome Failed(OriginateRow row, OriginateRefusal why, string message, string? code, CancellationToken ct)
    {
        var failed = row with { State = OriginateRowState.Refused, Refusal = why.ToString(), Message = message, PbxErrorCode = code, ResolvedAt = time.GetUtcNow() };
        teller.Originated(EventTypes.OriginateFailed, failed);
        return AnsweredFirst(failed, ct);
    }

    /// <summary>Nobody knows whether it was started: from now on it is asked after.</summary>
    public OriginateOutcome Lost(OriginateRow row, CancellationToken ct)
    {
        var unknown = row with { State = OriginateRowState.Unknown, Message = "The PBX's answer was lost. It is not dialled again; ask for this originate until it is resolved." };
        open.Add(unknown);
        return AnsweredFirst(unknown, ct);
    }

    /// <summary>It turned out what became of one whose answer was lost, or one could be written down at last.</summary>
    public Task ResolvedAsync(OriginateRow row, bool isNews, CancellationToken ct)
    {
        if (isNews)
        {
            Log.Resolved(logger, site, row.OriginateId, row.State, row.CallId);
            teller.Originated(EventTypes.OriginateResolved, row);
        }

        return WriteAsync(row, ct);
    }

    /// <summary>
    /// What is known of a dial by now, which may not be written down yet. One that was under way when it was read may have
    /// been written down since: then it is read again.
    /// </summary>
    private async Task<OriginateRow> NewestAsync(OriginateRow stored, CancellationToken ct)
    {
        if ((_unwritten.GetValueOrDefault(stored.OriginateId) ?? open.Decided(stored.OriginateId)) is { } newer)
        {
            return newer;
        }

        return stored.State == OriginateRowState.Dialling ? await ledger.FindAsync(site.Value, stored.OriginateId, ct) ?? stored : stored;
    }

    private OriginateOutcome AnsweredFirst(OriginateRow row, CancellationToken ct)
    {
        _ = WriteAsync(row, ct);
        return Outcome(row, replayed: false);
    }

    private Task WriteAsync(OriginateRow row, CancellationToken ct)
    {
        if (row.ResolvedAt is not null)
        {
            open.Forget(row.OriginateId);
        }

        _unwritten[row.OriginateId] = row;
        return _writing = WriteAfterAsync(_writing, row, ct);
    }

    /// <summary>
    /// Tells what became of a dial, then writes it down: whoever is killed in between leaves a dial that is asked after. What
    /// the database does not take is tried again with every round.
    /// </summary>
    private async Task WriteAfterAsync(Task before, OriginateRow row, CancellationToken ct)
    {
        // Not before the answer is on its way.
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!IsNewest(row))
        {
            // A later word about the same dial is on its way.
            return;
        }

        try
        {
            if (!await events.FlushAsync(ct))
            {
                TryAgain(row);
                return;
            }

            await ledger.CompleteAsync(row.OriginateId, row.State, row.CallId, row.Refusal, row.Message, row.PbxErrorCode, row.ResolvedAt, ct);
            if (row.State == OriginateRowState.Accepted)
            {
                await dialled.ResolvedAsync(row, ct);
            }
        }
        catch (Exception e) when (e is NpgsqlException or LedgerUnavailableException or OperationCanceledException)
        {
            Log.NotWritten(logger, site, row.OriginateId, row.State, e);
            TryAgain(row);
        }
        catch (CallRecordRejectedException e)
        {
            Log.NotNamed(logger, site, row.OriginateId, e);
        }
        catch (Exception e)
        {
            // Nobody awaits this: a mistake of ours must be seen.
            Log.NotWritten(logger, site, row.OriginateId, row.State, e);
            TryAgain(row);
        }
        finally
        {
            if (IsNewest(row))
            {
                _ = _unwritten.Remove(row.OriginateId);
            }
        }
    }

    private bool IsNewest(OriginateRow row) => ReferenceEquals(_unwritten.GetValueOrDefault(row.OriginateId), row);

    /// <summary>One that is still asked after is written down when that ends: to the database it is open as it is.</summary>
    private void TryAgain(OriginateRow row)
    {
        if (row.ResolvedAt is not null && IsNewest(row))
        {
            open.AddDecided(row);
        }
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
