namespace PbxGrains.Storage.Tests.Orleans;

/// <summary>One silo's entry, as the clustering provider hands it over.</summary>
public sealed record Silo(string Address, int Port = 11111, int Generation = 500)
{
    public const int Created = 1, Joining = 2, Active = 3, ShuttingDown = 4, Stopping = 5, Dead = 6;

    public static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    public int Status { get; init; } = Joining;

    public int ProxyPort { get; init; } = 30000;

    public string? SuspectTimes { get; init; }

    public DateTime StartTime { get; init; } = Noon;

    public DateTime IAmAliveTime { get; init; } = Noon;
}

/// <summary>The membership of one cluster, spoken to like the clustering provider does.</summary>
public sealed class MembershipTable(MigratedDatabase database, string deploymentId)
{
    private readonly OrleansQueries _queries = new(database.Data);

    private Bound Deployment => Bound.Text("DeploymentId", deploymentId);

    public static async Task<MembershipTable> CreateAsync(MigratedDatabase database, params Silo[] silos)
    {
        var table = new MembershipTable(database, $"test-{Guid.NewGuid():n}");
        (await table.CreateVersionAsync()).Should().BeTrue();
        foreach (var silo in silos)
        {
            (await table.InsertAsync(silo, await table.VersionAsync())).Should().BeTrue();
        }

        return table;
    }

    public Task<bool> CreateVersionAsync() => _queries.DecideAsync("InsertMembershipVersionKey", MigratedDatabase.Ct, Deployment);

    public Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadAllAsync() => _queries.RunAsync("MembershipReadAllKey", MigratedDatabase.Ct, Deployment);

    public Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadRowAsync(Silo silo) =>
        _queries.RunAsync("MembershipReadRowKey", MigratedDatabase.Ct, Identity(silo));

    public async Task<int> VersionAsync() => (int)(await ReadAllAsync())[0]["Version"]!;

    public async Task<IReadOnlyList<string>> AddressesAsync() =>
        [.. (await ReadAllAsync()).Where(row => row["StartTime"] is not null).Select(row => (string)row["Address"]!)];

    public Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> GatewaysAsync() =>
        _queries.RunAsync("GatewaysQueryKey", MigratedDatabase.Ct, Deployment, Bound.Int("Status", Silo.Active));

    public Task<bool> InsertAsync(Silo silo, int version) => _queries.DecideAsync(
        "InsertMembershipKey", MigratedDatabase.Ct,
        [.. Identity(silo), Bound.Time("IAmAliveTime", silo.IAmAliveTime), Bound.Text("SiloName", "Silo_é"), Bound.Text("HostName", "host"),
         Bound.Time("StartTime", silo.StartTime), Bound.Int("Status", silo.Status), Bound.Int("ProxyPort", silo.ProxyPort), Bound.Int("Version", version)]);

    public Task<bool> UpdateAsync(Silo silo, int version) => _queries.DecideAsync(
        "UpdateMembershipKey", MigratedDatabase.Ct,
        [.. Identity(silo), Bound.Time("IAmAliveTime", silo.IAmAliveTime), Bound.Int("Status", silo.Status),
         Bound.Text("SuspectTimes", silo.SuspectTimes), Bound.Int("Version", version)]);

    public Task IAmAliveAsync(Silo silo) =>
        _queries.RunAsync("UpdateIAmAlivetimeKey", MigratedDatabase.Ct, [.. Identity(silo), Bound.Time("IAmAliveTime", silo.IAmAliveTime)]);

    public Task DeleteAllAsync() => _queries.RunAsync("DeleteMembershipTableEntriesKey", MigratedDatabase.Ct, Deployment);

    public Task CleanupAsync(DateTime cutOff) =>
        _queries.RunAsync("CleanupDefunctSiloEntriesKey", MigratedDatabase.Ct, Deployment, Bound.Time("IAmAliveTime", cutOff));

    public Task CleanupAsync(Silo silo) => _queries.RunAsync(
        "CleanupDefunctSiloEntryKey", MigratedDatabase.Ct,
        [.. Identity(silo), Bound.Text("SuspectTimes", silo.SuspectTimes), Bound.Time("StartTime", silo.StartTime), Bound.Time("IAmAliveTime", silo.IAmAliveTime)]);

    private Bound[] Identity(Silo silo) =>
        [Deployment, Bound.Text("Address", silo.Address), Bound.Int("Port", silo.Port), Bound.Int("Generation", silo.Generation)];
}
