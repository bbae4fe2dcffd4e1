using System.Text.Json.Serialization;
using PbxGrains.Storage.Subscriptions;

namespace PbxGrains.Front.Subscriptions;

/// <summary>A delivery as the log of deliveries shows it. Instants are UTC.</summary>
/// <param name="Id">Its number.</param>
/// <param name="EventId">The event, and the <c>webhook-id</c> of every attempt.</param>
/// <param name="Type">What kind of event.</param>
/// <param name="Replay">The replay it belongs to; null when it happened just so.</param>
/// <param name="Test">True for a test message, which is tried once.</param>
/// <param name="State"><c>pending</c>, <c>sending</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Tries">Failures since it was enqueued or sent again.</param>
/// <param name="NextTryAt">When it is tried next; null when it is not waiting.</param>
/// <param name="CreatedAt">When it was enqueued.</param>
/// <param name="FinishedAt">When it was delivered or given up; null until then.</param>
/// <param name="Attempts">The last 30 attempts, oldest first.</param>
internal sealed record DeliveryResource(
    long Id,
    Guid EventId,
    string Type,
    int? Replay,
    bool Test,
    string State,
    int Tries,
    DateTimeOffset? NextTryAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    IReadOnlyList<AttemptResource> Attempts)
{
    public static DeliveryResource Of(DeliveryRow row, DateTimeOffset now)
    {
        var isSending = row.State == DeliveryState.Pending && row.LeasedUntil > now;
        return new DeliveryResource(
            row.DeliveryId,
            row.EventId,
            row.EventType,
            row.Replay > 0 ? row.Replay : null,
            row.IsTest,
            isSending ? "sending" : row.State.ToString().ToLowerInvariant(),
            row.Tries,
            row.State == DeliveryState.Pending && !isSending ? row.DueAt : null,
            row.CreatedAt,
            row.FinishedAt,
            [.. row.Attempts.Select(attempt => new AttemptResource(attempt.At, attempt.Milliseconds, attempt.Status, attempt.Error, attempt.Answer))]);
    }
}

/// <summary>One attempt.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">HTTP status of the answer; null when there was none.</param>
/// <param name="Error">What went wrong, in English; null when nothing did.</param>
/// <param name="Answer">The beginning of the answer to one that failed; null when there was none.</param>
internal sealed record AttemptResource(DateTimeOffset At, int Milliseconds, int? Status, string? Error, string? Answer);

/// <summary>Deliveries, newest first.</summary>
/// <param name="Items">The deliveries.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; null when this is the last.</param>
internal sealed record DeliveryPage(IReadOnlyList<DeliveryResource> Items, string? Next);

/// <summary>What is to be delivered once more: events by the time they were recorded, or by cursor.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReplayInput
{
    /// <summary>Recorded at this instant or later: 2026-11-22T10:00:00Z, or a date alone for its midnight UTC.</summary>
    public string? From { get; init; }

    /// <summary>Recorded before this instant; null for now.</summary>
    public string? To { get; init; }

    /// <summary>Behind this cursor; <c>beginning</c> for everything the log still has.</summary>
    public string? After { get; init; }

    /// <summary>Up to this cursor, included; null for all until now.</summary>
    public string? Until { get; init; }
}

/// <summary>A replay. Instants are UTC.</summary>
/// <param name="Replay">Its number; its deliveries carry it.</param>
/// <param name="From">Events recorded from here; null when it was asked for by cursor.</param>
/// <param name="To">Events recorded before this.</param>
/// <param name="Cursor">How far it has come.</param>
/// <param name="Until">Where it ends at the latest.</param>
/// <param name="Enqueued">Deliveries made so far.</param>
/// <param name="Missed">What was asked for and the log no longer has; null when nothing.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="FinishedAt">When the last of its deliveries was enqueued; null while there is more to come.</param>
internal sealed record ReplayResource(
    int Replay,
    DateTimeOffset? From,
    DateTimeOffset? To,
    string Cursor,
    string Until,
    long Enqueued,
    MissedResource? Missed,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt)
{
    public static ReplayResource Of(ReplayRow row) => new(
        row.Replay,
        row.Recorded?.From,
        row.Recorded?.To,
        row.Cursor.ToString(),
        row.Until.ToString(),
        row.Enqueued,
        MissedResource.Of(row.Missed),
        row.CreatedAt,
        row.FinishedAt);
}
