using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;
using PbxGrains.Grains;
using PbxGrains.Grains.Placement;
using PbxGrains.Hosting.Clock;
using PbxGrains.Hosting.Cluster;
using PbxGrains.Hosting.Database;
using PbxGrains.Hosting.Recordings;
using PbxGrains.Hosting.Secrets;
using PbxGrains.Storage;

namespace PbxGrains.Hosting;

/// <summary>Makes a process part of the cluster.</summary>
public static class ClusterHosting
{
    private const string Invariant = "Npgsql";

    // Requests one actor has under way. A PBX that floods us with reports while the database is slow is told to come back
    // (it repeats what was not answered 200) before its site's actor fills the memory.
    private const int RequestsThatWorry = 1000;
    private const int RequestsRefused = 5000;

    /// <summary>
    /// What a process that was told to stop may take at most; usually it needs a second or two. Service managers should grant
    /// more before they kill it.
    /// </summary>
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(25);

    /// <summary>How often a silo reads the list of silos, gossip or not: one the others gave up as dead ends then.</summary>
    private static readonly TimeSpan HearsOfItsDeathWithin = TimeSpan.FromSeconds(15);

    /// <summary>What one actor may take to end: a round, a dial, a commit that is under way, and handing over or logging out.</summary>
    private static readonly TimeSpan ActorEndsWithin = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Adds everything a host shares with the others: configuration, database with migrations before anything else
    /// starts, secrets, telemetry, and the cluster itself, as a silo that hosts actors or as a pure client.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="asClient">True to join without hosting any actor.</param>
    /// <param name="kind">What it is there for, when it hosts actors.</param>
    /// <exception cref="StartRefusedException">The connection string <c>Pbx</c> is missing, or a setting cannot be used.</exception>
    public static IHostApplicationBuilder AddPbxCluster(this IHostApplicationBuilder builder, bool asClient = false, SiloKind kind = SiloKind.Front)
    {
        var connectionString = builder.Configuration.GetConnectionString("Pbx");
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new StartRefusedException("No database: set ConnectionStrings__Pbx to a PostgreSQL connection string, or start with ./scripts/run.sh, which brings its own.");
        }

        var settings = builder.Configuration.GetSection(ClusterSettings.Section).Get<ClusterSettings>() ?? new ClusterSettings();

        builder.Services.TryAddSingleton<TimeProvider>(_ => new SteadyTime(TimeProvider.System));
        builder.Services.AddSingleton(services => PbxDataSource.Create(connectionString, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddLogLevels();
        builder.Services.AddPbxStorage();
        builder.Services.AddPbxSecrets(builder.Configuration);
        builder.Services.AddRecordingVault(builder.Configuration);
        builder.Services.AddPbxHealth();
        builder.AddPbxTelemetry();
        builder.Services.AddHostedService<DatabaseStartup>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopsWithin);
        if (asClient)
        {
            builder.UseOrleansClient(client => client.JoinCluster(settings));
        }
        else
        {
            var place = SiloPlace.Of(settings, builder.Configuration);
            builder.UseOrleans(silo => silo.JoinCluster(settings, place));
            builder.Services.AddPbxGrains(builder.Configuration, kind);
        }

        return builder;
    }

    private static void JoinCluster(this IClientBuilder client, ClusterSettings settings)
    {
        client.Configure<ClusterOptions>(options => Identify(options, settings));
        client.UseAdoNetClustering(options => options.Configure<NpgsqlDataSource>((o, database) =>
        {
            o.Invariant = Invariant;
            o.DataSource = database;
        }));
        client.UseConnectionRetryFilter(async (_, ct) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            return true;
        });
        client.Configure<ClientMessagingOptions>(options => options.CancelRequestOnTimeout = true);
        client.AddActivityPropagation();
        client.AddDashboard(WithoutTrace);
    }

    private static void JoinCluster(this ISiloBuilder silo, ClusterSettings settings, SiloPlace place)
    {
        silo.Configure<ClusterOptions>(options => Identify(options, settings));
        place.Apply(silo);
        silo.UseAdoNetClustering(options => options.Configure<NpgsqlDataSource>((o, database) =>
        {
            o.Invariant = Invariant;
            o.DataSource = database;
        }));
        silo.AddAdoNetGrainStorageAsDefault(options => options.Configure<NpgsqlDataSource>((o, database) =>
        {
            o.Invariant = Invariant;
            o.DataSource = database;
        }));
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.UseAdoNetReminderService(options => options.Configure<NpgsqlDataSource>((o, database) =>
        {
            o.Invariant = Invariant;
            o.DataSource = database;
        }));
        silo.Configure<SiloMessagingOptions>(options =>
        {
            options.CancelRequestOnTimeout = true;
            options.MaxEnqueuedRequestsSoftLimit = RequestsThatWorry;
            options.MaxEnqueuedRequestsHardLimit = RequestsRefused;
        });
        silo.Configure<ClusterMembershipOptions>(options => options.TableRefreshTimeout = HearsOfItsDeathWithin);
        silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = ActorEndsWithin);
        silo.AddActivityPropagation();
        silo.AddDashboard(WithoutTrace);
    }

    /// <summary>Its live log would show what ours keeps for administrators of the machine.</summary>
    private static void WithoutTrace(DashboardOptions options) => options.HideTrace = true;

    private static void Identify(ClusterOptions options, ClusterSettings settings)
    {
        options.ClusterId = settings.ClusterId;
        options.ServiceId = settings.ServiceId;
    }
}
