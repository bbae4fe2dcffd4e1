using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PbxGrains.Storage.Notifications;

/// <summary>One of PostgreSQL's notification channels, heard within moments of a commit, and again after every loss of the connection.</summary>
/// <param name="database">The database; one connection is kept out of its pool while listening.</param>
/// <param name="channel">Name of the channel, a plain identifier.</param>
/// <param name="time">Clock of the pauses between attempts to reconnect.</param>
/// <param name="logger">Says when the connection is lost and found.</param>
internal sealed partial class DatabaseChannel(NpgsqlDataSource database, string channel, TimeProvider time, ILogger logger)
{
    /// <summary>A connection silent for so long is asked whether it lives.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>Seconds within which it must answer that.</summary>
    private const int KeepAliveAnswer = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Yields the payload of every notification, null for an empty one; null also whenever the listening connection was
    /// established, at first and again after a loss: anything may have been said meanwhile. Ends only by cancellation.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<string?> ListenAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var failures = 0;
        while (true)
        {
            await PauseAsync(failures, ct);
            await using var connection = await TryConnectAsync(failures, ct);
            if (connection is null)
            {
                failures++;
                continue;
            }

            try
            {
                var heard = new Queue<string?>();
                connection.Notification += (_, notification) => heard.Enqueue(notification.Payload.Length == 0 ? null : notification.Payload);
                yield return null;

                while (await WaitAsync(connection, ct))
                {
                    failures = 0;
                    while (heard.TryDequeue(out var payload))
                    {
                        yield return payload;
                    }
                }
            }
            finally
            {
                await LeaveAsync(connection);
            }

            failures++;
        }
    }

    private Task PauseAsync(int failures, CancellationToken ct)
    {
        var doubled = FirstPause * Math.Pow(2, Math.Min(failures, 10) - 1);
        return failures == 0 ? Task.CompletedTask : Task.Delay(doubled < LastPause ? doubled : LastPause, time, ct);
    }

    private async Task<NpgsqlConnection?> TryConnectAsync(int failures, CancellationToken ct)
    {
        var connection = database.CreateConnection();
        try
        {
            await connection.OpenAsync(ct);
            await using var listen = new NpgsqlCommand($"LISTEN {channel}", connection);
            await listen.ExecuteNonQueryAsync(ct);
            Log.Listening(logger, channel);
            return connection;
        }
        catch (NpgsqlException error)
        {
            await connection.DisposeAsync();
            if (failures == 0)
            {
                Log.NotConnected(logger, channel, error);
            }

            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The session may go back to the pool, where nobody cleans it: it must not go on listening there.</summary>
    private async Task LeaveAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var unlisten = new NpgsqlCommand($"UNLISTEN {channel}", connection) { CommandTimeout = KeepAliveAnswer };
            await unlisten.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // It is lost, and with it what it listened to.
        }
    }

    /// <summary>Waits for notifications or for a sign of life; false when the connection is gone.</summary>
    private async Task<bool> WaitAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            if (!await connection.WaitAsync(KeepAlive, ct))
            {
                await using var probe = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = KeepAliveAnswer };
                await probe.ExecuteNonQueryAsync(ct);
            }

            return true;
        }
        catch (NpgsqlException error)
        {
            Log.Lost(logger, channel, error);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Information, "Listening on database channel {Channel}")]
        public static partial void Listening(ILogger logger, string channel);

        [LoggerMessage(2102, LogLevel.Warning, "Cannot listen on database channel {Channel}; trying again")]
        public static partial void NotConnected(ILogger logger, string channel, Exception error);

        [LoggerMessage(2103, LogLevel.Warning, "Lost the connection that listens on database channel {Channel}; connecting again")]
        public static partial void Lost(ILogger logger, string channel, Exception error);
    }
}
