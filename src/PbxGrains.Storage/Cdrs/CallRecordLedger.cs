using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Commits;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// The ledger of all sites' call records, each once. An append is answered after COMMIT; whoever waits at the same time
/// shares one. Any number of processes may append the same records in any order: the result is the same
/// (<see cref="CallRecordMerge" />).
/// </summary>
public sealed class CallRecordLedger : IAsyncDisposable
{
    /// <summary>From so many on they get commits of their own, and do not stand before what PBXs push at this moment.</summary>
    private const int Many = 32;

    /// <summary>Records of such a commit at most.</summary>
    private const int Together = 1000;

    private readonly GroupCommit<LedgerEntry, LedgerOutcome> _commits;

    /// <summary>Starts the ledger; dispose it to stop it.</summary>
    /// <param name="database">The migrated database.</param>
    /// <param name="time">Clock of the limits.</param>
    /// <param name="logger">Says when the database is lost.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    public CallRecordLedger(NpgsqlDataSource database, TimeProvider time, ILogger<CallRecordLedger> logger, GroupCommitOptions? options = null)
    {
        _commits = new GroupCommit<LedgerEntry, LedgerOutcome>(new LedgerCommits(new CallRecordWriter(database, time), time, logger), time, options ?? new GroupCommitOptions());
        LedgerMeter.Watch(this, () => _commits.Depth);
    }

    /// <summary>Appends one version of a record; it is committed when this returns.</summary>
    /// <param name="row">The version.</param>
    /// <param name="ct">Stops waiting. The commit goes on, since others share it.</param>
    /// <exception cref="LedgerUnavailableException">The queue is full or the database lost; whether the version was kept is unknown. Append it again.</exception>
    /// <exception cref="CallRecordRejectedException">The database will not take this row.</exception>
    /// <exception cref="ArgumentException">The row has no known source, or lacks what is required.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; whether the version was kept is unknown.</exception>
    public Task<LedgerOutcome> AppendAsync(CallRecordRow row, CancellationToken ct) => AppendAsync(row, told: [], ct);

    /// <summary>The same, and in the same commit events that tell of what else its report brought: before those of the record itself.</summary>
    /// <inheritdoc cref="AppendAsync(CallRecordRow, CancellationToken)" />
    /// <param name="row">The version.</param>
    /// <param name="told">The events; appending one again changes nothing.</param>
    /// <param name="ct">Stops waiting. The commit goes on, since others share it.</param>
    /// <exception cref="CallRecordRejectedException">The database will not take this row, or one of the events.</exception>
    public async Task<LedgerOutcome> AppendAsync(CallRecordRow row, IReadOnlyList<EventRow> told, CancellationToken ct) =>
        await _commits.WriteAsync(new LedgerEntry(CallRecordMerge.Canonical(row), told), ct);

    /// <summary>
    /// Appends versions of records, any number of them, a commit's worth at a time so that others get their turn. Many go
    /// beside what is appended one by one, and never fill its queue.
    /// </summary>
    /// <returns>The outcome of each, in their order.</returns>
    /// <inheritdoc cref="AppendAsync(CallRecordRow, CancellationToken)" path="/param" />
    /// <param name="rows">The versions, which may also be several of the same record.</param>
    /// <param name="ct">Stops waiting; rows that do not wait for a commit yet are not appended.</param>
    /// <exception cref="LedgerUnavailableException">Some may have been kept, the rest not. Append all again.</exception>
    /// <exception cref="CallRecordRejectedException">The first row the database will not take. All others are committed.</exception>
    /// <exception cref="ArgumentException">A row has no known source, or lacks what is required.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; whether they were kept is unknown.</exception>
    public async Task<IReadOnlyList<LedgerOutcome>> AppendAsync(IReadOnlyList<CallRecordRow> rows, CancellationToken ct)
    {
        var outcomes = new List<LedgerOutcome>(rows.Count);
        CallRecordRejectedException? rejected = null;
        foreach (var chunk in rows.Chunk(Together))
        {
            var appends = chunk.Length < Many
                ? [.. chunk.Select(row => AppendAsync(row, ct))]
                : await _commits.WriteTogetherAsync([.. chunk.Select(row => new LedgerEntry(CallRecordMerge.Canonical(row), []))], ct);
            foreach (var append in appends)
            {
                try
                {
                    outcomes.Add(await append);
                }
                catch (CallRecordRejectedException refusal)
                {
                    rejected ??= refusal;
                }
            }
        }

        return rejected is null ? outcomes : throw rejected;
    }

    /// <summary>Takes nothing more, writes what waits and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync();
        LedgerMeter.Forget(this);
    }
}
