using System.Globalization;
using System.Runtime.InteropServices;

namespace PbxGrains.Storage.Events;

/// <summary>
/// A place in the event log, behind one event and before the next. Places are in the order in which events can be read for
/// certain: by the transaction that wrote them, then by position.
/// </summary>
/// <param name="Era">How often the log has been moved to another database server, from 1.</param>
/// <param name="Transaction">The transaction that wrote the event.</param>
/// <param name="Position">The event's number.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EventCursor(int Era, ulong Transaction, long Position) : IComparable<EventCursor>
{
    /// <summary>Before the first event there ever was.</summary>
    public static EventCursor Beginning => default;

    /// <summary>Reads what <see cref="ToString" /> wrote.</summary>
    /// <param name="text">A cursor that somebody kept; it may be anything.</param>
    /// <param name="cursor">The cursor.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(string? text, out EventCursor cursor)
    {
        cursor = default;
        if (text?.Split('-') is not [var era, var transaction, var position]
            || !int.TryParse(era, NumberStyles.None, CultureInfo.InvariantCulture, out var eraNumber)
            || !ulong.TryParse(transaction, NumberStyles.None, CultureInfo.InvariantCulture, out var transactionNumber)
            || !long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var positionNumber))
        {
            return false;
        }

        cursor = new EventCursor(eraNumber, transactionNumber, positionNumber);
        return true;
    }

    /// <inheritdoc />
    public int CompareTo(EventCursor other) => (Era, Transaction, Position).CompareTo((other.Era, other.Transaction, other.Position));

    /// <summary>As it is handed out: <c>1-48213-907</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Era}-{Transaction}-{Position}");

    /// <summary>Whether the first is before the second.</summary>
    public static bool operator <(EventCursor left, EventCursor right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first is behind the second.</summary>
    public static bool operator >(EventCursor left, EventCursor right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first is before the second, or the same.</summary>
    public static bool operator <=(EventCursor left, EventCursor right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first is behind the second, or the same.</summary>
    public static bool operator >=(EventCursor left, EventCursor right) => left.CompareTo(right) >= 0;
}
