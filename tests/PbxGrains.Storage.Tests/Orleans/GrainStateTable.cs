namespace PbxGrains.Storage.Tests.Orleans;

/// <summary>What identifies one state of one grain.</summary>
public sealed record GrainKey(string? Extension, long N0 = 0, long N1 = 0, string State = "test-state", string Service = "service")
{
    /// <summary>Hash of the key; not a hash of anything here, so that collisions can be made.</summary>
    public int Hash { get; init; } = 4711;

    public int StateHash { get; init; } = -42;

    /// <summary>A key nobody else uses.</summary>
    public static GrainKey New() => new($"ext:{Guid.NewGuid():n}");
}

/// <summary>What is stored: no payload means cleared.</summary>
public sealed record StoredState(byte[]? Payload, int? Version);

/// <summary>Grain storage, spoken to like the persistence provider does.</summary>
public sealed class GrainStateTable(MigratedDatabase database)
{
    private readonly OrleansQueries _queries = new(database.Data);

    /// <summary>The state; null when there is no record.</summary>
    public async Task<StoredState?> ReadAsync(GrainKey key)
    {
        var rows = await _queries.RunAsync("ReadFromStorageKey", MigratedDatabase.Ct, Identity(key));
        rows.Should().HaveCountLessThanOrEqualTo(1);
        return rows.Select(row => new StoredState((byte[]?)row["PayloadBinary"], (int?)row["Version"])).SingleOrDefault();
    }

    /// <summary>The new version; null tells of a conflict.</summary>
    public async Task<int?> WriteAsync(GrainKey key, int? version, params byte[] payload) =>
        NewVersion(await _queries.RunAsync("WriteToStorageKey", MigratedDatabase.Ct, [.. Identity(key), Bound.Int("GrainStateVersion", version), Bound.Bytes("PayloadBinary", payload)]));

    /// <inheritdoc cref="WriteAsync" />
    public async Task<int?> ClearAsync(GrainKey key, int? version) =>
        NewVersion(await _queries.RunAsync("ClearStorageKey", MigratedDatabase.Ct, [.. Identity(key), Bound.Int("GrainStateVersion", version)]));

    /// <inheritdoc cref="WriteAsync" />
    public async Task<int?> DeleteAsync(GrainKey key, int? version) =>
        NewVersion(await _queries.RunAsync("DeleteStorageKey", MigratedDatabase.Ct, [.. Identity(key), Bound.Int("GrainStateVersion", version)]));

    /// <summary>How PostgreSQL goes about a read.</summary>
    public async Task<string> ExplainReadAsync(GrainKey key)
    {
        await using var explain = database.Data.CreateCommand("EXPLAIN " + (await _queries.TextsAsync(MigratedDatabase.Ct))["ReadFromStorageKey"]);
        OrleansQueries.Bind(explain, Identity(key));
        await using var reader = await explain.ExecuteReaderAsync(MigratedDatabase.Ct);
        var lines = new List<string>();
        while (await reader.ReadAsync(MigratedDatabase.Ct))
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }

    private static int? NewVersion(IReadOnlyList<IReadOnlyDictionary<string, object?>> rows)
    {
        rows.Should().HaveCountLessThanOrEqualTo(1);
        return rows.Select(row => (int?)row["NewGrainStateVersion"]).SingleOrDefault();
    }

    private static Bound[] Identity(GrainKey key) =>
    [
        Bound.Int("GrainIdHash", key.Hash), Bound.Long("GrainIdN0", key.N0), Bound.Long("GrainIdN1", key.N1), Bound.Text("GrainIdExtensionString", key.Extension),
        Bound.Int("GrainTypeHash", key.StateHash), Bound.Text("GrainTypeString", key.State), Bound.Text("ServiceId", key.Service),
    ];
}
