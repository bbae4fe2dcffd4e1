using System.Threading.Channels;

namespace PbxGrains.Storage.Commits;

/// <summary>How commits are grouped and how long they are tried.</summary>
public sealed class GroupCommitOptions
{
    /// <summary>Items that may wait for a commit; more are refused at once.</summary>
    public int QueueLimit { get; init; } = 4096;

    /// <summary>Items of one commit at most.</summary>
    public int BatchLimit { get; init; } = 256;

    /// <summary>
    /// Commits of the queue that may run at the same time, each on a connection of its own. More than one gains nothing: those
    /// that notify wait for each other at their end, and two small commits cost more than one large.
    /// </summary>
    public int Writers { get; init; } = 1;

    /// <summary>Longest a commit may take, connecting included.</summary>
    public TimeSpan CommitLimit { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Longest an item may wait for its answer; what has not been begun by then is not written any more.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What is written by a <see cref="GroupCommit{TItem, TOutcome}" />.</summary>
/// <typeparam name="TItem">One thing to be written.</typeparam>
/// <typeparam name="TOutcome">What writing it did.</typeparam>
internal interface IGroupWriter<TItem, TOutcome>
{
    /// <summary>Writes all of them in one transaction, committed when this returns, or throws.</summary>
    Task<IReadOnlyList<TOutcome>> WriteAsync(IReadOnlyList<TItem> items, CancellationToken ct);

    /// <summary>Whether the error is the doing of an item, so that without that item the others would have been written.</summary>
    bool BlamesItem(Exception error);

    /// <summary>What the sender of an item is told that will never be written.</summary>
    Exception Rejected(TItem item, Exception error);

    /// <summary>What senders are told when nobody can promise that their items were written.</summary>
    /// <param name="why">Why, for people.</param>
    /// <param name="items">How many items shared the fate; 0 when it never came to writing.</param>
    /// <param name="error">The cause; null when there is none.</param>
    Exception Unavailable(string why, int items, Exception? error);
}

/// <summary>
/// Writes for many senders at once: whoever waits at the same time shares one commit and is answered after it. Full queues
/// and lost databases are said at once or in bounded time; a single bad item costs the others nothing.
/// </summary>
internal sealed class GroupCommit<TItem, TOutcome> : IAsyncDisposable
{
    /// <summary>While the database works on one, the next is made ready.</summary>
    private const int TogetherAtOnce = 2;

    private readonly IGroupWriter<TItem, TOutcome> _writer;
    private readonly TimeProvider _time;
    private readonly GroupCommitOptions _options;
    private readonly Channel<Waiting> _queue;
    private readonly SemaphoreSlim _together = new(TogetherAtOnce, TogetherAtOnce);
    private readonly Task _writing;
    private volatile bool _closed;

    public GroupCommit(IGroupWriter<TItem, TOutcome> writer, TimeProvider time, GroupCommitOptions options)
    {
        _writer = writer;
        _time = time;
        _options = options;
        _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(options.QueueLimit) { SingleReader = options.Writers == 1 });

        // On the pool's threads, whoever makes it: a grain's own scheduler must not carry everybody's commits.
        _writing = Task.WhenAll(Enumerable.Range(0, options.Writers).Select(_ => Task.Run(WriteAsync)));
    }

    /// <summary>How many items wait for a commit that has not begun.</summary>
    public int Depth => _queue.Reader.Count;

    /// <summary>Queues an item; the task ends after its commit, or with one of the writer's exceptions.</summary>
    /// <param name="item">The item.</param>
    /// <param name="ct">Stops waiting. The commit goes on, since others share it.</param>
    public Task<TOutcome> WriteAsync(TItem item, CancellationToken ct)
    {
        var waiting = new Waiting(item);
        if (!_queue.Writer.TryWrite(waiting))
        {
            waiting.Fail(_writer.Unavailable("Too much waits for the database.", items: 0, error: null));
        }

        return AnswerAsync(waiting, ct);
    }

    /// <summary>
    /// Writes many items of one sender in a commit of their own, beside those of the queue and however full it is. Two such
    /// commits at a time; the others wait for their turn.
    /// </summary>
    /// <param name="items">The items.</param>
    /// <param name="ct">Stops waiting for the turn; what has begun is finished.</param>
    /// <returns>Of each item a task that is over, in their order: with its outcome, or one of the writer's exceptions.</returns>
    public async Task<IReadOnlyList<Task<TOutcome>>> WriteTogetherAsync(IReadOnlyList<TItem> items, CancellationToken ct)
    {
        var batch = items.Select(item => new Waiting(item)).ToList();
        await _together.WaitAsync(ct);
        try
        {
            if (_closed)
            {
                var unavailable = _writer.Unavailable("The process ends.", items: 0, error: null);
                batch.ForEach(waiting => waiting.Fail(unavailable));
            }
            else
            {
                // Not on the scheduler of a grain: it has others to serve.
                await Task.Run(() => WriteAsync(batch), CancellationToken.None);
            }
        }
        finally
        {
            _ = _together.Release();
        }

        return [.. batch.Select(waiting => waiting.Answer)];
    }

    /// <summary>Takes nothing more, writes what waits and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        _queue.Writer.TryComplete();
        await _writing;
        for (var i = 0; i < TogetherAtOnce; i++)
        {
            await _together.WaitAsync();
        }

        _ = _together.Release(TogetherAtOnce);
    }

    private async Task<TOutcome> AnswerAsync(Waiting waiting, CancellationToken ct)
    {
        try
        {
            return await waiting.Answer.WaitAsync(_options.AnswerLimit, _time, ct);
        }
        catch (TimeoutException late)
        {
            waiting.Fail(_writer.Unavailable("The database takes too long to confirm.", items: 0, late));
            return await waiting.Answer;
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<Waiting>(_options.BatchLimit);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < _options.BatchLimit && _queue.Reader.TryRead(out var waiting))
            {
                if (!waiting.Answer.IsCompleted)
                {
                    batch.Add(waiting);
                }
            }

            if (batch.Count > 0)
            {
                await WriteAsync(batch);
                batch.Clear();
            }
        }
    }

    private async Task WriteAsync(List<Waiting> batch)
    {
        try
        {
            using var limit = new CancellationTokenSource(_options.CommitLimit, _time);
            var outcomes = await _writer.WriteAsync([.. batch.Select(waiting => waiting.Item)], limit.Token);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Succeed(outcomes[i]);
            }
        }
        catch (Exception error) when (_writer.BlamesItem(error))
        {
            await WriteOneByOneAsync(batch, error);
        }
        catch (Exception error)
        {
            // Whatever it is, the writer lives on: nobody else would take what waits.
            var unavailable = _writer.Unavailable("The database did not confirm.", batch.Count, error);
            foreach (var waiting in batch)
            {
                waiting.Fail(unavailable);
            }
        }
    }

    private async Task WriteOneByOneAsync(List<Waiting> batch, Exception error)
    {
        if (batch is [var culprit])
        {
            culprit.Fail(_writer.Rejected(culprit.Item, error));
            return;
        }

        foreach (var waiting in batch.Where(waiting => !waiting.Answer.IsCompleted))
        {
            await WriteAsync([waiting]);
        }
    }

    /// <summary>An item and who waits for it.</summary>
    private sealed class Waiting(TItem item)
    {
        private readonly TaskCompletionSource<TOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TItem Item { get; } = item;

        /// <summary>Completed also when nobody waits any longer.</summary>
        public Task<TOutcome> Answer => _answer.Task;

        public void Succeed(TOutcome outcome) => _answer.TrySetResult(outcome);

        public void Fail(Exception error)
        {
            if (_answer.TrySetException(error))
            {
                // Seen, even if its sender has gone.
                _ = _answer.Task.Exception;
            }
        }
    }
}
