using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// The ledger of all sites' call records, each once. An append is answered after COMMIT; whoever waits at the same time
/// shares one. Any number of processes may append the same records in any order: the result is the same
/// (<see cref="CallRecordMerge" />).
/// </summary>
public sealed partial class CallRecordLedger : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly ILogger<CallRecordLedger> _logger;
    private readonly CallRecordLedgerOptions _options;
    private readonly CallRecordWriter _writer;
    private readonly Channel<PendingAppend> _queue;
    private readonly Task _writing;

    /// <summary>Starts the ledger; dispose it to stop it.</summary>
    /// <param name="database">The migrated database.</param>
    /// <param name="time">Clock of the limits.</param>
    /// <param name="logger">Says when the database is lost.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    public CallRecordLedger(NpgsqlDataSource database, TimeProvider time, ILogger<CallRecordLedger> logger, CallRecordLedgerOptions? options = null)
    {
        _time = time;
        _logger = logger;
        _options = options ?? new CallRecordLedgerOptions();
        _writer = new CallRecordWriter(database, time);
        _queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(_options.QueueLimit) { SingleReader = _options.Writers == 1 });
        LedgerMeter.Watch(this, () => _queue.Reader.Count);

        // On the pool's threads, whoever makes the ledger: a grain's own scheduler must not carry everybody's commits.
        _writing = Task.WhenAll(Enumerable.Range(0, _options.Writers).Select(_ => Task.Run(WriteAsync)));
    }

    /// <summary>Appends one version of a record; it is committed when this returns.</summary>
    /// <param name="row">The version.</param>
    /// <param name="ct">Stops waiting. The commit goes on, since others share it.</param>
    /// <exception cref="LedgerUnavailableException">The queue is full or the database lost; whether the version was kept is unknown. Append it again.</exception>
    /// <exception cref="CallRecordRejectedException">The database will not take this row.</exception>
    /// <exception cref="ArgumentException">The row has no known source, or lacks what is required.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; whether the version was kept is unknown.</exception>
    public async Task<LedgerOutcome> AppendAsync(CallRecordRow row, CancellationToken ct) =>
        await Enqueue(CallRecordMerge.Canonical(row)).AnswerAsync(_options.AnswerLimit, _time, ct);

    /// <summary>
    /// Appends versions of records, any number of them, a commit's worth at a time so that others get their turn.
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
        foreach (var chunk in rows.Chunk(Math.Min(_options.BatchLimit, _options.QueueLimit)))
        {
            var pending = chunk.Select(CallRecordMerge.Canonical).Select(Enqueue).ToList();
            foreach (var append in pending)
            {
                try
                {
                    outcomes.Add(await append.AnswerAsync(_options.AnswerLimit, _time, ct));
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
        _queue.Writer.TryComplete();
        await _writing;
        LedgerMeter.Forget(this);
    }

    private PendingAppend Enqueue(CallRecordRow version)
    {
        var append = new PendingAppend(version);
        if (!_queue.Writer.TryWrite(append))
        {
            append.Fail(new LedgerUnavailableException("Too many call records wait for the database."));
        }

        return append;
    }

    private async Task WriteAsync()
    {
        var batch = new List<PendingAppend>(_options.BatchLimit);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < _options.BatchLimit && _queue.Reader.TryRead(out var append))
            {
                if (!append.IsAnswered)
                {
                    batch.Add(append);
                }
            }

            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<PendingAppend> batch)
    {
        try
        {
            using var limit = new CancellationTokenSource(_options.CommitLimit, _time);
            var started = _time.GetTimestamp();
            var outcomes = await _writer.WriteAsync([.. batch.Select(append => append.Row)], limit.Token);
            LedgerMeter.CommitTook(_time.GetElapsedTime(started));
            for (var i = 0; i < batch.Count; i++)
            {
                LedgerMeter.Committed(batch[i].Source, outcomes[i]);
                batch[i].Answer(outcomes[i]);
            }
        }
        catch (Exception error) when (CallRecordWriter.BlamesRow(error))
        {
            await WriteOneByOneAsync(batch, error);
        }
        catch (Exception error)
        {
            // Whatever it is, the writer lives on: nobody else would take what waits.
            Log.Unavailable(_logger, batch.Count, error);
            LedgerMeter.Unconfirmed(batch.Count);
            foreach (var append in batch)
            {
                append.Fail(new LedgerUnavailableException("The database did not confirm the call record.", error));
            }
        }
    }

    private async Task WriteOneByOneAsync(List<PendingAppend> batch, Exception error)
    {
        if (batch is [var culprit])
        {
            Log.Rejected(_logger, culprit.Row.SiteId, (error as PostgresException)?.ConstraintName ?? (error as PostgresException)?.SqlState ?? error.GetType().Name);
            LedgerMeter.Refused(culprit.Source);
            culprit.Fail(new CallRecordRejectedException(culprit.Row, error));
            return;
        }

        foreach (var append in batch.Where(append => !append.IsAnswered))
        {
            await WriteAsync([append]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2201, LogLevel.Warning, "{Count} call records could not be committed; their senders were told to repeat them")]
        public static partial void Unavailable(ILogger logger, int count, Exception error);

        [LoggerMessage(2202, LogLevel.Error, "Site {SiteId}: a call record breaks a rule of the database ({Rule}) and was refused")]
        public static partial void Rejected(ILogger logger, string siteId, string rule);
    }
}
