using Microsoft.Extensions.Logging;
using Npgsql;

namespace PbxGrains.Storage;

/// <summary>Makes the one pool of connections that a process uses for everything: our own SQL and that of Orleans.</summary>
public static class PbxDataSource
{
    private const int PreparedStatements = 64;

    /// <summary>PostgreSQL allows 100 connections by default: four processes share them and leave some for people.</summary>
    private const int Connections = 20;

    /// <summary>Seconds. Below the 30 s after which a grain call times out, so that the cause is seen and not its echo.</summary>
    private const int CommandTimeout = 20;

    /// <summary>
    /// What the server shall do when it hears no more of a process that lost its network or its power in the midst of a
    /// transaction: left open, it would hold back every event of all sites, and the records it touched, for two hours.
    /// </summary>
    private const string Abandonment = "-c idle_in_transaction_session_timeout=20s -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    /// <summary>
    /// Builds the data source. What the connection string leaves open is filled in: search path <c>orleans,pbx</c>
    /// (Orleans looks up its queries without a schema), 64 automatically prepared statements, a command time-out of 20 s,
    /// at most 20 connections and the application name <c>pbxgrains</c>. The server ends sessions that are silent for 20 s in a
    /// transaction, and those whose process does not answer for 30 s. Sessions are not reset between users: whoever
    /// changes one, by LISTEN or SET, puts it right again.
    /// </summary>
    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <param name="loggers">Where Npgsql logs; null for nowhere. Parameter values are never logged.</param>
    /// <returns>A data source that the caller disposes.</returns>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static NpgsqlDataSource Create(string connectionString, ILoggerFactory? loggers = null)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        var settings = builder.ConnectionStringBuilder;
        settings.SearchPath = WithOurSchemas(settings.SearchPath);
        settings.ApplicationName ??= "pbxgrains";

        // Of two values of one setting the later counts.
        settings.Options = $"{Abandonment} {settings.Options}".TrimEnd();
        if (!settings.ShouldSerialize("Max Auto Prepare"))
        {
            settings.MaxAutoPrepare = PreparedStatements;
        }

        if (!settings.ShouldSerialize("Command Timeout"))
        {
            settings.CommandTimeout = CommandTimeout;
        }

        if (!settings.ShouldSerialize("Maximum Pool Size"))
        {
            settings.MaxPoolSize = Connections;
        }

        // A reset is eight statements before the first of each user, more than most of what is asked costs itself.
        if (!settings.ShouldSerialize("No Reset On Close"))
        {
            settings.NoResetOnClose = true;
        }

        return builder.UseLoggerFactory(loggers).Build();
    }

    private static string WithOurSchemas(string? searchPath)
    {
        var path = (searchPath ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(',', path.Union(["orleans", "pbx"], StringComparer.Ordinal));
    }
}
