using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Storage.Migrations;
using PbxGrains.Testing;

namespace PbxGrains.Storage.Tests;

/// <summary>
/// One migrated database for one test class. Its sessions live in Berlin: whatever leans on the session's time zone is
/// an hour or two wrong here.
/// </summary>
public sealed class MigratedDatabase : IAsyncLifetime
{
    private PostgresDatabase? _database;
    private NpgsqlDataSource? _data;

    /// <summary>The pool a process of the product would use.</summary>
    public NpgsqlDataSource Data => _data!;

    /// <summary>How to connect without our settings, as other people's tools do.</summary>
    public string ConnectionString => _database!.ConnectionString;

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresDatabase.CreateAsync(MigrateAsync);
        await using (var owner = NpgsqlDataSource.Create(_database.ConnectionString))
        {
            await using var zone = owner.CreateCommand($"ALTER DATABASE {_database.Name} SET timezone = 'Europe/Berlin'");
            _ = await zone.ExecuteNonQueryAsync();
        }

        _data = PbxDataSource.Create(_database.ConnectionString);
    }

    /// <summary>Runs plain SQL in a session of its own, as other people's tools do.</summary>
    public async Task<object?> SqlAsync(string sql)
    {
        await using var session = new NpgsqlConnection(ConnectionString);
        await session.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, session);
        return await command.ExecuteScalarAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_data is not null)
        {
            await _data.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var data = PbxDataSource.Create(connectionString);
        _ = await new DatabaseMigrator(data, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(CancellationToken.None);
    }
}
