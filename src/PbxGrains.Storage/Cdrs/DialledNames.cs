using Npgsql;

namespace PbxGrains.Storage.Cdrs;

/// <summary>
/// Finds for whom calls were dialled here: the agent, and the caller's own reference. For a whole commit at once, since
/// nearly every record asks and nearly none has one.
/// </summary>
internal static class DialledNames
{
    // The newest of each if a PBX used an id again.
    private const string Select = """
        SELECT DISTINCT ON (dialled.site_id, dialled.call_id) dialled.site_id, dialled.call_id, dialled.agent_id, dialled.reference
        FROM unnest($1, $2) AS given (site_id, call_id)
        JOIN pbx.originate AS dialled ON dialled.site_id = given.site_id AND dialled.call_id = given.call_id
        WHERE dialled.agent_id IS NOT NULL OR dialled.reference IS NOT NULL
        ORDER BY dialled.site_id, dialled.call_id, dialled.created_at DESC
        """;

    /// <summary>The same versions, with agent and reference where they lack them and their call was dialled here.</summary>
    public static async Task<IReadOnlyList<CallRecordRow>> NameAsync(NpgsqlConnection connection, IReadOnlyList<CallRecordRow> versions, CancellationToken ct)
    {
        var calls = versions.Where(LacksName).Select(Call).Distinct().ToList();
        if (calls.Count == 0)
        {
            return versions;
        }

        await using var command = new NpgsqlCommand(Select, connection);
        command.Parameters.Texts(calls.Select(call => call.Site)).Texts(calls.Select(call => call.Id));
        var names = await command.ListAsync(row => (Call: (row.GetString(0), row.GetString(1)), Agent: row.TextOrNull(2), Reference: row.TextOrNull(3)), ct);
        if (names.Count == 0)
        {
            return versions;
        }

        var known = names.ToDictionary(name => name.Call);
        return [.. versions.Select(version => LacksName(version) && known.TryGetValue(Call(version), out var name)
            ? version with { AgentId = version.AgentId ?? name.Agent, Reference = version.Reference ?? name.Reference }
            : version)];
    }

    private static bool LacksName(CallRecordRow version) => version.AgentId is null || version.Reference is null;

    private static (string Site, string Id) Call(CallRecordRow version) => (version.SiteId, version.CallId);
}
