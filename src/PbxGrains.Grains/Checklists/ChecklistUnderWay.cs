using PbxGrains.Contracts.Checklists;

namespace PbxGrains.Grains.Checklists;

/// <summary>A run as its readers see it: items as they finish, and the whole at the end. Used between two awaits of one actor.</summary>
/// <param name="run">The run without its items.</param>
/// <param name="begun">Done when the run is written down.</param>
internal sealed class ChecklistUnderWay(ChecklistRun run, Task begun)
{
    private readonly List<ChecklistItem> _items = [];
    private TaskCompletionSource _news = NewNews();

    /// <summary>The run; with its items once it is over.</summary>
    public ChecklistRun Run { get; private set; } = run;

    /// <summary>Done when the run is written down.</summary>
    public Task Begun => begun;

    /// <summary>Items in the order in which they finished.</summary>
    public IReadOnlyList<ChecklistItem> Items => _items;

    public void Add(ChecklistItem item)
    {
        _items.Add(item);
        Tell();
    }

    public void End(ChecklistRun whole)
    {
        Run = whole;
        Tell();
    }

    /// <summary>Waits for something the reader does not have; tells what there is when nothing comes in time.</summary>
    public async Task<ChecklistProgress> ReadAsync(int fromItem, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        if (_items.Count <= fromItem && Run.FinishedAt is null)
        {
            try
            {
                await _news.Task.WaitAsync(limit, time, ct);
            }
            catch (TimeoutException)
            {
                // Nothing new in that time.
            }
        }

        return new ChecklistProgress([.. _items.Skip(fromItem)], Run.FinishedAt is null ? null : Run);
    }

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Tell()
    {
        var told = _news;
        _news = NewNews();
        told.SetResult();
    }
}
