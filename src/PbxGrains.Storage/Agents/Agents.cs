using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace PbxGrains.Storage.Agents;

/// <summary>A person of the CRM and the extension they call from.</summary>
/// <param name="AgentId">The CRM's id of the person.</param>
/// <param name="Name">For people; null when not given.</param>
/// <param name="SiteId">The site of the extension; it need not be registered yet.</param>
/// <param name="Extension">Number of the extension.</param>
/// <param name="Mobile">The person's mobile number; null when not given.</param>
public sealed record AgentRow(string AgentId, string? Name, string SiteId, string Extension, string? Mobile);

/// <summary>The CRM's agents: which extension of which site belongs to whom.</summary>
/// <param name="database">The migrated database.</param>
[SuppressMessage("Design", "MA0049", Justification = "The folder and the table are both simply the agents.")]
public sealed class Agents(NpgsqlDataSource database)
{
    private const string Columns = "agent_id, name, site_id, extension, mobile";

    private const string Upsert = """
        INSERT INTO pbx.agent (agent_id, name, site_id, extension, mobile)
        SELECT given.agent_id, given.name, given.site_id, given.extension, given.mobile
        FROM unnest($1, $2, $3, $4, $5) AS given(agent_id, name, site_id, extension, mobile)
        ON CONFLICT (agent_id) DO UPDATE
        SET name = excluded.name, site_id = excluded.site_id, extension = excluded.extension, mobile = excluded.mobile
        """;

    /// <summary>The agent with this id; null when there is none.</summary>
    public async Task<AgentRow?> FindAsync(string agentId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.agent WHERE agent_id = $1");
        command.Parameters.Text(agentId);
        return await command.FirstOrNullAsync(Read, ct);
    }

    /// <summary>All agents by id.</summary>
    public async Task<IReadOnlyList<AgentRow>> ListAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM pbx.agent ORDER BY agent_id");
        return await command.ListAsync(Read, ct);
    }

    /// <summary>Makes these all the agents there are, at once: readers see the old list or the new one.</summary>
    /// <returns>What that changed.</returns>
    /// <exception cref="PostgresException">A value breaks a rule of the table; nothing was changed.</exception>
    public Task<AgentChanges> ReplaceAllAsync(IReadOnlyList<AgentRow> agents, CancellationToken ct) => SaveAsync(agents, wholeSet: true, ct);

    /// <summary>Adds these agents or changes those that are there; the others stay.</summary>
    /// <returns>What that changed.</returns>
    /// <exception cref="PostgresException">A value breaks a rule of the table; nothing was changed.</exception>
    public Task<AgentChanges> UpsertAsync(IReadOnlyList<AgentRow> agents, CancellationToken ct) => SaveAsync(agents, wholeSet: false, ct);

    /// <summary>What saving these agents would change now.</summary>
    /// <param name="agents">The agents.</param>
    /// <param name="wholeSet">True when they are to be all there are.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<AgentChanges> PreviewAsync(IReadOnlyList<AgentRow> agents, bool wholeSet, CancellationToken ct) =>
        AgentChanges.Between(await ListAsync(ct), agents, wholeSet);

    /// <summary>Removes an agent.</summary>
    /// <returns>False when there was no such agent.</returns>
    public async Task<bool> DeleteAsync(string agentId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("DELETE FROM pbx.agent WHERE agent_id = $1");
        command.Parameters.Text(agentId);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    private async Task<AgentChanges> SaveAsync(IReadOnlyList<AgentRow> agents, bool wholeSet, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // Two lists sent at once must not end up mixed, nor told wrongly; readers do not mind this lock.
        await using var alone = new NpgsqlCommand("LOCK TABLE pbx.agent IN SHARE ROW EXCLUSIVE MODE", connection);
        await alone.ExecuteNonQueryAsync(ct);

        await using var read = new NpgsqlCommand($"SELECT {Columns} FROM pbx.agent ORDER BY agent_id", connection);
        var changes = AgentChanges.Between(await read.ListAsync(Read, ct), agents, wholeSet);

        await using var remove = new NpgsqlCommand("DELETE FROM pbx.agent WHERE agent_id = ANY ($1)", connection);
        remove.Parameters.Texts(changes.Removed.Select(agent => agent.AgentId));
        await remove.ExecuteNonQueryAsync(ct);

        await using var upsert = new NpgsqlCommand(Upsert, connection);
        Bind(upsert.Parameters, [.. changes.Added, .. changes.Changed.Select(change => change.After)]);
        await upsert.ExecuteNonQueryAsync(ct);

        await transaction.CommitAsync(ct);
        return changes;
    }

    private static void Bind(NpgsqlParameterCollection parameters, IReadOnlyList<AgentRow> agents) => parameters
        .Texts(agents.Select(agent => agent.AgentId))
        .Texts(agents.Select(agent => agent.Name))
        .Texts(agents.Select(agent => agent.SiteId))
        .Texts(agents.Select(agent => agent.Extension))
        .Texts(agents.Select(agent => agent.Mobile));

    private static AgentRow Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.TextOrNull(1), row.GetString(2), row.GetString(3), row.TextOrNull(4));
}
