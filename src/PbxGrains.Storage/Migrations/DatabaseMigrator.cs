using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PbxGrains.Storage.Migrations;

/// <summary>
/// Brings a database to this binary's schema. Any number of processes may start together: one migrates under a session
/// advisory lock, the others wait and find nothing left to do. Needs a connection of its own for that, so a pooler in
/// front of PostgreSQL must not share sessions between transactions.
/// </summary>
/// <param name="database">The database; its role must be allowed to create schemas and tables there.</param>
/// <param name="logger">Says each step once.</param>
public sealed partial class DatabaseMigrator(NpgsqlDataSource database, ILogger<DatabaseMigrator> logger)
{
    /// <summary>Names our lock among the advisory locks of the database; the value means nothing.</summary>
    private const long Lock = 0x7062_7867_7261_696E;

    /// <summary>The first PostgreSQL with <c>UNIQUE NULLS NOT DISTINCT</c>.</summary>
    private const int OldestServer = 15;

    private readonly IReadOnlyList<Migration> _migrations = Migration.All;

    /// <summary>A migrator of other migrations, so that its own rules can be tested.</summary>
    internal DatabaseMigrator(NpgsqlDataSource database, ILogger<DatabaseMigrator> logger, IReadOnlyList<Migration> migrations)
        : this(database, logger) => _migrations = migrations;

    /// <summary>Applies the migrations that are missing, each in a transaction of its own.</summary>
    /// <returns>How many were applied; 0 when the schema was up to date.</returns>
    /// <exception cref="DatabaseTooNewException">The database has a breaking migration that this binary does not know. Nothing was changed.</exception>
    /// <exception cref="MigrationChangedException">An applied migration differs from this binary's. Nothing was changed.</exception>
    /// <exception cref="NotSupportedException">The server is older than PostgreSQL 15.</exception>
    public Task<int> MigrateAsync(CancellationToken ct) => MigrateLockedAsync(static _ => Task.CompletedTask, ct);

    /// <summary>
    /// Applies the migrations that are missing, then runs an action before letting the next process in: for what must be
    /// done once by whoever comes first.
    /// </summary>
    /// <param name="onLocked">Runs while the lock is held, on connections of its own.</param>
    /// <param name="ct">Stops waiting, migrating or the action.</param>
    /// <inheritdoc cref="MigrateAsync(CancellationToken)" path="/exception" />
    public Task MigrateAsync(Func<CancellationToken, Task> onLocked, CancellationToken ct) => MigrateLockedAsync(onLocked, ct);

    private async Task<int> MigrateLockedAsync(Func<CancellationToken, Task> onLocked, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw new NotSupportedException($"The server is PostgreSQL {connection.PostgreSqlVersion.Major}; {OldestServer} or newer is needed.");
        }

        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({Lock})", ct);
        try
        {
            var applied = await ApplyMissingAsync(connection, ct);
            await onLocked(ct);
            return applied;
        }
        finally
        {
            // Also when cancelled: the session goes back to the pool alive, and would keep the lock and what migrations set. A broken one has lost it,
            // and what broke it is what the caller should hear of.
            if (connection.State == ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({Lock}); RESET ALL", CancellationToken.None);
            }
        }
    }

    private async Task<int> ApplyMissingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await ExecuteAsync(connection, """
            SET client_min_messages = warning;
            CREATE SCHEMA IF NOT EXISTS pbx;
            CREATE TABLE IF NOT EXISTS pbx.schema_version (
                version    integer     NOT NULL CONSTRAINT schema_version_key PRIMARY KEY,
                name       text        NOT NULL,
                checksum   text        NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            );
            RESET client_min_messages
            """, ct);

        var applied = await ReadAppliedAsync(connection, ct);
        Check(applied);

        var missing = _migrations.Where(migration => !applied.ContainsKey(migration.Version)).ToList();
        foreach (var migration in missing)
        {
            await ApplyAsync(connection, migration, ct);
            Log.Applied(logger, migration.Version, migration.Name);
        }

        Log.UpToDate(logger, Math.Max(_migrations[^1].Version, applied.Keys.DefaultIfEmpty().Max()), missing.Count);
        return missing.Count;
    }

    private void Check(Dictionary<int, Applied> applied)
    {
        var known = _migrations[^1].Version;
        var unknown = applied.Where(one => one.Key > known).ToList();
        if (unknown.Exists(one => Migration.IsBreaking(one.Value.Name)))
        {
            throw new DatabaseTooNewException(unknown.Max(one => one.Key), known);
        }

        if (_migrations.FirstOrDefault(migration => applied.TryGetValue(migration.Version, out var one) && one.Checksum != migration.Checksum) is { } changed)
        {
            throw new MigrationChangedException(changed.Version, changed.Name);
        }

        if (unknown.Count > 0)
        {
            Log.Newer(logger, unknown.Max(one => one.Key), known);
        }
    }

    private static async Task<Dictionary<int, Applied>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT version, name, checksum FROM pbx.schema_version", connection);
        var rows = await command.ListAsync(row => (Version: row.GetInt32(0), Applied: new Applied(row.GetString(1), row.GetString(2))), ct);
        return rows.ToDictionary(row => row.Version, row => row.Applied);
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, migration.Text, ct);

        await using var note = new NpgsqlCommand("INSERT INTO pbx.schema_version (version, name, checksum) VALUES ($1, $2, $3)", connection);
        note.Parameters.Bind(NpgsqlTypes.NpgsqlDbType.Integer, migration.Version).Text(migration.Name).Text(migration.Checksum);
        await note.ExecuteNonQueryAsync(ct);

        await transaction.CommitAsync(ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        // Without a time limit: others may migrate for long, and so may a big table.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record Applied(string Name, string Checksum);

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Information, "Applied migration {Version} ({Name})")]
        public static partial void Applied(ILogger logger, int version, string name);

        [LoggerMessage(2002, LogLevel.Information, "The database has schema version {Version}; {Count} migrations were missing")]
        public static partial void UpToDate(ILogger logger, int version, int count);

        [LoggerMessage(2003, LogLevel.Warning, "The database has schema version {Version}, this program is of version {Known}. The steps between only add, so it starts; upgrade it soon")]
        public static partial void Newer(ILogger logger, int version, int known);
    }
}
