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
        var parties = await PartiesAsync(connection, recordingIds, ct);
        var events = rows.Select(row => Of(type, row, parties[row.RecordingId], at ?? row.LastTriedAt ?? row.FirstNamedAt)).ToList();
        _ = await EventAppender.AppendAsync(connection, events, events.Max(e => e.OccurredAt), ct);
    }

    /// <summary>Who took part, by the records that name a recording; where its name was removed, by all records of its call.</summary>
    private static async Task<ILookup<string, RecordParties>> PartiesAsync(NpgsqlConnection connection, IReadOnlyCollection<string> recordingIds, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT r.recording_id, c.agent_id, c.extensions FROM pbx.recording AS r
            JOIN pbx.call_record AS c ON c.call_id = r.call_id AND c.site_id = r.site_id AND c.recording = coalesce(r.name, c.recording)
            WHERE r.recording_id = ANY ($1)
            """, connection);
        command.Parameters.Texts(recordingIds);
        var rows = await command.ListAsync(row => (Id: row.GetString(0), Parties: new RecordParties(row.TextOrNull(1), row.GetFieldValue<string[]>(2))), ct);
        return rows.ToLookup(row => row.Id, row => row.Parties, StringComparer.Ordinal);
    }

    private static EventRow Of(string type, RecordingRow row, IEnumerable<RecordParties> parties, DateTimeOffset at) => new()
    {
        Id = EventName.Of(at, row.RecordingId, type),
        Type = type,
        SiteId = row.SiteId,
        Subject = $"recordings/{row.RecordingId}",
        OccurredAt = at,
        CallId = row.CallId,

        // Of two agents nobody can say whose recording it is.
        AgentId = parties.Select(party => party.AgentId).OfType<string>().Distinct(StringComparer.Ordinal).Take(2).ToList() is [var only] ? only : null,
        Extensions = [.. parties.SelectMany(party => party.Extensions).Distinct(StringComparer.Ordinal)],
        Data = JsonSerializer.Serialize(new RecordingToldEvent(ToldRecordingState.Of(row), row.CallId), RecordingEventJson.Default.RecordingToldEvent),
    };
}

/// <summary>Who took part in what a record tells of.</summary>
internal sealed record RecordParties(string? AgentId, IReadOnlyList<string> Extensions);

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
