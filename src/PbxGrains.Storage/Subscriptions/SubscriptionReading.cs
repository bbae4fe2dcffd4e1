using System.Runtime.InteropServices;
using Npgsql;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Subscriptions;

/// <summary>A subscription's way through the event log.</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Replay">0 for the one that follows the log for ever, else the number of a replay.</param>
/// <param name="Cursor">Of everything up to here there are deliveries.</param>
/// <param name="Filter">Which events.</param>
/// <param name="Until">Where a replay ends; null for one that does not.</param>
/// <param name="Recorded">When a replay's events were recorded; null for always.</param>
internal sealed record SubscriptionReading(Guid SubscriptionId, int Replay, EventCursor Cursor, SubscriptionFilter Filter, EventCursor? Until, TimeRange? Recorded)
{
    public const string Columns = """
        r.subscription_id, r.replay, r.era, r.tx, r.position, s.types, s.sites, r.until_era, r.until_tx, r.until_position, r.from_at, r.to_at
        """;

    /// <summary>Whether there is to be a delivery of an event.</summary>
    public bool Wants(LoggedEvent logged) => Filter.Fits(logged.Event) && Recorded?.Contains(logged.RecordedAt) is not false;

    public static SubscriptionReading Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetInt32(1),
        new EventCursor(row.GetInt32(2), row.GetFieldValue<ulong>(3), row.GetInt64(4)),
        new SubscriptionFilter(row.GetFieldValue<string[]>(5), row.GetFieldValue<string[]>(6)),
        row.IsDBNull(7) ? null : new EventCursor(row.GetInt32(7), row.GetFieldValue<ulong>(8), row.GetInt64(9)),
        row.IsDBNull(10) ? null : new TimeRange(row.Instant(10), row.Instant(11)));
}

/// <summary>A span of time.</summary>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant behind it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Whether an instant is in it.</summary>
    public bool Contains(DateTimeOffset instant) => instant >= From && instant < To;
}
