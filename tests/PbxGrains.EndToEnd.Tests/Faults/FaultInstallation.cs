using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Npgsql;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// The product to be tormented: two workers and two fronts as processes, a PostgreSQL of its own, PBXs in several zones,
/// of both dialects, one with a clock that is wrong, one registered with a wrong password; and a link that can be broken
/// between the silos and each PBX, and between each silo and PostgreSQL.
/// </summary>
internal sealed class FaultInstallation : IAsyncDisposable
{
    private static readonly string[] Zones = ["Europe/Paris", "America/New_York", "Asia/Kolkata", "UTC"];
    private static readonly TimeSpan WrongClock = TimeSpan.FromMinutes(7);

    private readonly FaultOptions _options;
    private readonly DirectoryInfo _folder;
    private readonly List<FaultyLink> _pbxLinks = [];
    private FaultyHosts _hosts = null!;
    private WebhookSink _sink = null!;
    private SimulatedFleet _fleet = null!;
    private NpgsqlDataSource _database = null!;
    private DatabaseTrouble _databaseTrouble = null!;

    private FaultInstallation(FaultOptions options)
    {
        _options = options;
        _folder = options.Folder is { } folder ? Directory.CreateDirectory(folder) : Directory.CreateTempSubdirectory("pbxgrains-faults-");
        Postgres = new OwnPostgres(_folder.FullName);
    }

    public OwnPostgres Postgres { get; }

    /// <summary>The database, past all links.</summary>
    public NpgsqlDataSource Database => _database;

    public DatabaseTrouble DatabaseTrouble => _databaseTrouble;

    public ReportRelay Relay { get; } = new();

    public FaultyHosts Hosts => _hosts;

    public WebhookSink Sink => _sink;

    /// <summary>The PBXs; number i is the site <see cref="SiteOf" />. The one with the wrong password is not among them.</summary>
    public IReadOnlyList<SimulatedPbx> Pbxs => [.. _fleet.Pbxs.Take(_options.Sites)];

    /// <summary>The PBX that is registered with a wrong password.</summary>
    public SimulatedPbx Misregistered => _fleet.Pbxs[_options.Sites];

    /// <summary>Links to the PBXs, in their order.</summary>
    public IReadOnlyList<FaultyLink> PbxLinks => _pbxLinks;

    /// <summary>How far a PBX's clock is wrong when nobody steps it.</summary>
    public static TimeSpan UsualSkew(int index) => index == 1 ? WrongClock : TimeSpan.Zero;

    /// <summary>Site id of a PBX.</summary>
    public static string SiteOf(int index) => string.Create(CultureInfo.InvariantCulture, $"site-{index}");

    /// <summary>Starts everything and waits until each site is online.</summary>
    public static async Task<FaultInstallation> StartAsync(FaultOptions options)
    {
        var installation = new FaultInstallation(options);
        try
        {
            await installation.StartPartsAsync();
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable?[] parts = [_hosts, Relay, .. _pbxLinks, _fleet, _sink, _databaseTrouble, _database, Postgres];
        foreach (var part in parts.OfType<IAsyncDisposable>())
        {
            await part.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task StartPartsAsync()
    {
        var connectionString = await Postgres.StartAsync();
        _database = NpgsqlDataSource.Create(connectionString + $";Maximum Pool Size=10;Timeout=5;Command Timeout=30;Application Name={DatabaseTrouble.ApplicationName}");
        _databaseTrouble = new DatabaseTrouble(Postgres, connectionString);
        _sink = await WebhookSink.StartAsync();
        await StartFleetAsync();
        Relay.Records = new AcknowledgedRecords(_database);
        _hosts = new FaultyHosts(_folder.FullName, connectionString, Relay.Port);
        await _hosts.StartAsync();
        Relay.FrontPorts = _hosts.ReportPorts;
        using var subscribed = await _hosts.Fronts[0].PostAsJsonAsync(new Uri("/api/pbx/subscriptions", UriKind.Relative), new { url = _sink.Url });
        _ = subscribed.EnsureSuccessStatusCode();
        for (var i = 0; i <= _options.Sites; i++)
        {
            await RegisterAsync(i);
        }

        _ = await Eventually.Holds(IsOnlineAsync, "every site is online", _options.Patience);
    }

    private async Task<bool> IsOnlineAsync()
    {
        var health = await SiteBoard.ReadAsync(_hosts.Fronts[0], CancellationToken.None);
        return Enumerable.Range(0, _options.Sites).All(i => health.GetValueOrDefault(SiteOf(i)).Health == "online");
    }

    private async Task StartFleetAsync()
    {
        var plain = new FleetOptions
        {
            Sites = 0,
            Port = 0,
            Extensions = FaultPlan.Extensions,
            Seed = _options.Seed,
            RingTimeout = TimeSpan.FromSeconds(2),
            RingTime = new(TimeSpan.Zero, TimeSpan.FromSeconds(1)),
            TalkTime = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)),
            ReportRepeatInterval = TimeSpan.FromSeconds(1),
            ReportTimeout = TimeSpan.FromSeconds(5),
            ReportParallelism = 2,
        };
        _fleet = await SimulatedFleet.StartAsync(plain, TimeProvider.System, CancellationToken.None);
        for (var i = 0; i <= _options.Sites; i++)
        {
            var pbx = await _fleet.AddPbxAsync(plain with { TimeZone = Zones[i % Zones.Length] });
            pbx.Faults.ClockSkew = UsualSkew(i);
            _pbxLinks.Add(new FaultyLink(new IPEndPoint(IPAddress.Parse(pbx.Address.Host), pbx.Address.Port)));
        }
    }

    private async Task RegisterAsync(int index)
    {
        var pbx = _fleet.Pbxs[index];
        using var answer = await _hosts.Fronts[0].PutAsJsonAsync(new Uri($"/api/pbx/sites/{SiteOf(index)}", UriKind.Relative), new
        {
            name = SiteOf(index),
            address = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_pbxLinks[index].Port}"),
            userName = pbx.UserName,
            password = pbx == Misregistered ? "wrong" : pbx.Password,
            timeZone = pbx.TimeZone,
            certificatePins = new[] { pbx.CertificatePin },
        });
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }
}
