namespace PbxGrains.Front.Subscriptions;

/// <summary>What all targets of a front share: how many workers there may be beside the first of each.</summary>
internal sealed class WorkerSlots(int count)
{
    private int _free = count;

    /// <summary>Takes one, if there is one.</summary>
    public bool TryTake()
    {
        if (Interlocked.Decrement(ref _free) >= 0)
        {
            return true;
        }

        Release();
        return false;
    }

    /// <summary>Gives one back.</summary>
    public void Release() => _ = Interlocked.Increment(ref _free);
}
