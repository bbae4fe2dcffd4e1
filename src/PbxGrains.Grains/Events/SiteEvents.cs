using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Events;
using PbxGrains.Storage.Events;

namespace PbxGrains.Grains.Events;

/// <summary>
/// What one site's actor has still to tell the event log. Noted between two awaits, in the order in which it happened;
/// appended by the next flush. What the log does not take stays for the one after: names are made once, so appending twice
/// does no harm.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="log">The event log.</param>
/// <param name="reader">Knows what an earlier activation told.</param>
/// <param name="logger">Says when events had to be given up.</param>
public sealed partial class SiteEvents(SiteId site, EventLog log, EventReader reader, ILogger logger) : IDisposable
{
    /// <summary>Events that may wait; beyond that the oldest statuses of extensions go first, since newer ones replace them.</summary>
    public const int MostWaiting = 10_000;

    private const int BatchLimit = 200;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly LinkedList<NotedEvent> _waiting = new();
    private readonly List<Carried> _carried = [];
    private long _number;
    private long _failures;
    private bool _failing;

    /// <summary>Events that wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Number of the event noted last.</summary>
    public long Noted => _number;

    /// <summary>Events given up because too many waited, since this actor started.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Notes an event.</summary>
    /// <param name="row">The event.</param>
    /// <param name="decide">
    /// Given the particulars of the last event of this type about this subject (null when there is none), what to append;
    /// null when nothing. Null when there is nothing to ask.
    /// </param>
    public void Note(EventRow row, Func<string?, EventRow?>? decide = null)
    {
        if (_waiting.Count >= MostWaiting)
        {
            MakeRoom();
        }

        _ = _waiting.AddLast(new NotedEvent(++_number, row) { Decide = decide });
    }

    /// <summary>Lets what waits go along in a commit that somebody makes anyway. Should that fail, it waits again.</summary>
    /// <param name="commit">Commits the events it is given, in their order.</param>
    /// <returns>What the commit returned.</returns>
    public async Task<T> CarryAsync<T>(Func<IReadOnlyList<EventRow>, Task<T>> commit)
    {
        if (!MayBeCarried)
        {
            return await commit([]);
        }

        var over = new TaskCompletionSource();
        var carried = new Carried([.. _waiting], over.Task);
        _carried.Add(carried);
        _waiting.Clear();
        try
        {
            return await commit([.. carried.Events.Select(noted => noted.Row!)]);
        }
        catch
        {
            WaitAgain(carried);
            throw;
        }
        finally
        {
            _ = _carried.Remove(carried);
            over.SetResult();
        }
    }

    /// <summary>Appends what waits.</summary>
    /// <param name="ct">Gives up; what waits stays.</param>
    /// <param name="number">Number of the last event to wait for; null for all noted so far.</param>
    /// <returns>True when everything noted up to there is committed. Never throws for the log's sake.</returns>
    public async Task<bool> FlushAsync(CancellationToken ct, long? number = null)
    {
        var (upTo, failures) = (number ?? _number, _failures);
        try
        {
            // What goes along with another commit comes first.
            while (_carried.Find(carried => carried.Events[0].Number <= upTo) is { } under)
            {
                await under.Over.WaitAsync(ct);
            }

            if (_waiting.Count == 0 || _waiting.First!.Value.Number > upTo)
            {
                return true;
            }

            await _gate.WaitAsync(ct);
            try
            {
                while (_waiting.First?.Value.Number <= upTo)
                {
                    // Whoever stood in the queue meanwhile knows how it would go.
                    if (failures != _failures)
                    {
                        return false;
                    }

                    await AppendAsync(ct);
                }

                return true;
            }
            finally
            {
                _ = _gate.Release();
            }
        }
        catch (Exception e) when (e is EventLogUnavailableException or NpgsqlException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            _failures++;
            if (!_failing)
            {
                Log.Waiting(logger, site, _waiting.Count, e.Message);
            }

            _failing = true;
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _gate.Dispose();

    /// <summary>Not while there is something to ask first, the log fails, or others append already.</summary>
    private bool MayBeCarried =>
        _waiting.Count is > 0 and <= BatchLimit && !_failing && _gate.CurrentCount > 0 && _waiting.All(noted => noted is { Row: not null, Decide: null });

    private void WaitAgain(Carried carried)
    {
        foreach (var noted in carried.Events)
        {
            var later = _waiting.First;
            while (later is not null && later.Value.Number < noted.Number)
            {
                later = later.Next;
            }

            _ = later is null ? _waiting.AddLast(noted) : _waiting.AddBefore(later, noted);
        }
    }

    private async Task AppendAsync(CancellationToken ct)
    {
        // Nothing overtakes what goes along with a commit under way: should that fail, it waits again, before later ones.
        var batch = _waiting.TakeWhile(noted => _carried.TrueForAll(carried => noted.Number < carried.Events[0].Number)).Take(BatchLimit).ToList();
        await DecideAsync(batch, ct);
        var rows = batch.Select(noted => noted.Row).OfType<EventRow>().ToList();
        try
        {
            await log.AppendAsync(rows, ct);
        }
        catch (EventsRejectedException) when (rows.Count > 1)
        {
            await AppendOneByOneAsync(rows, ct);
        }
        catch (EventsRejectedException)
        {
            // The log has said which it was.
        }

        _failing = false;
        foreach (var noted in batch)
        {
            // One that had to make room is gone already.
            _ = _waiting.Remove(noted);
        }
    }

    /// <summary>One event that no log can hold must not keep the others.</summary>
    private async Task AppendOneByOneAsync(List<EventRow> rows, CancellationToken ct)
    {
        foreach (var row in rows)
        {
            try
            {
                await log.AppendAsync([row], ct);
            }
            catch (EventsRejectedException)
            {
                // The log has said which it was.
            }
        }
    }

    private async Task DecideAsync(List<NotedEvent> batch, CancellationToken ct)
    {
        foreach (var type in batch.Where(noted => noted.Decide is not null).GroupBy(noted => noted.Row!.Type, StringComparer.Ordinal).ToList())
        {
            var last = await reader.LastAsync(site.Value, type.Key, type.Select(noted => noted.Row!.Subject), ct);
            foreach (var noted in type)
            {
                noted.Row = noted.Decide!(last.GetValueOrDefault(noted.Row!.Subject));
                noted.Decide = null;
            }
        }
    }

    private void MakeRoom()
    {
        if (GivenUp++ == 0)
        {
            Log.GivingUp(logger, site, MostWaiting);
        }

        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Row is null or { Type: EventTypes.ExtensionStatus })
            {
                _waiting.Remove(node);
                return;
            }
        }

        _waiting.RemoveFirst();
    }

    /// <summary>Events on their way in somebody else's commit.</summary>
    private sealed record Carried(IReadOnlyList<NotedEvent> Events, Task Over);

    private sealed class NotedEvent(long number, EventRow row)
    {
        public long Number { get; } = number;

        /// <summary>The event; null when it turned out that there is nothing to tell.</summary>
        public EventRow? Row { get; set; } = row;

        public Func<string?, EventRow?>? Decide { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(71, LogLevel.Warning, "Site {Site}: {Count} events wait for the event log: {Why}")]
        public static partial void Waiting(ILogger logger, SiteId site, int count, string why);

        [LoggerMessage(72, LogLevel.Error, "Site {Site}: more than {Most} events wait for the event log; the oldest are given up")]
        public static partial void GivingUp(ILogger logger, SiteId site, int most);
    }
}
