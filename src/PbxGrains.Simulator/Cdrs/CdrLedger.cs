using System.Collections.Immutable;

namespace PbxGrains.Simulator.Cdrs;

/// <summary>All records of one PBX, in the order in which the calls ended. Added to under the gate, read from anywhere.</summary>
internal sealed class CdrLedger
{
    private readonly Lock _gate = new();
    private readonly List<CdrRow> _rows = [];
    private readonly Dictionary<string, (CdrRow Row, DateTimeOffset At)> _recordings = new(StringComparer.Ordinal);

    /// <summary>Adds a record of a call that ended at an instant.</summary>
    public void Add(CdrRow row, DateTimeOffset endedAt)
    {
        lock (_gate)
        {
            _rows.Add(row);
            if (row.Recording.Length > 0)
            {
                _recordings[row.Recording] = (row, endedAt);
            }
        }
    }

    /// <summary>All of them, as they stand now.</summary>
    public IReadOnlyList<CdrRow> All()
    {
        lock (_gate)
        {
            return [.. _rows];
        }
    }

    /// <summary>Those that began within a span of wall-clock time and concern one of the numbers; none given: all.</summary>
    public ImmutableArray<CdrRow> Between(DateTime from, DateTime to, IReadOnlyCollection<string> numbers)
    {
        lock (_gate)
        {
            return [.. _rows.Where(row => row.TimeStart >= from && row.TimeStart <= to && (numbers.Count == 0 || numbers.Any(number => Concerns(row, number))))];
        }
    }

    /// <summary>The record a recording belongs to; null when there is no such recording of a call that ended by then.</summary>
    public CdrRow? OfRecording(string name, DateTimeOffset endedBy)
    {
        lock (_gate)
        {
            return _recordings.TryGetValue(name, out var found) && found.At <= endedBy ? found.Row : null;
        }
    }

    private static bool Concerns(CdrRow row, string number) =>
        row.CallFrom == number || row.CallTo == number || row.CallTo.EndsWith($"({number})", StringComparison.Ordinal);
}
