using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Orleans.Core.Internal;
using Orleans.TestingHost;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Placement;
using PbxGrains.Grains.Secrets;
using PbxGrains.Hosting;
using PbxGrains.Simulator;
using PbxGrains.Storage;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Commits;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Migrations;
using PbxGrains.Storage.Sites;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Tests.Cluster;

/// <summary>
/// A real silo on a real database, with simulated PBXs on real sockets. The clock of sites, sessions and PBXs is false:
/// it moves only when the test says so. The cluster's own clock is the real one.
/// </summary>
internal sealed class SiteLab : IAsyncDisposable
{
    private static readonly TimeSpan Unhurried = TimeSpan.FromDays(1);

    private readonly PostgresDatabase _database;
    private readonly Func<SiloKind, IHost> _build;
    private readonly List<IHost> _silos = [];
    private readonly DirectoryInfo _keys;
    private readonly ReportReceiver _receiver;
    private IHost _host = null!;

    private SiteLab(PostgresDatabase database, Func<SiloKind, IHost> build, SimulatedFleet fleet, FakeTimeProvider clock, DirectoryInfo keys, ReportReceiver receiver)
    {
        _database = database;
        _build = build;
        _keys = keys;
        _receiver = receiver;
        Fleet = fleet;
        Clock = clock;
    }

    public SimulatedFleet Fleet { get; }

    /// <summary>The silo that answers here.</summary>
    public IHost FirstSilo => _host;

    public FakeTimeProvider Clock { get; }

    public IGrainFactory Grains => Service<IGrainFactory>();

    public SiteRegistry Registry => Service<SiteRegistry>();

    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Runs a statement as somebody else's tooling would.</summary>
    public async Task SqlAsync(string statement)
    {
        await using var command = Service<NpgsqlDataSource>().CreateCommand(statement);
        _ = await command.ExecuteNonQueryAsync();
    }

    /// <summary>Number of rows in a table.</summary>
    public async Task<long> CountAsync(string table)
    {
        await using var command = Service<NpgsqlDataSource>().CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <param name="fleetOptions">The PBXs; one with five extensions by default.</param>
    /// <param name="silo">Changes the silo.</param>
    /// <param name="startsAt">What the clock shows first.</param>
    /// <param name="answersWithin">
    /// When a PBX's silence is taken for a failure. Long by default: the false clock runs far ahead of sockets and
    /// databases, and an answer that is under way is not late because a test is in a hurry.
    /// </param>
    /// <param name="first">Kind of the first silo.</param>
    public static async Task<SiteLab> StartAsync(FleetOptions? fleetOptions = null, Action<ISiloBuilder>? silo = null, DateTimeOffset? startsAt = null, TimeSpan? answersWithin = null, SiloKind first = SiloKind.Front)
    {
        var patience = (answersWithin ?? Unhurried).ToString();
        var clock = new FakeTimeProvider(startsAt ?? new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        var database = await PostgresDatabase.CreateAsync(MigrateAsync);
        var keys = Directory.CreateTempSubdirectory("pbxgrains-keys-");
        var options = fleetOptions ?? new FleetOptions { Sites = 1, Extensions = 5 };
        var fleet = await SimulatedFleet.StartAsync(options with { Port = 0, Https = false, ReportHostHasSpace = false }, clock, CancellationToken.None);
        var receiver = await ReportReceiver.StartAsync(clock);

        IHost Build(SiloKind kind) => BuildSilo(kind, database, keys, receiver, clock, patience, silo);
        var lab = new SiteLab(database, Build, fleet, clock, keys, receiver);
        lab._host = await lab.AddSiloAsync(first);
        receiver.Grains = lab.Service<IGrainFactory>();
        return lab;
    }

    /// <summary>Starts one more silo.</summary>
    public async Task<IHost> AddSiloAsync(SiloKind kind)
    {
        var host = _build(kind);
        _silos.Add(host);
        await host.StartAsync();
        return host;
    }

    /// <summary>Stops a silo as SIGTERM does. When it is the first one, another one answers from now on.</summary>
    public async Task StopSiloAsync(IHost silo)
    {
        _ = _silos.Remove(silo);
        if (silo == _host && _silos.Count > 0)
        {
            _host = _silos[0];
            _receiver.Grains = Grains;
        }

        await silo.StopAsync();
        silo.Dispose();
    }

    private static IHost BuildSilo(SiloKind kind, PostgresDatabase database, DirectoryInfo keys, ReportReceiver receiver, FakeTimeProvider clock, string patience, Action<ISiloBuilder>? silo)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Pbx"] = database.ConnectionString,
            ["Cluster:SiloPort"] = FreePort.Next().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Cluster:GatewayPort"] = FreePort.Next().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["DataProtection:Folder"] = keys.FullName,
            ["Recordings:Folder"] = Path.Combine(keys.FullName, "recordings"),
            ["Pbx:ReportAddress"] = receiver.Address,
            ["Pbx:ConnectTimeout"] = patience,
            ["Pbx:AnswerTimeout"] = patience,
        });
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddPbxCluster(kind: kind);
        builder.Services.AddSingleton(services => new CallRecordLedger(
            services.GetRequiredService<NpgsqlDataSource>(), clock, NullLogger<CallRecordLedger>.Instance, new GroupCommitOptions { AnswerLimit = Unhurried }));
        builder.Services.AddSingleton(services => new EventLog(
            services.GetRequiredService<NpgsqlDataSource>(), clock, NullLogger<EventLog>.Instance, new GroupCommitOptions { Writers = 1, AnswerLimit = Unhurried }));
        if (silo is not null)
        {
            builder.UseOrleans(silo);
        }

        builder.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        return builder.Build();
    }

    /// <summary>Registers a simulated PBX as a site.</summary>
    public async Task<ISiteGrain> RegisterAsync(string id, SimulatedPbx pbx, Func<SiteRow, SiteRow>? change = null)
    {
        var protector = _host.Services.GetRequiredService<ISecretProtector>();
        var row = new SiteRow
        {
            SiteId = id,
            Name = id,
            Address = pbx.Address.ToString(),
            UserName = pbx.UserName,
            PasswordCipher = protector.Protect(PbxPassword.FromPlainText(pbx.Password).Reveal()),
            TimeZone = pbx.TimeZone,
            AllowPlainHttp = true,
        };
        _ = await Registry.SaveAsync(change?.Invoke(row) ?? row, SiteSaveMode.CreateOrUpdate, CancellationToken.None);
        return Site(id);
    }

    public byte[] Cipher(string password) =>
        _host.Services.GetRequiredService<ISecretProtector>().Protect(PbxPassword.FromPlainText(password).Reveal());

    public ISiteGrain Site(string id) => Grains.GetGrain<ISiteGrain>(SiteId.Parse(id).GrainKey);

    /// <summary>Ends the activation of a site's actor and wakes another one.</summary>
    public async Task DeactivateAsync(string id)
    {
        await Site(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        _ = await Site(id).GetStatus();
    }

    public async Task<ExtensionView?> ExtensionAsync(string id, string number) =>
        await Grains.GetGrain<IExtensionGrain>(new ExtensionId(SiteId.Parse(id), ExtensionNumber.Parse(number)).GrainKey).Get();

    /// <summary>The whole ledger, newest first.</summary>
    public Task<IReadOnlyList<CallRecordRow>> LedgerAsync() =>
        Service<CallRecordReader>().ListAsync(CallRecordFilter.All, after: null, limit: 10_000, CancellationToken.None);

    /// <summary>Waits until a site's status is as wanted; the clock stands still.</summary>
    public async Task<SiteStatus> StatusAsync(string id, Func<SiteStatus, bool> wanted, string what)
    {
        SiteStatus? status = null;
        _ = await Eventually.Holds(async () => wanted(status = await Site(id).GetStatus()), what);
        return status!;
    }

    /// <summary>Waits for a condition while the clock runs fast.</summary>
    public async Task PassUntilAsync(Func<Task<bool>> condition, string what, TimeSpan? step = null)
    {
        _ = await Eventually.Holds(
            async () =>
            {
                Clock.Advance(step ?? TimeSpan.FromMilliseconds(100));
                return await condition();
            },
            what);
    }

    /// <summary>Moves the clock on in steps; after each the site's actor has had its turn.</summary>
    public async Task PassAsync(TimeSpan span, TimeSpan step, string id)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += step)
        {
            Clock.Advance(step);
            _ = await Site(id).GetStatus();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.ToList())
        {
            await StopSiloAsync(silo);
        }

        await _receiver.DisposeAsync();
        await Fleet.DisposeAsync();
        await _database.DisposeAsync();
        _keys.Delete(recursive: true);
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var database = PbxDataSource.Create(connectionString);
        _ = await new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(CancellationToken.None);
    }
}
