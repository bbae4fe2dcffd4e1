using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.Storage.Tests.Migrations;

/// <summary>Tests that each begin with an empty database.</summary>
public abstract class EmptyDatabaseTests : IAsyncLifetime
{
    private PostgresDatabase? _database;
    private NpgsqlDataSource? _data;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected string ConnectionString => _database!.ConnectionString;

    private protected NpgsqlDataSource Data => _data!;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        _data = PbxDataSource.Create(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _data!.DisposeAsync();
        await _database!.DisposeAsync();
    }
}
