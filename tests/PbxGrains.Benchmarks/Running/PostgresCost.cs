using Npgsql;
using PbxGrains.Testing;

namespace PbxGrains.Benchmarks.Running;

/// <summary>Finds the PostgreSQL server's process, so that its cost can be told, too.</summary>
internal static class PostgresCost
{
    /// <summary>The process all others of the server come from; null when it is not on this machine.</summary>
    public static async Task<int?> ProcessIdAsync(CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(await PostgresServer.ConnectionStringAsync());
        await using var command = database.CreateCommand("SELECT pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync(ct))!;
        return File.Exists($"/proc/{backend}/comm") && (await File.ReadAllTextAsync($"/proc/{backend}/comm", ct)).StartsWith("postgres", StringComparison.Ordinal)
            ? ProcessCost.ParentOf(backend)
            : null;
    }
}
