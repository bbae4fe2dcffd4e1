using Npgsql;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>Troubles of a PostgreSQL that runs: no connection is left, or commits take long.</summary>
/// <param name="postgres">The server.</param>
/// <param name="connectionString">How to connect to it.</param>
internal sealed class DatabaseTrouble(OwnPostgres postgres, string connectionString) : IAsyncDisposable
{
    /// <summary>Our own connections, which nobody ends.</summary>
    public const string ApplicationName = "faults-audit";

    private const string Healthy = "\nsynchronous_standby_names = ''\ncommit_delay = 0\n";

    /// <summary>Each commit waits a tenth of a second before it is written, the most there is.</summary>
    private const string Slow = "\ncommit_delay = 100000\ncommit_siblings = 0\n";

    /// <summary>No commit ends: each waits for a standby that does not exist.</summary>
    private const string Stalled = "\nsynchronous_standby_names = 'nobody'\n";

    private readonly List<NpgsqlConnection> _taken = [];

    /// <summary>Takes every connection there is, those of the product too, and keeps them.</summary>
    public async Task TakeConnectionsAsync()
    {
        try
        {
            await TakeAsync();
            await using var command = new NpgsqlCommand($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND application_name = 'pbxgrains'", _taken[0]);
            _ = await command.ExecuteNonQueryAsync();
            await TakeAsync();
        }
        catch (NpgsqlException)
        {
            // Away for another reason.
        }
    }

    /// <summary>Gives the connections back.</summary>
    public async Task GiveConnectionsBackAsync()
    {
        foreach (var connection in _taken)
        {
            await connection.DisposeAsync();
        }

        _taken.Clear();
    }

    /// <summary>Makes commits slow for a while, and stalls them altogether in the middle of it.</summary>
    public async Task SlowDiskAsync(Func<TimeSpan, Task> pass, TimeSpan length)
    {
        postgres.Configure(Slow);
        await pass(length / 3);
        postgres.Configure(Stalled);
        await pass(length / 3);
        postgres.Configure("\nsynchronous_standby_names = ''\n");
        await pass(length / 3);
        postgres.Configure(Healthy);
    }

    public async ValueTask DisposeAsync() => await GiveConnectionsBackAsync();

    private async Task TakeAsync()
    {
        var options = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "faults-thief", Timeout = 10 };
        while (true)
        {
            var connection = new NpgsqlConnection(options.ConnectionString);
            try
            {
                await connection.OpenAsync();
                _taken.Add(connection);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                return;
            }
        }
    }
}
