using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Commits;

namespace PbxGrains.Storage.Events;

/// <summary>Writes the events of many senders in one transaction.</summary>
internal sealed partial class EventWriter(NpgsqlDataSource database, TimeProvider time, ILogger logger) : IGroupWriter<IReadOnlyList<EventRow>, int>
{
    /// <summary>How often a batch is tried; the names of the events make a repetition harmless.</summary>
    private const int Attempts = 3;

    public async Task<IReadOnlyList<int>> WriteAsync(IReadOnlyList<IReadOnlyList<EventRow>> items, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                try
                {
                    _ = await EventAppender.AppendAsync(connection, [.. items.SelectMany(events => events)], time.GetUtcNow(), ct);
                }
                catch (PostgresException)
                {
                    await Sql.AbandonAsync(connection, transaction);
                    throw;
                }

                await transaction.CommitAsync(ct);
                return [.. items.Select(events => events.Count)];
            }
            catch (NpgsqlException error) when (attempt < Attempts && !BlamesItem(error) && !ct.IsCancellationRequested && MayPass(error))
            {
                // A deadlock, a partition made at this moment, or a connection that the server closed long ago.
            }
        }
    }

    public bool BlamesItem(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null } => false,
        PostgresException refusal => refusal.SqlState[..2] is "22" or "23" or "54",
        ArgumentException or InvalidCastException => true,
        _ => false,
    };

    public Exception Rejected(IReadOnlyList<EventRow> item, Exception error)
    {
        Log.Rejected(logger, item[0].SiteId, item[0].Type, (error as PostgresException)?.SqlState ?? error.GetType().Name);
        return new EventsRejectedException(error);
    }

    public Exception Unavailable(string why, int items, Exception? error)
    {
        if (items > 0)
        {
            Log.Unavailable(logger, items, error);
        }

        return new EventLogUnavailableException(why, error);
    }

    private static bool MayPass(NpgsqlException error) => error.IsTransient || error is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.CheckViolation
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
    };

    private static partial class Log
    {
        [LoggerMessage(2301, LogLevel.Warning, "Events of {Count} senders could not be committed; they were told to repeat them")]
        public static partial void Unavailable(ILogger logger, int count, Exception? error);

        [LoggerMessage(2302, LogLevel.Error, "Site {SiteId}: the database refuses events of type {Type} ({Rule})")]
        public static partial void Rejected(ILogger logger, string siteId, string type, string rule);
    }
}
