using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Events;

/// <summary>
/// The newest events, held once for all readers of this process, however slow one of them is. A reader remembers the number
/// of the event it wants next; when the ring has passed on without it, it has to read the log.
/// </summary>
internal sealed class EventRing
{
    private readonly Lock _gate = new();
    private readonly StreamedEvent[] _events;
    private long _count;
    private EventCursor _start;
    private EventCursor _end;
    private TaskCompletionSource _news = NewSignal();

    /// <summary>Makes a ring for so many events.</summary>
    public EventRing(int capacity) => _events = new StreamedEvent[capacity];

    /// <summary>True once it knows where the log stands.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The place behind the newest event.</summary>
    public EventCursor End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>Begins at a place: everything behind it will be added. Wakes who waits already.</summary>
    public void Start(EventCursor cursor)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            _start = _end = cursor;
            HasStarted = true;
            news = NextSignal();
        }

        news.SetResult();
    }

    /// <summary>Adds events in their order and wakes the readers.</summary>
    public void Add(IReadOnlyList<StreamedEvent> events)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            foreach (var added in events)
            {
                ref var slot = ref _events[_count % _events.Length];
                if (_count >= _events.Length)
                {
                    _start = slot.Cursor;
                }

                slot = added;
                _count++;
            }

            _end = events.Count > 0 ? events[^1].Cursor : _end;
            news = NextSignal();
        }

        news.SetResult();
    }

    /// <summary>Where a reader goes on that has seen everything up to a cursor.</summary>
    /// <returns>The number of the first event it has not seen; null when the ring no longer reaches back so far.</returns>
    public long? Find(EventCursor after)
    {
        lock (_gate)
        {
            if (!HasStarted || after < _start)
            {
                return null;
            }

            var (low, high) = (Math.Max(0, _count - _events.Length), _count);
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                if (_events[middle % _events.Length].Cursor > after)
                {
                    high = middle;
                }
                else
                {
                    low = middle + 1;
                }
            }

            return low;
        }
    }

    /// <summary>Reads from a number on.</summary>
    /// <param name="from">What <see cref="Find" /> told, or the number behind the last event read.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>The events, none when there is nothing new; null when the ring has passed on without this reader.</returns>
    public IReadOnlyList<StreamedEvent>? Read(long from, int limit)
    {
        lock (_gate)
        {
            if (from < _count - _events.Length)
            {
                return null;
            }

            var events = new StreamedEvent[Math.Min(limit, Math.Max(0, _count - from))];
            for (var i = 0; i < events.Length; i++)
            {
                events[i] = _events[(from + i) % _events.Length];
            }

            return events;
        }
    }

    /// <summary>The newest events that fit, newest first, as far as the ring reaches back.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="fits">Which.</param>
    public IReadOnlyList<StreamedEvent> Newest(int limit, Func<StreamedEvent, bool> fits)
    {
        var found = new List<StreamedEvent>();
        lock (_gate)
        {
            for (var i = _count - 1; i >= Math.Max(0, _count - _events.Length) && found.Count < limit; i--)
            {
                if (fits(_events[i % _events.Length]))
                {
                    found.Add(_events[i % _events.Length]);
                }
            }
        }

        return found;
    }

    /// <summary>Ends as soon as there is an event with this number, or a later one.</summary>
    public Task WhenAnyFrom(long from)
    {
        lock (_gate)
        {
            return from < _count ? Task.CompletedTask : _news.Task;
        }
    }

    private TaskCompletionSource NextSignal()
    {
        var news = _news;
        _news = NewSignal();
        return news;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
