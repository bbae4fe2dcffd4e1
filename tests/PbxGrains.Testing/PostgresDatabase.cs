using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace PbxGrains.Testing;

/// <summary>A database of one's own on the <see cref="PostgresServer" />; it goes when disposed.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>Names our lock among the advisory locks of the maintenance database; the value means nothing.</summary>
    private const long TemplateLock = 0x7062_7874_6D70_6C74;

    private const string Prefix = "pbxtest_";

    /// <summary>Databases of test programs that were killed are removed after this long.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private static readonly Lazy<Task> Sweep = new(SweepAsync);
    private static readonly HashSet<string> Prepared = new(StringComparer.Ordinal);

    private PostgresDatabase(string name, string connectionString)
    {
        Name = name;
        ConnectionString = connectionString;
    }

    /// <summary>Its name on the server.</summary>
    public string Name { get; }

    /// <summary>How to connect to it.</summary>
    public string ConnectionString { get; }

    /// <summary>Creates an empty database.</summary>
    public static async Task<PostgresDatabase> CreateAsync()
    {
        await Sweep.Value;
        await using var maintenance = await ConnectAsync();
        return await CreateAsync(maintenance, "template1");
    }

    /// <summary>Creates a copy of a migrated database, which is much quicker than migrating.</summary>
    /// <param name="migrate">
    /// Migrates the database with the given connection string; must do nothing to one that is migrated already. Runs once
    /// per test program. When it fails on a template that an earlier version left, the template is made anew.
    /// </param>
    /// <param name="template">Tells templates with different content apart.</param>
    public static async Task<PostgresDatabase> CreateAsync(Func<string, Task> migrate, string template = "migrated")
    {
        await Sweep.Value;
        await using var maintenance = await ConnectAsync();

        // A template can only be copied while nobody is connected to it, so all copying happens under the lock, too.
        // Closing the connection gives it back.
        await ExecuteAsync(maintenance, $"SELECT pg_advisory_lock({TemplateLock})");
        var source = $"pbxtemplate_{template}";
        if (!IsPrepared(source))
        {
            await PrepareAsync(maintenance, source, migrate);
            MarkPrepared(source);
        }

        return await CreateAsync(maintenance, source);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await using (var own = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(own);
        }

        await using var maintenance = await ConnectAsync();
        await Eventually.Holds(() => DroppedAsync(maintenance, Name), "the test's database to go");
    }

    /// <summary>False while an autovacuum worker, which a role like ours may not end, is just looking at the database.</summary>
    private static async Task<bool> DroppedAsync(NpgsqlConnection maintenance, string name)
    {
        try
        {
            await ExecuteAsync(maintenance, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    private static async Task<PostgresDatabase> CreateAsync(NpgsqlConnection maintenance, string template)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}_{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        await ExecuteAsync(maintenance, $"CREATE DATABASE {name} TEMPLATE {template}");
        return new PostgresDatabase(name, await ConnectionStringOfAsync(name, pooling: true));
    }

    private static async Task PrepareAsync(NpgsqlConnection maintenance, string name, Func<string, Task> migrate)
    {
        var connectionString = await ConnectionStringOfAsync(name, pooling: false);
        if (await ExistsAsync(maintenance, name))
        {
            try
            {
                await migrate(connectionString);
                return;
            }
            catch (Exception)
            {
                // Whatever the reason: a fresh template shows whether it was the template's fault or the migration's.
                await ExecuteAsync(maintenance, $"DROP DATABASE {name} WITH (FORCE)");
            }
        }

        await ExecuteAsync(maintenance, $"CREATE DATABASE {name}");
        await migrate(connectionString);
    }

    private static bool IsPrepared(string template)
    {
        lock (Prepared)
        {
            return Prepared.Contains(template);
        }
    }

    private static void MarkPrepared(string template)
    {
        lock (Prepared)
        {
            _ = Prepared.Add(template);
        }
    }

    private static async Task SweepAsync()
    {
        await using var maintenance = await ConnectAsync();
        await using var list = new NpgsqlCommand("""
            SELECT d.datname FROM pg_database AS d
            WHERE starts_with(d.datname, $1) AND split_part(d.datname, '_', 2) < $2
              AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.datid = d.oid)
            """, maintenance);
        list.Parameters.Add(new NpgsqlParameter { Value = Prefix });
        list.Parameters.Add(new NpgsqlParameter { Value = (TimeProvider.System.GetUtcNow() - Forgotten).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) });
        var names = new List<string>();
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names)
        {
            await ExecuteAsync(maintenance, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
    }

    private static async Task<NpgsqlConnection> ConnectAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<string> ConnectionStringOfAsync(string database, bool pooling) =>
        new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync())
        {
            Database = database,
            Pooling = pooling,
            IncludeErrorDetail = true,
        }.ConnectionString;

    private static async Task<bool> ExistsAsync(NpgsqlConnection maintenance, string name)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", maintenance);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
