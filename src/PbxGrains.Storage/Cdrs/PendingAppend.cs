namespace PbxGrains.Storage.Cdrs;

/// <summary>A version that waits for its commit.</summary>
/// <param name="row">The version.</param>
internal sealed class PendingAppend(CallRecordRow row)
{
    private readonly TaskCompletionSource<LedgerOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CallRecordRow Row { get; } = row;

    /// <summary>Who tells it.</summary>
    public string Source => Row.Source;

    /// <summary>True also when nobody waits any longer.</summary>
    public bool IsAnswered => _answer.Task.IsCompleted;

    public void Answer(LedgerOutcome outcome) => _answer.TrySetResult(outcome);

    public void Fail(Exception error)
    {
        if (_answer.TrySetException(error))
        {
            // Seen, even if its caller has gone.
            _ = _answer.Task.Exception;
        }
    }

    public async Task<LedgerOutcome> AnswerAsync(TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        try
        {
            return await _answer.Task.WaitAsync(limit, time, ct);
        }
        catch (TimeoutException late)
        {
            Fail(new LedgerUnavailableException("The database takes too long to confirm the call record.", late));
            return await _answer.Task;
        }
    }
}
