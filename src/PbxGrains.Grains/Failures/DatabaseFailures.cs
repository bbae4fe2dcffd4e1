using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Contracts;

namespace PbxGrains.Grains.Failures;

/// <summary>
/// What the database driver throws stays in its silo: it cannot be written down for another one, and who called from there
/// would hear of a missing codec instead of a database that is away.
/// </summary>
internal sealed partial class DatabaseFailures(ILogger<DatabaseFailures> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (NpgsqlException e) when (context.Grain?.GetType().Assembly == typeof(DatabaseFailures).Assembly)
        {
            var isAway = e.IsTransient || e.InnerException is TimeoutException;
            if (!isAway)
            {
                Log.Refused(logger, context.TargetId, context.MethodName, e);
            }

            throw Told(e, isAway);
        }
    }

    /// <summary>What crosses: the driver's exception is left behind, also as a cause.</summary>
    private static Exception Told(NpgsqlException e, bool isAway) => isAway
        ? new DatabaseUnavailableException(e.Message)
        : new InvalidOperationException($"The database refused what an actor asked for: {e.SqlState ?? e.GetType().Name}.");

    private static partial class Log
    {
        [LoggerMessage(90, LogLevel.Error, "Actor {Actor}: the database refused what {Method} asked for")]
        public static partial void Refused(ILogger logger, GrainId actor, string method, Exception exception);
    }
}
