using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using PbxGrains.Storage.Events;

namespace PbxGrains.Storage.Recordings;

/// <summary>Tells the event log what became of recordings, in the transaction that writes it down.</summary>
internal static class RecordingEvents
{
    /// <summary>It can be listened to.</summary>
    public const string Ready = "pbx.recording.ready";

    /// <summary>It will not come.</summary>
    public const string Absent = "pbx.recording.absent";

    /// <summary>It was removed for its age.</summary>
    public const string Expired = "pbx.recording.expired";

    /// <summary>Appends one event for each recording, as it reads now within the transaction.</summary>
    /// <param name="connection">A connection in a transaction.</param>
    /// <param name="type">What became of them.</param>
    /// <param name="recordingIds">The recordings.</param>
    /// <param name="at">When; null for when the PBX was asked for each last.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task TellAsync(NpgsqlConnection connection, string type, IReadOnlyCollection<string> recordingIds, DateTimeOffset? at, CancellationToken ct)
    {
        if (recordingIds.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand($"{RecordingCatalogue.Select} WHERE r.recording_id = ANY ($1) ORDER BY r.recording_id", connection);
        command.Parameters.Texts(recordingIds);
        var rows = await command.ListAsync(RecordingCatalogue.Read, ct);
        var events = rows.Select(row => Of(type, row, at ?? row.LastTriedAt ?? row.FirstNamedAt)).ToList();
        _ = await EventAppender.AppendAsync(connection, events, events.Max(e => e.OccurredAt), ct);
    }

    private static EventRow Of(string type, RecordingRow row, DateTimeOffset at) => new()
    {
        Id = EventName.Of(at, row.RecordingId, type),
        Type = type,
        SiteId = row.SiteId,
        Subject = $"recordings/{row.RecordingId}",
        OccurredAt = at,
        CallId = row.CallId,
        Data = JsonSerializer.Serialize(new RecordingToldEvent(ToldRecordingState.Of(row), row.CallId), RecordingEventJson.Default.RecordingToldEvent),
    };
}

/// <summary>The particulars of all three events.</summary>
internal sealed record RecordingToldEvent(ToldRecordingState Recording, string CallId);

/// <summary>A recording with the names and values that the API answers with.</summary>
internal sealed record ToldRecordingState(
    string Id,
    string Site,
    string CallId,
    string? Name,
    string State,
    string? Reason,
    string? Detail,
    long? Bytes,
    string? Sha256,
    string? ContentType,
    double? DurationSeconds,
    DateTimeOffset FirstNamedAt,
    DateTimeOffset? FetchedAt,
    DateTimeOffset? LastTriedAt,
    DateTimeOffset? NextTryAt,
    int Tries,
    DateTimeOffset ExpiresAt,
    string Url)
{
    public static ToldRecordingState Of(RecordingRow row) => new(
        row.RecordingId,
        row.SiteId,
        row.CallId,
        row.Name,
        row.State,
        row.Reason,
        row.Detail,
        row.Bytes,
        row.Sha256 is { } hash ? Convert.ToHexStringLower(hash) : null,
        row.ContentType,
        row.DurationSeconds,
        row.FirstNamedAt,
        row.FetchedAt,
        row.LastTriedAt,
        row.NextTryAt,
        row.Tries,
        row.ExpiresAt,
        $"/api/pbx/recordings/{row.RecordingId}");
}

/// <summary>How it is written: camel case, unknown as null.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RecordingToldEvent))]
internal sealed partial class RecordingEventJson : JsonSerializerContext;
