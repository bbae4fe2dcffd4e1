using Npgsql;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>What PostgreSQL is busy with: the first question when something waits in vain.</summary>
internal static class DatabaseSessions
{
    /// <summary>Every session in a transaction, the oldest first: who it is, what it waits for and for whom, and what it was asked last.</summary>
    public static async Task<IReadOnlyList<string>> InTransactionAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT format('%s %s, %s in transaction %s for %s s, waits for %s of [%s], since %s s: %s', application_name, pid, state, backend_xid,
                extract(epoch FROM clock_timestamp() - xact_start)::int, coalesce(wait_event_type || '/' || wait_event, 'nothing'),
                array_to_string(pg_blocking_pids(pid), ' '), extract(epoch FROM clock_timestamp() - state_change)::int,
                left(regexp_replace(query, '\s+', ' ', 'g'), 300))
            FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start
            """);
        await using var row = await command.ExecuteReaderAsync(ct);
        var sessions = new List<string>();
        while (await row.ReadAsync(ct))
        {
            sessions.Add(row.GetString(0));
        }

        return sessions;
    }
}
