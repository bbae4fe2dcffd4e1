using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PbxGrains.Storage.Migrations;
using PbxGrains.Testing;

namespace PbxGrains.Hosting.Tests.Cluster;

public sealed class SiloStartTests : IAsyncLifetime
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("pbxgrains-keys-");
    private PostgresDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await PostgresDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _keys.Delete(recursive: true);
    }

    [Fact]
    public async Task Ten_silos_that_start_together_on_an_empty_database_form_one_cluster()
    {
        var hosts = Enumerable.Range(0, 10).Select(_ => Silo()).ToList();

        await Task.WhenAll(hosts.Select(h => h.StartAsync()));

        var management = hosts[0].Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        _ = await Eventually.Holds(async () => (await management.GetHosts(onlyActive: true)).Count == 10, "all ten are members");
        _keys.EnumerateFiles("key-*.xml").Should().ContainSingle("they agreed on one encryption key");

        await Task.WhenAll(hosts.Select(h => h.StopAsync()));
        hosts.ForEach(h => h.Dispose());
    }

    [Fact]
    public async Task A_pure_client_joins_and_reaches_the_actors()
    {
        using var silo = Silo();
        await silo.StartAsync();
        using var client = Build(asClient: true);
        await client.StartAsync();

        var site = client.Services.GetRequiredService<IGrainFactory>().GetGrain<Contracts.Sites.ISiteGrain>("site:nowhere");

        (await site.GetStatus()).RowVersion.Should().BeNull();
        await client.StopAsync();
        await silo.StopAsync();
    }

    [Fact]
    public async Task A_database_from_the_future_is_refused_with_a_sentence()
    {
        using (var first = Silo())
        {
            await first.StartAsync();
            await first.StopAsync();
        }

        await using (var database = NpgsqlDataSource.Create(_database.ConnectionString))
        await using (var command = database.CreateCommand("INSERT INTO pbx.schema_version (version, name, checksum) VALUES (9999, 'breaking_from_the_future', '')"))
        {
            _ = await command.ExecuteNonQueryAsync();
        }

        using var second = Silo();
        var start = () => second.StartAsync();
        (await start.Should().ThrowAsync<DatabaseTooNewException>()).Which.Message.Should().Contain("9999");
    }

    [Fact]
    public void Without_a_database_the_start_says_what_to_set()
    {
        var build = () => Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true }).AddPbxCluster();

        build.Should().Throw<StartRefusedException>().WithMessage("*ConnectionStrings__Pbx*");
    }

    [Fact]
    public void A_process_leaves_connections_for_the_others_unless_told_otherwise()
    {
        using var own = Storage.PbxDataSource.Create(_database.ConnectionString);
        using var told = Storage.PbxDataSource.Create(_database.ConnectionString + ";Maximum Pool Size=7");

        new NpgsqlConnectionStringBuilder(own.ConnectionString).MaxPoolSize.Should().Be(20);
        new NpgsqlConnectionStringBuilder(told.ConnectionString).MaxPoolSize.Should().Be(7);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Information", true)]
    public void The_platforms_chatter_is_logged_only_on_request(string? configured, bool logged)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Pbx"] = _database.ConnectionString, ["DataProtection:Folder"] = _keys.FullName, ["Recordings:Folder"] = Path.Combine(_keys.FullName, "recordings") });
        if (configured is not null)
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Logging:LogLevel:Orleans"] = configured });
        }

        builder.AddPbxCluster();
        using var host = builder.Build();
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();

        loggers.CreateLogger("Orleans.Runtime.Silo").IsEnabled(LogLevel.Information).Should().Be(logged);
        loggers.CreateLogger("PbxGrains.Grains.Sites.SiteGrain").IsEnabled(LogLevel.Information).Should().BeTrue();
    }

    private IHost Silo() => Build(asClient: false);

    private IHost Build(bool asClient)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Pbx"] = _database.ConnectionString + ";Maximum Pool Size=8",
            ["Cluster:SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["Cluster:GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["DataProtection:Folder"] = _keys.FullName,
            ["Recordings:Folder"] = Path.Combine(_keys.FullName, "recordings"),
        });
        builder.AddPbxCluster(asClient);
        return builder.Build();
    }
}
