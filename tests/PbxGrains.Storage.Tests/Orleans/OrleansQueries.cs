using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Tests.Orleans;

/// <summary>A parameter as the providers bind it: by name and with an explicit type, also when null.</summary>
public sealed record Bound(string Name, NpgsqlDbType Type, object? Value)
{
    public static Bound Text(string name, string? value) => new(name, NpgsqlDbType.Text, value);

    public static Bound Int(string name, int? value) => new(name, NpgsqlDbType.Integer, value);

    public static Bound Long(string name, long value) => new(name, NpgsqlDbType.Bigint, value);

    public static Bound Bytes(string name, byte[]? value) => new(name, NpgsqlDbType.Bytea, value);

    public static Bound Time(string name, DateTime value) => new(name, NpgsqlDbType.TimestampTz, value);
}

/// <summary>
/// Runs the query texts the way the Orleans providers do: looked up unqualified once, one text one command, read through
/// every row of every result, columns found by name whatever their case.
/// </summary>
public sealed class OrleansQueries(NpgsqlDataSource database)
{
    private Dictionary<string, string>? _texts;

    public async Task<IReadOnlyDictionary<string, string>> TextsAsync(CancellationToken ct)
    {
        if (_texts is null)
        {
            await using var command = database.CreateCommand("SELECT QueryKey, QueryText FROM OrleansQuery");
            await using var reader = await command.ExecuteReaderAsync(ct);
            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            while (await reader.ReadAsync(ct))
            {
                texts.Add(reader.GetString(0), reader.GetString(1));
            }

            _texts = texts;
        }

        return _texts;
    }

    public async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> RunAsync(string key, CancellationToken ct, params Bound[] parameters)
    {
        // First, so that many at once do not each hold the connection that another one needs to look up its text.
        await TextsAsync(ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        return await RunAsync(connection, key, ct, parameters);
    }

    public async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> RunAsync(NpgsqlConnection connection, string key, CancellationToken ct, params Bound[] parameters)
    {
        await using var command = new NpgsqlCommand((await TextsAsync(ct))[key], connection);
        Bind(command, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        do
        {
            while (await reader.ReadAsync(ct))
            {
                rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                    reader.GetName, column => reader.IsDBNull(column) ? null : reader.GetValue(column), StringComparer.OrdinalIgnoreCase));
            }
        }
        while (await reader.NextResultAsync(ct));

        return rows;
    }

    /// <summary>For the queries that answer one row with one true or false.</summary>
    public async Task<bool> DecideAsync(string key, CancellationToken ct, params Bound[] parameters)
    {
        var rows = await RunAsync(key, ct, parameters);
        return (bool)rows.Should().ContainSingle().Which.Should().ContainSingle().Which.Value!;
    }

    public static void Bind(NpgsqlCommand command, IEnumerable<Bound> parameters)
    {
        foreach (var parameter in parameters)
        {
            _ = command.Parameters.Add(new NpgsqlParameter(parameter.Name, parameter.Type) { Value = parameter.Value ?? DBNull.Value });
        }
    }
}
