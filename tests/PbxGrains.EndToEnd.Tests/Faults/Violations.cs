using System.Collections.Concurrent;
using System.Globalization;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>What holds whatever breaks.</summary>
internal enum Invariant
{
    /// <summary>One client at a time uses a PBX.</summary>
    OneSessionPerPbx,

    /// <summary>No right login is refused, a wrong password is tried twice at most, and nobody is locked out.</summary>
    NoLockOut,

    /// <summary>Each record a PBX wrote is in the ledger once, as it was written.</summary>
    EachRecordOnce,

    /// <summary>What was acknowledged with 200 is committed.</summary>
    AcknowledgedIsKept,

    /// <summary>A reader by cursor gets every event, once, in order.</summary>
    EachEventOnceInOrder,

    /// <summary>A webhook target gets every event.</summary>
    EachEventDelivered,

    /// <summary>A wish to call is dialled once at most, and what was said of it is true.</summary>
    NoCallTwice,

    /// <summary>No dial and no report is answered 500: who cannot serve it just now says so.</summary>
    TroubleIsForeseen,

    /// <summary>Knowledge older than its bound is never told as if it were fresh.</summary>
    StaleIsMarked,

    /// <summary>A process that is asked to end does so.</summary>
    EndsWhenAsked,

    /// <summary>After each fault everything works again.</summary>
    Recovers,
}

/// <summary>Counts what was checked, and keeps what did not hold.</summary>
/// <param name="now">The time to note, after the start of the calls.</param>
/// <param name="note">Told of each at once.</param>
internal sealed class Violations(Func<TimeSpan> now, Action<string> note)
{
    private const int MostKept = 200;

    private readonly ConcurrentDictionary<Invariant, long> _checked = new();
    private readonly ConcurrentDictionary<Invariant, long> _violated = new();
    private readonly ConcurrentQueue<string> _words = new();
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>All that did not hold, one a line.</summary>
    public IReadOnlyList<string> All => [.. _words];

    /// <summary>How often an invariant was checked.</summary>
    public long CheckedOf(Invariant invariant) => _checked.GetValueOrDefault(invariant);

    /// <summary>How often it did not hold.</summary>
    public long ViolatedOf(Invariant invariant) => _violated.GetValueOrDefault(invariant);

    /// <summary>It was looked at so often.</summary>
    public void Checked(Invariant invariant, long times = 1) => _checked.AddOrUpdate(invariant, times, (_, before) => before + times);

    /// <summary>It did not hold. The same words count once.</summary>
    public void Add(Invariant invariant, string words)
    {
        if (!_known.TryAdd($"{invariant} {words}", true))
        {
            return;
        }

        _ = _violated.AddOrUpdate(invariant, 1, static (_, before) => before + 1);
        var line = string.Create(CultureInfo.InvariantCulture, $"{now().TotalSeconds,7:0.0} s  {invariant}: {words}");
        note(line);
        if (_words.Count < MostKept)
        {
            _words.Enqueue(line);
        }
    }

    /// <inheritdoc cref="Add(Invariant, string)" />
    public void Add(Invariant invariant, IEnumerable<string> words)
    {
        foreach (var line in words)
        {
            Add(invariant, line);
        }
    }
}
