using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage;

/// <summary>Binds parameters by position and reads columns that may be null.</summary>
internal static partial class Sql
{
    /// <summary>Adds the next parameter, <c>$1</c>, <c>$2</c> and so on; null is sent as NULL of that type.</summary>
    public static NpgsqlParameterCollection Bind(this NpgsqlParameterCollection parameters, NpgsqlDbType type, object? value)
    {
        var sent = value is DateTimeOffset instant ? instant.ToUniversalTime() : value;
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = sent ?? DBNull.Value });
        return parameters;
    }

    public static NpgsqlParameterCollection Text(this NpgsqlParameterCollection parameters, string? value) => parameters.Bind(NpgsqlDbType.Text, value);

    public static NpgsqlParameterCollection Texts(this NpgsqlParameterCollection parameters, IEnumerable<string?> values) =>
        parameters.Bind(NpgsqlDbType.Array | NpgsqlDbType.Text, values.ToArray());

    public static NpgsqlParameterCollection Bytes(this NpgsqlParameterCollection parameters, ReadOnlyMemory<byte> value) => parameters.Bind(NpgsqlDbType.Bytea, value);

    public static NpgsqlParameterCollection Flag(this NpgsqlParameterCollection parameters, bool value) => parameters.Bind(NpgsqlDbType.Boolean, value);

    public static NpgsqlParameterCollection Id(this NpgsqlParameterCollection parameters, Guid value) => parameters.Bind(NpgsqlDbType.Uuid, value);

    public static NpgsqlParameterCollection Instant(this NpgsqlParameterCollection parameters, DateTimeOffset? value) => parameters.Bind(NpgsqlDbType.TimestampTz, value);

    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset Instant(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? InstantOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Instant(column);

    public static byte[] Bytes(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    /// <summary>
    /// Rolls back after a statement failed and forgets what the session has prepared: a statement that failed while it was
    /// being prepared would answer its next user with what nobody expects.
    /// </summary>
    public static async Task AbandonAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync(CancellationToken.None);
            connection.UnprepareAll();
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The connection is lost, and with it what was prepared.
        }
    }

    /// <summary>Text that PostgreSQL takes for certain: it refuses U+0000 and half surrogates, which strangers send.</summary>
    public static string Storable(string text) => text.Contains('\0', StringComparison.Ordinal) || text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
        ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD')
        : text;

    /// <summary>JSON that PostgreSQL takes for certain: it refuses U+0000 there, too, where it stands escaped.</summary>
    public static string StorableJson(string json) =>
        json.Contains("\\u0000", StringComparison.Ordinal) ? EscapedNul().Replace(json, "${before}\\uFFFD") : json;

    // A backslash that is escaped itself begins nothing.
    [GeneratedRegex(@"(?<!\\)(?<before>(\\\\)*)\\u0000", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EscapedNul();

    /// <summary>Runs the command and reads every row.</summary>
    public static async Task<IReadOnlyList<T>> ListAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Runs the command and reads its first row; null when there is none.</summary>
    public static async Task<T?> FirstOrNullAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
        where T : class
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? read(reader) : null;
    }
}
