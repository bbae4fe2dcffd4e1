using Npgsql;

namespace PbxGrains.Benchmarks.Running;

/// <summary>A <see cref="DirectDial" /> that is committed, one row, before it leaves: what durability alone costs.</summary>
internal sealed class WrittenDial : IAsyncDisposable
{
    private readonly DirectDial _dial;
    private readonly NpgsqlDataSource _database;

    private WrittenDial(DirectDial dial, NpgsqlDataSource database) => (_dial, _database) = (dial, database);

    /// <summary>Makes the table.</summary>
    public static async Task<WrittenDial> CreateAsync(DirectDial dial, string connectionString, CancellationToken ct)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand("CREATE TABLE written_dial (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, caller text NOT NULL, callee text NOT NULL)");
        _ = await command.ExecuteNonQueryAsync(ct);
        return new WrittenDial(dial, database);
    }

    /// <inheritdoc cref="DirectDial.DialAsync" />
    public async Task DialAsync(int site, string caller, string callee, CancellationToken ct)
    {
        await using (var command = _database.CreateCommand("INSERT INTO written_dial (caller, callee) VALUES ($1, $2)"))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = caller });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = callee });
            _ = await command.ExecuteNonQueryAsync(ct);
        }

        await _dial.DialAsync(site, caller, callee, ct);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
