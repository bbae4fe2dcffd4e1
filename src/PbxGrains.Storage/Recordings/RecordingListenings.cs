using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Recordings;

/// <summary>One time that audio was handed out.</summary>
/// <param name="ListeningId">Number, growing with time.</param>
/// <param name="RecordingId">The recording.</param>
/// <param name="KeyId">The API key it was asked for with.</param>
/// <param name="KeyName">That key's name.</param>
/// <param name="Address">Address of the listener; null = unknown.</param>
/// <param name="At">When, UTC.</param>
/// <param name="ByteRange">The range asked for, as the request gave it; null = all of it.</param>
/// <param name="Bytes">How many bytes were handed over; null = unknown, the process ended meanwhile.</param>
public sealed record ListeningRow(long ListeningId, string RecordingId, string KeyId, string? KeyName, string? Address, DateTimeOffset At, string? ByteRange, long? Bytes);

/// <summary>Who listened to what: an audit that is only ever added to.</summary>
/// <param name="database">The migrated database.</param>
public sealed class RecordingListenings(NpgsqlDataSource database)
{
    /// <summary>Notes a listening, before its first byte leaves.</summary>
    /// <param name="listening">Who, what and when; number and bytes are ignored. The name of the key is looked up.</param>
    /// <param name="ct">Stops waiting for the database.</param>
    /// <returns>Its number.</returns>
    public async Task<long> BeginAsync(ListeningRow listening, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO pbx.recording_listening (recording_id, key_id, key_name, address, at, byte_range)
            VALUES ($1, $2, (SELECT name FROM pbx.api_key WHERE key_id = $2), $3, $4, $5)
            RETURNING listening_id
            """);
        command.Parameters.Text(listening.RecordingId).Text(listening.KeyId).Text(listening.Address).Instant(listening.At).Text(listening.ByteRange);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Notes how much was handed over in the end.</summary>
    public async Task EndAsync(long listeningId, long bytes, CancellationToken ct)
    {
        await using var command = database.CreateCommand("UPDATE pbx.recording_listening SET bytes = $2 WHERE listening_id = $1");
        command.Parameters.Bind(NpgsqlDbType.Bigint, listeningId).Bind(NpgsqlDbType.Bigint, bytes);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A page of the listenings to one recording, newest first.</summary>
    /// <param name="recordingId">The recording.</param>
    /// <param name="after">Number of the last one of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Stops reading.</param>
    public async Task<IReadOnlyList<ListeningRow>> ListAsync(string recordingId, long? after, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT listening_id, recording_id, key_id, key_name, address, at, byte_range, bytes FROM pbx.recording_listening
            WHERE recording_id = $1 AND listening_id < $2 ORDER BY listening_id DESC LIMIT $3
            """);
        command.Parameters.Text(recordingId).Bind(NpgsqlDbType.Bigint, after ?? long.MaxValue).Bind(NpgsqlDbType.Integer, limit);
        return await command.ListAsync(
            row => new ListeningRow(row.GetInt64(0), row.GetString(1), row.GetString(2), row.TextOrNull(3), row.TextOrNull(4), row.Instant(5), row.TextOrNull(6), row.IsDBNull(7) ? null : row.GetInt64(7)),
            ct);
    }
}
